/** JMH benchmarks of the kernels, each beside the naive way to do the same. */
package io.github.ltxjava.benchmarks.kernels;

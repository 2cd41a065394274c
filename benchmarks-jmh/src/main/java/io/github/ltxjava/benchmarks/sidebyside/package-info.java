/** The same work done by this library and by the Go implementation, alternating in one run. */
package io.github.ltxjava.benchmarks.sidebyside;

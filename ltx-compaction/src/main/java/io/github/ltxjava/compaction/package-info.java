/** Merging LTX files. */
package io.github.ltxjava.compaction;

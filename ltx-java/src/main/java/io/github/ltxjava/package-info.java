/** Reads, writes, indexes and verifies LTX files. */
package io.github.ltxjava;

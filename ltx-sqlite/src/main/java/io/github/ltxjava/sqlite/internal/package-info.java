/** The write-ahead log as bytes, for the modules of this project. */
package io.github.ltxjava.sqlite.internal;

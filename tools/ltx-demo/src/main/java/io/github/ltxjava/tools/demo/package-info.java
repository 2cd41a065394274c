/** A tour of the library on a real SQLite database; {@code bin/try} starts it. */
@NullMarked
package io.github.ltxjava.tools.demo;

import org.jspecify.annotations.NullMarked;

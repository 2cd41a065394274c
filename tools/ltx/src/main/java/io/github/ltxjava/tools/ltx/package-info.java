/** The ltx command and its subcommands. */
@org.jspecify.annotations.NullMarked
package io.github.ltxjava.tools.ltx;

/** The ltx-verify command. */
@org.jspecify.annotations.NullMarked
package io.github.ltxjava.tools.verify;

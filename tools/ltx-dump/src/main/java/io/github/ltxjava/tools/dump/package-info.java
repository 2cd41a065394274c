/** The ltx-dump command. */
@org.jspecify.annotations.NullMarked
package io.github.ltxjava.tools.dump;

/** What the commands share: exit codes, output, JSON, error texts. */
@org.jspecify.annotations.NullMarked
package io.github.ltxjava.tools.cli;

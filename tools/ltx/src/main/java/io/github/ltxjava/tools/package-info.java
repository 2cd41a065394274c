/** Where the ltx command starts. */
@org.jspecify.annotations.NullMarked
package io.github.ltxjava.tools;

/** The two interfaces that an adapter implements: where bytes come from and where they go. */
package io.github.ltxjava.io;

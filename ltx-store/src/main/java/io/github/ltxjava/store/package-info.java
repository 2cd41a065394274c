/** The store interface, its directory implementation and its in-memory implementation. */
package io.github.ltxjava.store;

/** The store interface, its directory and in-memory implementations, and leases on a store. */
package io.github.ltxjava.store;

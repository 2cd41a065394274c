/** Follows a live SQLite database's WAL and keeps stores up to date with it. */
package io.github.ltxjava.replica;

/** Snapshots of SQLite databases, and LTX files applied to them. */
package io.github.ltxjava.sqlite;

/**
 * Keeps a live SQLite database replicated into one or more stores.
 *
 * <p>Start with {@link io.github.ltxjava.replica.Replica}.
 */
@org.jspecify.annotations.NullMarked
module io.github.ltxjava.replica {
  requires transitive io.github.ltxjava;
  requires transitive io.github.ltxjava.compaction;
  requires transitive io.github.ltxjava.store;
  requires io.github.ltxjava.sqlite;
  requires java.sql;
  requires org.xerial.sqlitejdbc;
  requires static org.jspecify;

  exports io.github.ltxjava.replica;
}

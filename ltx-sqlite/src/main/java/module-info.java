/**
 * SQLite's own files: the database header, the WAL and the rollback journal; consistent snapshots
 * of a database, live or not; applying LTX files to a database.
 *
 * <p>Start with {@link io.github.ltxjava.sqlite.SqliteSnapshot}, {@link
 * io.github.ltxjava.sqlite.SnapshotEncoder} and {@link io.github.ltxjava.sqlite.DatabaseApplier}.
 */
@org.jspecify.annotations.NullMarked
module io.github.ltxjava.sqlite {
  requires transitive io.github.ltxjava;
  requires static org.jspecify;

  exports io.github.ltxjava.sqlite;
  exports io.github.ltxjava.sqlite.internal to
      io.github.ltxjava.generations,
      io.github.ltxjava.replica;
}

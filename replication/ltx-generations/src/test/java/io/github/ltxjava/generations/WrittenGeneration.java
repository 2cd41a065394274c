package io.github.ltxjava.generations;

import io.github.ltxjava.internal.lz4.Lz4FrameOutput;
import io.github.ltxjava.store.generations.GenerationFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A generation as Litestream 0.3 writes it, of a database that SQLite writes: what SQLite has put
 * into a WAL is cut into pieces before SQLite checkpoints it.
 */
final class WrittenGeneration implements AutoCloseable {

  static final String ID = "00112233445566aa";
  static final Instant START = Instant.parse("2026-11-25T12:00:00Z");

  final Path root;
  private final Path database;
  private final Connection connection;
  private final Random random = new Random(7);

  /** The database after each file, as far as it is known; null within a WAL. */
  final List<byte[]> states = new ArrayList<>();

  final List<Path> files = new ArrayList<>();
  private int index;

  WrittenGeneration(Path folder, int pageSize) throws IOException, SQLException {
    root = folder.resolve("replica");
    database = Files.createDirectories(folder.resolve("live")).resolve("db");
    connection = DriverManager.getConnection("jdbc:sqlite:" + database);
    sql(
        "pragma page_size=" + pageSize,
        "pragma journal_mode=wal",
        "pragma wal_autocheckpoint=0",
        "create table t (id integer primary key, x)",
        insert(50));
    checkpoint();
    snapshot();
  }

  static String insert(int rows) {
    return "with recursive n(i) as (select 1 union all select i + 1 from n where i < "
        + rows
        + ") insert into t (x) select randomblob(300) from n";
  }

  void sql(String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private void checkpoint() throws SQLException {
    sql("pragma wal_checkpoint(truncate)");
  }

  /** Writes a snapshot for the WAL that comes next. */
  void snapshot() throws IOException {
    byte[] state = Files.readAllBytes(database);
    add("snapshots/%08x.snapshot.lz4".formatted(index), state, state);
  }

  /** Runs statements, and writes their WAL in this many pieces. */
  void wal(int pieces, String... statements) throws IOException, SQLException {
    sql(statements);
    byte[] wal = Files.readAllBytes(database.resolveSibling("db-wal"));
    checkpoint();
    int at = 0;
    for (int i = 0; i < pieces; i++) {
      int end = i == pieces - 1 ? wal.length : at + random.nextInt((wal.length - at) / 2);
      add(
          "wal/%08x_%08x.wal.lz4".formatted(index, at),
          Arrays.copyOfRange(wal, at, end),
          i == pieces - 1 ? Files.readAllBytes(database) : new byte[0]);
      at = end;
    }
    index++;
  }

  private void add(String name, byte[] content, byte[] state) throws IOException {
    Path file = root.resolve(GenerationFile.FOLDER).resolve(ID).resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, compress(content));
    Files.setLastModifiedTime(file, FileTime.from(START.plusSeconds(files.size())));
    files.add(file);
    states.add(state);
  }

  static byte[] compress(byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Lz4FrameOutput frame = new Lz4FrameOutput(out::write);
    frame.write(content, 0, content.length);
    frame.finish();
    return out.toByteArray();
  }

  /** Snapshots and WALs, whole and in pieces; the database shrinks and grows back. */
  static WrittenGeneration of(Path folder, int pageSize) throws IOException, SQLException {
    WrittenGeneration generation = new WrittenGeneration(folder, pageSize);
    generation.wal(1, insert(30), "update t set x = randomblob(200) where id % 7 = 0");
    generation.wal(3, "delete from t where id > 10", "vacuum", insert(3));
    generation.snapshot();
    generation.wal(1, insert(80));
    generation.wal(4, insert(40), "create index i on t (x)", "drop index i", insert(1));
    return generation;
  }

  byte[] latest() {
    return states.get(states.size() - 1);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}

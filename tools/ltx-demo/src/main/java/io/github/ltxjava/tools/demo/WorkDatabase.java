package io.github.ltxjava.tools.demo;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The SQLite database that the demo changes: one that SQLite makes on the spot, or a copy of the
 * user's.
 *
 * <p>In rollback-journal mode, so that between two transactions the file holds everything.
 */
final class WorkDatabase implements Closeable {

  /** Where SQLite keeps the page size: two bytes, big-endian; 1 stands for 65,536. */
  private static final int PAGE_SIZE_OFFSET = 16;

  private final Path file;
  private final Connection connection;

  private WorkDatabase(Path file, Connection connection) {
    this.file = file;
    this.connection = connection;
  }

  /** Makes a database with some notes in it. */
  static WorkDatabase create(Path file) throws SQLException {
    WorkDatabase database = open(file);
    database.execute(
        "create table note(id integer primary key, topic text, body text)",
        "create index note_by_topic on note(topic)",
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 2000)"
            + " insert into note select i, 'topic ' || (i % 40),"
            + " 'note ' || i || ' ' || hex(randomblob(40)) from n");
    return database;
  }

  /** Copies a database with SQLite's own backup, which takes one moment of it; it is only read. */
  static WorkDatabase copyOf(Path original, Path file) throws SQLException {
    String uri = "jdbc:sqlite:" + original.toUri().toString().replaceFirst("^file:/+", "file:///");
    try (Connection source = DriverManager.getConnection(uri + "?mode=ro");
        Statement statement = source.createStatement()) {
      statement.executeUpdate("backup to '" + file.toString().replace("'", "''") + "'");
    }
    return open(file);
  }

  private static WorkDatabase open(Path file) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    WorkDatabase database = new WorkDatabase(file, connection);
    database.execute("pragma journal_mode = delete");
    return database;
  }

  /** Runs each statement as a transaction of its own. */
  void execute(String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** Copies the file as it is between two transactions. */
  Path saveAs(Path copy) throws IOException {
    return Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
  }

  int pageSize() throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      in.seek(PAGE_SIZE_OFFSET);
      int stored = in.readUnsignedShort();
      return stored == 1 ? 65_536 : stored;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }
}

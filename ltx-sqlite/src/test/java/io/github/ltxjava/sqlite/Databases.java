package io.github.ltxjava.sqlite;

import io.github.ltxjava.LtxReader;
import io.github.ltxjava.io.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Databases made and read by SQLite itself. */
final class Databases {

  private Databases() {}

  static Connection connect(Path database) throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + database);
  }

  /** Runs statements on a connection of their own. */
  static void run(Path database, String... statements) throws SQLException {
    try (Connection connection = connect(database)) {
      run(connection, statements);
    }
  }

  static void run(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** A statement that adds rows of random bytes to the column x of table t. */
  static String insert(int rows, int bytes) {
    return "with recursive n(i) as (select 1 union all select i + 1 from n where i < "
        + rows
        + ") insert into t (x) select randomblob("
        + bytes
        + ") from n";
  }

  static String query(Path database, String sql) throws SQLException {
    try (Connection connection = connect(database)) {
      return query(connection, sql);
    }
  }

  static String query(Connection connection, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        rows.add(result.getString(1));
      }
    }
    return String.join("\n", rows);
  }

  static String integrity(Path database) throws SQLException {
    return query(database, "pragma integrity_check");
  }

  /** All bytes of a source. */
  static byte[] bytes(ByteSource source) throws IOException {
    ByteBuffer all = ByteBuffer.allocate((int) source.size());
    source.readFully(0, all);
    return all.array();
  }

  static byte[] snapshot(Path database) throws IOException {
    try (SqliteSnapshot snapshot = SqliteSnapshot.open(database)) {
      return bytes(snapshot.asSource());
    }
  }

  /** Writes the pages of an LTX snapshot to a new file, the plainest way. */
  static void restore(Path ltx, Path database) throws IOException {
    try (LtxReader reader = LtxReader.open(ByteSource.open(ltx));
        FileChannel file =
            FileChannel.open(database, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      while (reader.next()) {
        file.write(reader.page(), (reader.pageNumber() - 1) * reader.header().pageSize());
      }
    }
  }

  /** Copies a database with its WAL, as a crash would leave them: without the wal-index. */
  static Path copyWithWal(Path database, Path folder) throws IOException {
    Path copy = Files.createDirectories(folder).resolve("copy.db");
    Files.copy(database, copy);
    Files.copy(wal(database), wal(copy));
    return copy;
  }

  static Path wal(Path database) {
    return database.resolveSibling(database.getFileName() + "-wal");
  }

  static Path journal(Path database) {
    return database.resolveSibling(database.getFileName() + "-journal");
  }
}

package io.github.ltxjava.tools.ltx;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** Databases that SQLite makes. */
final class Databases {

  private Databases() {}

  /** Makes a database of a few pages without a WAL. */
  static void small(Path file) throws IOException {
    execute(
        file,
        "CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT)",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)"
            + " INSERT INTO t SELECT i, 'row ' || i FROM n");
  }

  /** Runs statements. */
  static void execute(Path file, String... statements) throws IOException {
    try (Connection connection = open(file);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  /** Opens a connection. */
  static Connection open(Path file) throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + file);
  }
}

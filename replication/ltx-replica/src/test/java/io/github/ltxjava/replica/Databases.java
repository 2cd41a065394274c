package io.github.ltxjava.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;

/** Databases for tests. */
final class Databases {

  /** Fills the table. */
  static final String ROWS =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<500)"
          + " INSERT INTO t(k, v) SELECT 0, randomblob(50) FROM n";

  private Databases() {}

  static Connection connect(Path database) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
    run(connection, "PRAGMA busy_timeout=10000");
    return connection;
  }

  /** Makes a database in WAL mode with a table of rows, and an index to be wrong about. */
  static Connection create(Path database, int pageSize) throws SQLException {
    Connection connection = connect(database);
    run(
        connection,
        "PRAGMA page_size=" + pageSize,
        "PRAGMA auto_vacuum=INCREMENTAL",
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=OFF",
        "CREATE TABLE t(id INTEGER PRIMARY KEY, k INT, v BLOB)",
        "CREATE INDEX tk ON t(k)");
    return connection;
  }

  static void run(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  static String query(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      StringBuilder text = new StringBuilder();
      while (rows.next()) {
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          text.append(rows.getString(i)).append('|');
        }
        text.append('\n');
      }
      return text.toString();
    }
  }

  /** Everything that the database says. */
  static String content(Connection connection) throws SQLException {
    return query(connection, "SELECT type, name, sql FROM sqlite_schema ORDER BY name")
        + query(connection, "SELECT id, k, hex(v) FROM t ORDER BY id")
        + query(connection, "PRAGMA user_version");
  }

  /** The content of a database file that is not in use; it has to be sound. */
  static String contentOf(Path file) throws SQLException {
    try (Connection connection = connect(file)) {
      assertThat(query(connection, "PRAGMA integrity_check")).isEqualTo("ok|\n");
      return content(connection);
    }
  }

  /** Some transaction or other. */
  static String[] randomTransaction(Random random) {
    int rows = 1 + random.nextInt(random.nextInt(10) == 0 ? 400 : 20);
    int size = 10 + random.nextInt(900);
    String insert =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<"
            + rows
            + ") INSERT INTO t(k, v) SELECT abs(random()%1000), randomblob("
            + size
            + ") FROM n";
    int share = 2 + random.nextInt(20);
    return switch (random.nextInt(8)) {
      case 0 -> new String[] {"DELETE FROM t WHERE id % " + share + " = 0"};
      case 1 -> new String[] {"UPDATE t SET k = k + 1 WHERE id % " + share + " = 0"};
      case 2 -> new String[] {"BEGIN", insert, "DELETE FROM t WHERE id % 3 = 1", "COMMIT"};
      case 3 -> new String[] {"PRAGMA incremental_vacuum(" + random.nextInt(50) + ")"};
      default -> new String[] {insert};
    };
  }
}

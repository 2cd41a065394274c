package io.github.ltxjava.replica;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteOpenMode;

/** A connection of SQLite's that takes part in its locking and writes nothing to the database. */
final class SqliteConnection implements Closeable {

  /**
   * How far a WAL is, by the wal-index.
   *
   * @param total frames that count; 0 if the WAL starts over with the next transaction, -1 if a
   *     checkpoint found somebody else at it
   * @param backfilled frames of those that are in the database file
   */
  record WalFrames(int total, int backfilled) {
    boolean allBackfilled() {
      return total >= 0 && total == backfilled;
    }
  }

  private static final int CACHE_PAGES = 4;
  private static final int PRIMARY_CODE = 0xff;
  private static final int LOOKS = 10_000;
  private static final long LOOK_AGAIN_NANOS = 50_000;

  private final Path database;
  private final Connection connection;
  private final Map<String, PreparedStatement> statements = new HashMap<>();

  private SqliteConnection(Path database, Connection connection) {
    this.database = database;
    this.connection = connection;
  }

  /**
   * Opens a database that exists.
   *
   * @param busyTimeout how long SQLite itself waits for a lock
   */
  static SqliteConnection open(Path database, Duration busyTimeout) throws IOException {
    SQLiteConfig config = new SQLiteConfig();
    config.resetOpenMode(SQLiteOpenMode.CREATE);
    config.setBusyTimeout((int) busyTimeout.toMillis());
    config.setCacheSize(CACHE_PAGES);
    try {
      Connection connection = config.createConnection("jdbc:sqlite:" + database);
      SqliteConnection result = new SqliteConnection(database, connection);
      try {
        result.execute("PRAGMA wal_autocheckpoint=0");
      } catch (Throwable e) {
        connection.close();
        throw e;
      }
      return result;
    } catch (SQLException e) {
      throw failure(database, "open", e);
    }
  }

  /** Runs a statement, whatever it returns. */
  void execute(String sql) throws IOException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw failure(database, sql, e);
    }
  }

  /** Runs a query and returns its first value as text. */
  String query(String sql) throws IOException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? String.valueOf(rows.getString(1)) : "";
    } catch (SQLException e) {
      throw failure(database, sql, e);
    }
  }

  /** Starts a read transaction: a snapshot of now that stays until {@link #end}. */
  void beginRead() throws IOException {
    run("BEGIN");
    try {
      // Needs no schema, so that none is kept in memory.
      queryLong("PRAGMA user_version");
    } catch (Throwable e) {
      end();
      throw e;
    }
  }

  /** Takes the write lock; false if somebody else has it. Nothing is ever written. */
  boolean tryBeginWrite() throws IOException {
    try {
      prepared("BEGIN IMMEDIATE").execute();
      return true;
    } catch (SQLException e) {
      if (isBusy(e)) {
        return false;
      }
      throw failure(database, "BEGIN IMMEDIATE", e);
    }
  }

  /** Ends a transaction. */
  void end() throws IOException {
    run("ROLLBACK");
  }

  /** Returns the size of the database in pages, in the transaction that is open. */
  long pageCount() throws IOException {
    return queryLong("PRAGMA page_count");
  }

  /** Returns the size of a page in bytes. */
  int pageSize() throws IOException {
    return (int) queryLong("PRAGMA page_size");
  }

  /** Looks at the WAL without changing anything; not within a transaction. */
  WalFrames frames() throws IOException {
    for (int i = 0; i < LOOKS; i++) {
      WalFrames frames = checkpoint("PRAGMA wal_checkpoint(NOOP)");
      if (frames.total() >= 0) {
        return frames;
      }
      // A writer was just changing the header of the wal-index.
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
    throw new IOException("[" + database + "] is busy: the wal-index cannot be read");
  }

  /** Copies what nobody else reads from the WAL to the database file; waits for nobody. */
  WalFrames checkpointPassive() throws IOException {
    return checkpoint("PRAGMA wal_checkpoint(PASSIVE)");
  }

  /** Cuts the WAL to nothing, if all is backfilled and no reader needs it. */
  WalFrames checkpointTruncate() throws IOException {
    return checkpoint("PRAGMA wal_checkpoint(TRUNCATE)");
  }

  private WalFrames checkpoint(String sql) throws IOException {
    try (ResultSet rows = prepared(sql).executeQuery()) {
      if (!rows.next()) {
        throw new IOException("[" + database + "] " + sql + " gave no row");
      }
      return new WalFrames(rows.getInt(2), rows.getInt(3));
    } catch (SQLException e) {
      throw failure(database, sql, e);
    }
  }

  private long queryLong(String sql) throws IOException {
    try (ResultSet rows = prepared(sql).executeQuery()) {
      return rows.next() ? rows.getLong(1) : 0;
    } catch (SQLException e) {
      throw failure(database, sql, e);
    }
  }

  private void run(String sql) throws IOException {
    try {
      prepared(sql).execute();
    } catch (SQLException e) {
      throw failure(database, sql, e);
    }
  }

  private PreparedStatement prepared(String sql) throws SQLException {
    PreparedStatement statement = statements.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      statements.put(sql, statement);
    }
    return statement;
  }

  private static boolean isBusy(SQLException e) {
    int code = e.getErrorCode() & PRIMARY_CODE;
    return code == SQLiteErrorCode.SQLITE_BUSY.code || code == SQLiteErrorCode.SQLITE_LOCKED.code;
  }

  private static IOException failure(Path database, String what, SQLException e) {
    return new IOException("[" + database + "] " + what + ": " + e.getMessage(), e);
  }

  @Override
  public void close() throws IOException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw failure(database, "close", e);
    }
  }
}

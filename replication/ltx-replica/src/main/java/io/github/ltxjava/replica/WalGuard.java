package io.github.ltxjava.replica;

import io.github.ltxjava.internal.io.Closing;
import io.github.ltxjava.replica.SqliteConnection.WalFrames;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the frames of a WAL from being overwritten before they are captured, by read transactions
 * on two connections in turn.
 *
 * <p>A writer starts the WAL over only if every frame is in the database file and no reader has a
 * mark in the WAL. A transaction that began while frames were missing in the file has a mark: as
 * long as it lasts, the WAL is not started over. One that began when none was missing has no mark
 * but keeps everybody from copying to the file: the WAL may be started over once, and the new
 * frames, which are not copied, stay. So no frame after the beginning of the transaction is ever
 * overwritten while it lasts. Before it ends, the next one has begun, and its owner has captured
 * everything that was committed by then.
 *
 * <p>Belongs to one thread at a time.
 */
final class WalGuard implements Closeable {

  private static final int READERS = 2;

  private final SqliteConnection[] readers = new SqliteConnection[READERS];
  private final Path database;

  /** For the write lock, and to look while both readers have a transaction; null until needed. */
  private @Nullable SqliteConnection control;

  /** Which of the readers holds the transaction. */
  private int holder;

  private boolean hopping;
  private boolean writersBlocked;

  private WalGuard(Path database, SqliteConnection first, SqliteConnection second) {
    this.database = database;
    readers[0] = first;
    readers[1] = second;
  }

  /**
   * Opens the connections, puts the database into WAL mode, and begins the first transaction.
   *
   * @param busyTimeout how long to wait for a lock while opening
   * @throws IOException if SQLite cannot do that
   */
  static WalGuard open(Path database, Duration busyTimeout) throws IOException {
    SqliteConnection first = SqliteConnection.open(database, busyTimeout);
    List<SqliteConnection> opened = new ArrayList<>(List.of(first));
    try {
      String mode = first.query("PRAGMA journal_mode=WAL");
      if (!mode.equalsIgnoreCase("wal")) {
        throw new IOException("[" + database + "] cannot be put into WAL mode, it stays " + mode);
      }
      first.beginRead();
      SqliteConnection second = SqliteConnection.open(database, busyTimeout);
      opened.add(second);
      return new WalGuard(database, first, second);
    } catch (Throwable e) {
      Closing.afterFailure(e, opened);
      throw e;
    }
  }

  private SqliteConnection other() {
    return readers[1 - holder];
  }

  /** A connection that has no transaction. */
  private SqliteConnection idle() throws IOException {
    return hopping ? control() : other();
  }

  private SqliteConnection control() throws IOException {
    SqliteConnection opened = control;
    if (opened == null) {
      opened = SqliteConnection.open(database, Duration.ZERO);
      control = opened;
    }
    return opened;
  }

  /** Closes the connection that is needed only while there are changes. */
  void relax() throws IOException {
    SqliteConnection opened = control;
    if (opened != null && !writersBlocked) {
      control = null;
      opened.close();
    }
  }

  /** Returns the size in pages of the database at the beginning of the transaction. */
  long pageCount() throws IOException {
    return readers[holder].pageCount();
  }

  /** Returns the size of a page in bytes. */
  int pageSize() throws IOException {
    return readers[holder].pageSize();
  }

  /** Tells how far the WAL is; while writers are blocked, not within a hop. */
  WalFrames frames() throws IOException {
    return idle().frames();
  }

  /** Begins the next transaction while the one before lasts. */
  void beginHop() throws IOException {
    other().beginRead();
    hopping = true;
  }

  /** Ends the one before. Everything committed before {@link #beginHop} has been captured. */
  void endHop() throws IOException {
    SqliteConnection before = readers[holder];
    holder = 1 - holder;
    hopping = false;
    before.end();
  }

  /** Ends the next transaction instead, and stays with the one before. */
  void cancelHop() throws IOException {
    if (hopping) {
      hopping = false;
      other().end();
    }
  }

  /** Copies what may be copied to the database file. */
  WalFrames checkpoint() throws IOException {
    return idle().checkpointPassive();
  }

  /** Cuts the WAL if it has nothing that the file lacks. */
  void truncate() throws IOException {
    control().checkpointTruncate();
  }

  /** Keeps everybody from committing; false if somebody is about to. */
  boolean tryBlockWriters() throws IOException {
    writersBlocked = control().tryBeginWrite();
    return writersBlocked;
  }

  /** Lets others commit again. */
  void unblockWriters() throws IOException {
    if (writersBlocked) {
      writersBlocked = false;
      control().end();
    }
  }

  @Override
  public void close() throws IOException {
    hopping = false;
    writersBlocked = false;
    // The holder last: until then nobody else is the last one to close, who removes the WAL.
    Closing.all(this::relax, other(), readers[holder]);
  }
}

package io.github.ltxjava.sqlite;

import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.io.ByteSource;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One committed state of a database, as SQLite sees it, kept as it is until closed; other processes
 * may use the database meanwhile.
 *
 * {@snippet :
 * try (SqliteSnapshot snapshot = SqliteSnapshot.open(Path.of("app.db"))) {
 *   SnapshotEncoder.of(snapshot).writeTo(ByteSink.atomic(Path.of("app.ltx")));
 * }
 * }
 *
 * <p>How it is kept, by the locks that SQLite itself uses:
 *
 * <ul>
 *   <li>A database with a rollback journal: SHARED, as any reader has it. Writers can prepare a
 *       transaction but not commit it before this is closed.
 *   <li>A database in WAL mode that another process has open: the checkpoint lock, and a reader's
 *       place in the WAL. Writers and readers go on; checkpoints are "busy" and the WAL grows.
 *   <li>A database in WAL mode that nobody has open: EXCLUSIVE. What a WAL left behind holds is
 *       read as SQLite would recover it; who opens the database has to wait.
 * </ul>
 *
 * <p><b>Not for a database that this process has open.</b> POSIX locks do not work within a
 * process, and closing any descriptor of a file drops all its locks: where this can be seen the
 * database is refused, elsewhere it is on the caller, who must neither open it by SQLite before
 * closing this, nor open and close its files in any other way. Only local file systems of Linux and
 * macOS are meant.
 *
 * <p>Reading is safe for many threads.
 */
public final class SqliteSnapshot implements Closeable {

  private final DatabaseFile file;
  private final @Nullable WalIndex index;
  private final WalState state;
  private final ByteSource pages;
  private final int pageSize;
  private final long commit;
  private final long lockPage;

  SqliteSnapshot(DatabaseFile file, @Nullable WalIndex index, WalState state) {
    this.file = file;
    this.index = index;
    this.state = state;
    this.pages = new ChannelSource(file);
    this.pageSize = state.pageSize();
    this.commit = state.commit();
    this.lockPage = LtxHeader.lockPageNumber(pageSize);
  }

  /**
   * Opens a database, waiting up to 5 seconds for locks.
   *
   * @throws java.nio.file.NoSuchFileException if there is none
   * @throws SqliteFormatException if it is not a SQLite database, or damaged
   * @throws DatabaseUnavailableException if it cannot be kept as it is; the reason says why
   * @throws IOException if its files cannot be read
   */
  public static SqliteSnapshot open(Path database) throws IOException {
    return open(database, LockWait.DEFAULT_TIMEOUT);
  }

  /**
   * Opens a database.
   *
   * @param timeout how long to wait for locks that other processes hold
   * @throws java.nio.file.NoSuchFileException if there is none
   * @throws SqliteFormatException if it is not a SQLite database, or damaged
   * @throws DatabaseUnavailableException if it cannot be kept as it is; the reason says why
   * @throws java.io.InterruptedIOException if the thread is interrupted while it waits
   * @throws IOException if its files cannot be read
   */
  public static SqliteSnapshot open(Path database, Duration timeout) throws IOException {
    return SnapshotOpener.open(database, timeout);
  }

  /** Returns the bytes per page; 4096 for a database without pages. */
  public int pageSize() {
    return pageSize;
  }

  /** Returns the size of the database in pages. */
  public long commit() {
    return commit;
  }

  /**
   * Reads a page.
   *
   * @param pageNumber 1 to {@link #commit}; the lock page has no defined content
   * @param target the caller's buffer, with room for exactly one page
   * @throws IllegalArgumentException if there is no such page, or the buffer has another size
   * @throws SqliteFormatException if the page is missing
   * @throws IOException if the files cannot be read
   */
  public void readPage(long pageNumber, ByteBuffer target) throws IOException {
    if (pageNumber < 1 || pageNumber > commit) {
      throw new IllegalArgumentException("page " + pageNumber + " is not within 1.." + commit);
    }
    if (target.remaining() != pageSize) {
      throw new IllegalArgumentException(
          "a page has " + pageSize + " bytes, the buffer has room for " + target.remaining());
    }
    if (state.readPage(pageNumber, target)) {
      return;
    }
    long position = (pageNumber - 1) * pageSize;
    if (position + pageSize <= pages.size()) {
      pages.readFully(position, target);
    } else if (pageNumber == lockPage) {
      target.put(new byte[pageSize]);
    } else {
      throw new SqliteFormatException(
          file.path().toString(),
          position,
          "page " + pageNumber + " of " + commit + " is neither in the file nor in its WAL");
    }
  }

  /**
   * Reads consecutive pages; those that follow each other in the database file at once.
   *
   * @param first number of the first page
   * @param target has room for whole pages, none of them above {@link #commit}
   */
  void readPages(long first, ByteBuffer target) throws IOException {
    int end = target.limit();
    long pagesInFile = pages.size() / pageSize;
    long next = first;
    while (target.position() < end) {
      long last = Math.min(pagesInFile, next + (end - target.position()) / pageSize - 1);
      long after = next;
      while (after <= last && !state.holds(after)) {
        after++;
      }
      if (after > next) {
        target.limit(target.position() + (int) (after - next) * pageSize);
        pages.readFully((next - 1) * pageSize, target);
        next = after;
      } else {
        target.limit(target.position() + pageSize);
        readPage(next, target);
        next++;
      }
    }
  }

  /**
   * Returns the state as the bytes of a database file, for as long as this is open; closing the
   * source does nothing.
   */
  public ByteSource asSource() {
    return new SnapshotSource(this, file.path().toString());
  }

  /** Releases the locks and closes the files; closing twice does nothing. */
  @Override
  public void close() throws IOException {
    try (file;
        index;
        state) {
      // Locks go first-in, last-out: the database's own are the last.
    }
  }
}

package io.github.ltxjava.sqlite;

import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.sqlite.internal.WalReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The size of a database, and the pages of it that its WAL holds. */
final class WalState implements Closeable {

  private final int pageSize;
  private final long commit;
  private final @Nullable ByteSource wal;
  private final WalReader.@Nullable Committed committed;

  private WalState(
      int pageSize,
      long commit,
      @Nullable ByteSource wal,
      WalReader.@Nullable Committed committed) {
    this.pageSize = pageSize;
    this.commit = commit;
    this.wal = wal;
    this.committed = committed;
  }

  /** A database whose pages are all in its file. */
  static WalState withoutWal(int pageSize, long commit) {
    return new WalState(pageSize, commit, null, null);
  }

  /**
   * A database with transactions in its WAL.
   *
   * @param wal closed by {@link #close}, also when this method fails
   * @param committed at least one frame
   */
  static WalState withWal(int pageSize, ByteSource wal, WalReader.Committed committed)
      throws IOException {
    try {
      int walPageSize = committed.header().orElseThrow().pageSize();
      if (walPageSize != pageSize) {
        throw new SqliteFormatException(
            wal.name(),
            0,
            "the WAL has pages of "
                + walPageSize
                + " bytes, the database of "
                + pageSize
                + ": it belongs to another database");
      }
      if (committed.commit() > LtxHeader.MAX_PAGE_NUMBER) {
        throw new SqliteFormatException(
            wal.name(),
            0,
            "a database of " + committed.commit() + " pages is above SQLite's limit");
      }
      return new WalState(pageSize, committed.commit(), wal, committed);
    } catch (Throwable e) {
      wal.close();
      throw e;
    }
  }

  int pageSize() {
    return pageSize;
  }

  long commit() {
    return commit;
  }

  /** Reads a page from the WAL; false if it is not there. */
  boolean readPage(long pageNumber, ByteBuffer target) throws IOException {
    if (wal == null || committed == null) {
      return false;
    }
    int frame = committed.pages().get((int) pageNumber);
    if (frame == 0) {
      return false;
    }
    wal.readFully(committed.header().orElseThrow().contentOffset(frame), target);
    return true;
  }

  /** Tells whether a page is in the WAL. */
  boolean holds(long pageNumber) {
    return committed != null && committed.pages().get((int) pageNumber) != 0;
  }

  @Override
  public void close() throws IOException {
    if (wal != null) {
      wal.close();
    }
  }
}

package io.github.ltxjava.generations;

import io.github.ltxjava.compaction.restore.internal.DatabaseOutput;
import io.github.ltxjava.internal.format.GrowthLimit;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.sqlite.SqliteFormatException;
import io.github.ltxjava.sqlite.internal.PageFrames;
import io.github.ltxjava.sqlite.internal.WalChecksum;
import io.github.ltxjava.sqlite.internal.WalHeader;
import io.github.ltxjava.sqlite.internal.WalReader;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A database that WALs are applied to, as a checkpoint of SQLite does: the newest content of each
 * page, up to the size after the last commit, and nothing behind that.
 */
final class WalReplay {

  /** Where things are in a frame header; the page number comes first. */
  private static final int SALT_1 = 8;

  private static final int SALT_2 = 12;
  private static final int CHECKSUM = 16;

  private final DatabaseOutput output;
  private final int pageSize;
  private long pageCount;

  WalReplay(DatabaseOutput output, int pageSize, long size) {
    this.output = output;
    this.pageSize = pageSize;
    this.pageCount = size / pageSize;
  }

  int pageSize() {
    return pageSize;
  }

  long pageCount() {
    return pageCount;
  }

  long size() {
    return pageCount * pageSize;
  }

  /**
   * Applies a WAL.
   *
   * @throws SqliteFormatException if any byte of it is not part of a sound frame; SQLite would
   *     quietly stop there, and apply what comes later to an older state
   */
  void apply(ByteSource wal) throws IOException {
    WalReader.Committed committed = WalReader.read(wal, Long.MAX_VALUE);
    WalHeader header =
        committed
            .header()
            .orElseThrow(
                () ->
                    new SqliteFormatException(
                        wal.name(), 0, "not a WAL: magic, page size or checksum of its header"));
    if (header.pageSize() != pageSize) {
      throw new SqliteFormatException(
          wal.name(),
          0,
          "the WAL has pages of " + header.pageSize() + " bytes, the database of " + pageSize);
    }
    requireSound(wal, header, committed);
    if (committed.frameCount() > 0) {
      write(wal, header, committed);
    }
  }

  /** Frames behind the last commit do not count, but have to be sound as well. */
  private void requireSound(ByteSource wal, WalHeader header, WalReader.Committed committed)
      throws IOException {
    WalChecksum sums = new WalChecksum(header.words());
    ByteBuffer frame = ByteBuffer.allocate(header.frameSize());
    long checksum = committed.checksum();
    long position = WalHeader.SIZE + (long) committed.frameCount() * header.frameSize();
    while (position < wal.size()) {
      if (wal.size() - position < header.frameSize()) {
        throw new SqliteFormatException(
            wal.name(), position, "ends " + (wal.size() - position) + " bytes into a frame");
      }
      wal.readFully(position, frame.clear());
      checksum = sums.update(checksum, frame.array(), 0, SALT_1);
      checksum = sums.update(checksum, frame.array(), WalHeader.FRAME_HEADER_SIZE, pageSize);
      if (frame.getInt(SALT_1) != header.salt1()
          || frame.getInt(SALT_2) != header.salt2()
          || frame.getLong(CHECKSUM) != checksum) {
        throw new SqliteFormatException(
            wal.name(), position, "salts or checksum of a frame do not continue those before it");
      }
      position += header.frameSize();
    }
  }

  private void write(ByteSource wal, WalHeader header, WalReader.Committed committed)
      throws IOException {
    long commit = committed.commit();
    PageFrames pages = committed.pages();
    // A WAL holds every page that it adds, but those that were never used: no believing a forged
    // size.
    if (commit - pageCount - pages.size() > GrowthLimit.maxZeroPages(pageSize)) {
      throw new SqliteFormatException(
          wal.name(), 0, "grows the database to " + commit + " pages, most of which it lacks");
    }
    output.truncate(commit * pageSize);
    ByteBuffer page = ByteBuffer.allocate(pageSize);
    for (int number : pages.pagesAscending()) {
      long pageNumber = Integer.toUnsignedLong(number);
      if (pageNumber <= commit) {
        wal.readFully(header.contentOffset(pages.get(number)), page.clear());
        output.write((pageNumber - 1) * pageSize, page.array());
      }
    }
    pageCount = commit;
  }
}

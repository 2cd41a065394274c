package io.github.ltxjava.sqlite;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.DatabaseChecksum;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxTrailer;
import io.github.ltxjava.LtxWriter;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.WriteOptions;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.io.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Writes the delta between two states of a database: the pages that differ, and its new size.
 *
 * <p>Both states are read whole, which suits a program that has them as files, or as {@link
 * SqliteSnapshot#asSource}. A diff belongs to one thread.
 */
public final class DatabaseDiff {

  private final ByteSource before;
  private final ByteSource after;
  private final int pageSize;
  private Instant timestamp = Instant.EPOCH;
  private boolean tracksChecksums = true;
  private WriteOptions options = WriteOptions.DEFAULT;

  private DatabaseDiff(ByteSource before, ByteSource after, int pageSize) {
    this.before = before;
    this.after = after;
    this.pageSize = pageSize;
  }

  /**
   * Starts with the epoch for a timestamp, checksums, and layout v3-block.
   *
   * @param before whole pages; stays open
   * @param after whole pages; stays open
   * @param pageSize bytes per page, of both: a power of two from 512 to 65,536
   * @throws IllegalArgumentException if the page size is not one
   */
  public static DatabaseDiff between(ByteSource before, ByteSource after, int pageSize) {
    if (!DatabaseHeader.isPageSize(pageSize)) {
      throw new IllegalArgumentException(
          "page size " + pageSize + " is not a power of two from 512 to 65536");
    }
    return new DatabaseDiff(before, after, pageSize);
  }

  /** Sets the time of the last transaction; it is cut to milliseconds. */
  public DatabaseDiff timestamp(Instant value) {
    this.timestamp = value;
    return this;
  }

  /** Leaves database checksums out, as Litestream needs it. */
  public DatabaseDiff withoutChecksums() {
    this.tracksChecksums = false;
    return this;
  }

  /** Sets layout and compression. */
  public DatabaseDiff options(WriteOptions value) {
    this.options = value;
    return this;
  }

  /**
   * Writes the file and commits the sink, which is closed then, also when this method fails.
   *
   * @param txids the transactions that led from one state to the other; not starting at 1
   * @return the trailer written
   * @throws IllegalArgumentException if a state is not a whole number of pages, or the layout
   *     cannot carry the file
   * @throws IOException if a state cannot be read or the sink fails; nothing is visible then
   */
  public LtxTrailer writeTo(TxidRange txids, ByteSink sink) throws IOException {
    try (sink) {
      Checksum preApply =
          tracksChecksums ? DatabaseChecksum.of(before, pageSize) : Checksum.EMPTY_DATABASE;
      long pagesAfter = pages(after);
      LtxHeader.Builder header =
          tracksChecksums
              ? LtxHeader.delta(pageSize, pagesAfter, txids, preApply)
              : LtxHeader.delta(pageSize, pagesAfter, txids);
      try (LtxWriter writer =
          LtxWriter.create(sink, header.timestamp(timestamp).build(), options)) {
        DatabaseChecksum sum = DatabaseChecksum.from(pageSize, preApply);
        writePages(writer, sum);
        return tracksChecksums ? writer.finish(sum.value()) : writer.finish();
      }
    }
  }

  private void writePages(LtxWriter writer, DatabaseChecksum sum) throws IOException {
    long lockPage = writer.header().lockPageNumber();
    long pagesBefore = pages(before);
    long pagesAfter = pages(after);
    ByteBuffer old = ByteBuffer.allocate(pageSize);
    ByteBuffer page = ByteBuffer.allocate(pageSize);
    for (long n = 1; n <= Math.max(pagesBefore, pagesAfter); n++) {
      if (n == lockPage) {
        continue;
      }
      boolean was = n <= pagesBefore;
      boolean is = n <= pagesAfter;
      if (was) {
        before.readFully((n - 1) * pageSize, old.clear());
        old.flip();
      }
      if (is) {
        after.readFully((n - 1) * pageSize, page.clear());
        page.flip();
      }
      if (was && is && old.equals(page)) {
        continue;
      }
      if (is) {
        writer.write(n, page);
        page.flip();
      }
      if (tracksChecksums) {
        roll(sum, n, was ? old : null, is ? page : null);
      }
    }
  }

  private static void roll(
      DatabaseChecksum sum, long pageNumber, @Nullable ByteBuffer old, @Nullable ByteBuffer page) {
    if (old != null) {
      sum.toggle(pageNumber, old);
    }
    if (page != null) {
      sum.toggle(pageNumber, page);
    }
  }

  private long pages(ByteSource source) throws IOException {
    long size = source.size();
    if (size % pageSize != 0) {
      throw new IllegalArgumentException(
          "["
              + source.name()
              + "] has "
              + size
              + " bytes, which is not a whole number of pages of "
              + pageSize);
    }
    return size / pageSize;
  }
}

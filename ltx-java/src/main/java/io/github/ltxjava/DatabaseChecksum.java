package io.github.ltxjava;

import io.github.ltxjava.internal.crc.PageHash;
import io.github.ltxjava.io.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * The checksum of a whole database, which rolls: when a page changes, its old checksum is taken out
 * and its new one put in.
 *
 * <p>It is the exclusive or of all page checksums but the lock page's, top bit set. An instance
 * belongs to one thread.
 */
public final class DatabaseChecksum {

  private static final int PIECE_SIZE = 1 << 20;

  /** Pieces that one task of a parallel computation takes. */
  private static final int PIECES_PER_TASK = 16;

  private final PageHash hash;
  private final long lockPage;
  private final byte[] page;
  private long sum;

  private DatabaseChecksum(int pageSize, long sum) {
    this.hash = new PageHash(pageSize);
    this.lockPage = LtxHeader.lockPageNumber(pageSize);
    this.page = new byte[pageSize];
    this.sum = sum;
  }

  /**
   * Starts with a database without pages.
   *
   * @param pageSize bytes per page: a power of two from 512 to 65,536
   */
  public static DatabaseChecksum ofEmpty(int pageSize) {
    return from(pageSize, Checksum.EMPTY_DATABASE);
  }

  /**
   * Goes on from a known checksum.
   *
   * @param pageSize bytes per page: a power of two from 512 to 65,536
   */
  public static DatabaseChecksum from(int pageSize, Checksum checksum) {
    if (pageSize < LtxHeader.MIN_PAGE_SIZE
        || pageSize > LtxHeader.MAX_PAGE_SIZE
        || Integer.bitCount(pageSize) != 1) {
      throw new IllegalArgumentException(
          "page size " + pageSize + " is not a power of two from 512 to 65536");
    }
    return new DatabaseChecksum(pageSize, checksum.bits());
  }

  /**
   * Adds a page that was not there before, or takes one out that was: both are the same operation.
   * The lock page changes nothing.
   *
   * @param pageNumber 1 to 2^32 − 2
   * @param content exactly one page, from the buffer's position to its limit; consumed
   * @return this checksum
   */
  public DatabaseChecksum toggle(long pageNumber, ByteBuffer content) {
    long pageSum = ofPage(pageNumber, content);
    if (pageNumber != lockPage) {
      sum = (sum ^ pageSum) | Checksum.FLAG;
    }
    return this;
  }

  /**
   * Replaces a page.
   *
   * @param before exactly one page as it was; consumed
   * @param after exactly one page as it is; consumed
   * @return this checksum
   */
  public DatabaseChecksum replace(long pageNumber, ByteBuffer before, ByteBuffer after) {
    return toggle(pageNumber, before).toggle(pageNumber, after);
  }

  /** Returns the checksum now. */
  public Checksum value() {
    return new Checksum(sum);
  }

  /** Returns a page's own checksum: over its number and its content, top bit set. */
  private long ofPage(long pageNumber, ByteBuffer content) {
    if (pageNumber < 1 || pageNumber > LtxHeader.MAX_PAGE_NUMBER) {
      throw new IllegalArgumentException(
          "page number " + pageNumber + " is not from 1 to " + LtxHeader.MAX_PAGE_NUMBER);
    }
    if (content.remaining() != page.length) {
      throw new IllegalArgumentException(
          "a page has " + page.length + " bytes, but " + content.remaining() + " were given");
    }
    content.get(page);
    return hash.pageChecksum(pageNumber, hash.remainder(page, 0));
  }

  /**
   * Computes the checksum of a database file on the calling thread.
   *
   * @param database whole pages; stays open
   * @param pageSize bytes per page: a power of two from 512 to 65,536
   * @throws IllegalArgumentException if the file is not a whole number of pages
   * @throws IOException if the source cannot be read
   */
  public static Checksum of(ByteSource database, int pageSize) throws IOException {
    long pages = pages(database, pageSize);
    return Checksum.of(sumOfRange(database, pageSize, 1, pages));
  }

  /**
   * Computes the checksum of a database file in parallel; the result does not depend on the number
   * of threads.
   *
   * @param database whole pages; stays open
   * @param pageSize bytes per page: a power of two from 512 to 65,536
   * @param executor runs the tasks; it stays the caller's
   * @throws IllegalArgumentException if the file is not a whole number of pages
   * @throws IOException if the source cannot be read
   * @throws InterruptedException if the calling thread is interrupted while it waits
   */
  public static Checksum of(ByteSource database, int pageSize, ExecutorService executor)
      throws IOException, InterruptedException {
    long pages = pages(database, pageSize);
    long pagesPerTask = (long) PIECE_SIZE * PIECES_PER_TASK / pageSize;
    List<Callable<Long>> tasks = new ArrayList<>();
    for (long first = 1; first <= pages; first += pagesPerTask) {
      long from = first;
      long to = Math.min(pages, first + pagesPerTask - 1);
      tasks.add(() -> sumOfRange(database, pageSize, from, to));
    }
    long sum = 0;
    for (Future<Long> future : executor.invokeAll(tasks)) {
      try {
        sum ^= future.get();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof IOException failure) {
          throw failure;
        }
        throw new IllegalStateException(e.getCause());
      }
    }
    return Checksum.of(sum);
  }

  private static long pages(ByteSource database, int pageSize) throws IOException {
    from(pageSize, Checksum.EMPTY_DATABASE);
    long size = database.size();
    if (size % pageSize != 0) {
      throw new IllegalArgumentException(
          "["
              + database.name()
              + "] has "
              + size
              + " bytes, which is not a whole number of pages of "
              + pageSize);
    }
    return size / pageSize;
  }

  private static long sumOfRange(ByteSource database, int pageSize, long first, long last)
      throws IOException {
    PageHash hash = new PageHash(pageSize);
    long lockPage = LtxHeader.lockPageNumber(pageSize);
    byte[] piece = new byte[PIECE_SIZE];
    ByteBuffer buffer = ByteBuffer.wrap(piece);
    long sum = 0;
    long pageNumber = first;
    while (pageNumber <= last) {
      int count = (int) Math.min(PIECE_SIZE / pageSize, last - pageNumber + 1);
      database.readFully((pageNumber - 1) * pageSize, buffer.clear().limit(count * pageSize));
      for (int i = 0; i < count; i++, pageNumber++) {
        if (pageNumber != lockPage) {
          sum ^= hash.pageChecksum(pageNumber, hash.remainder(piece, i * pageSize));
        }
      }
    }
    return sum;
  }
}

package io.github.ltxjava;

import io.github.ltxjava.internal.codec.Workers;
import io.github.ltxjava.internal.crc.PageHash;
import io.github.ltxjava.internal.crc.PageSum;
import io.github.ltxjava.internal.io.FileSource;
import io.github.ltxjava.io.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The checksum of a whole database, which rolls: when a page changes, its old checksum is taken out
 * and its new one put in.
 *
 * <p>It is the exclusive or of all page checksums but the lock page's, top bit set. An instance
 * belongs to one thread.
 */
public final class DatabaseChecksum {

  /** A read over a network takes time however little is read. */
  private static final int PIECE_SIZE = 1 << 20;

  /** What the system copies from its page cache stays in the processor's; holds any page. */
  private static final int FILE_PIECE_SIZE = 64 << 10;

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
   * Adds a page or takes one out, as {@link #toggle(long, ByteBuffer)} does, without reading it.
   *
   * @param page the checksum of a page that is not the lock page, as {@link LtxReader#pageChecksum}
   *     gives it
   * @return this checksum
   */
  public DatabaseChecksum toggle(Checksum page) {
    sum = (sum ^ page.bits()) | Checksum.FLAG;
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
    return of(database, pageSize, Parallelism.SEQUENTIAL);
  }

  /**
   * Computes the checksum of a database file on several threads.
   *
   * @param database whole pages; stays open
   * @param pageSize bytes per page: a power of two from 512 to 65,536
   * @throws IllegalArgumentException if the file is not a whole number of pages
   * @throws IOException if the source cannot be read
   */
  public static Checksum of(ByteSource database, int pageSize, Parallelism parallelism)
      throws IOException {
    long pages = pages(database, pageSize);
    AtomicLong nextPage = new AtomicLong(1);
    AtomicLong sum = new AtomicLong();
    Workers.run(
        parallelism,
        () -> {
          long part = sumOfPieces(database, pageSize, pages, nextPage);
          sum.accumulateAndGet(part, (a, b) -> a ^ b);
        });
    return Checksum.of(sum.get());
  }

  /** Sums pieces of the database as long as there are any left; other threads take others. */
  private static long sumOfPieces(
      ByteSource database, int pageSize, long pages, AtomicLong nextPage) throws IOException {
    PageSum sum = new PageSum(pageSize);
    ByteBuffer piece = piece(database, pages * pageSize);
    LongBuffer words = piece.asLongBuffer();
    int pagesPerPiece = piece.capacity() / pageSize;
    long first = nextPage.getAndAdd(pagesPerPiece);
    for (; first <= pages; first = nextPage.getAndAdd(pagesPerPiece)) {
      long last = Math.min(pages, first + pagesPerPiece - 1);
      int length = (int) (last - first + 1) * pageSize;
      database.readFully((first - 1) * pageSize, piece.clear().limit(length));
      sum.add(first, last, words);
    }
    return sum.checksums();
  }

  private static ByteBuffer piece(ByteSource database, long size) {
    // What is read from a file into an array takes a detour, and is copied twice.
    ByteBuffer piece =
        database instanceof FileSource
            ? ByteBuffer.allocateDirect((int) Math.min(size, FILE_PIECE_SIZE))
            : ByteBuffer.allocate((int) Math.min(size, PIECE_SIZE));
    return piece.order(ByteOrder.LITTLE_ENDIAN);
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
}

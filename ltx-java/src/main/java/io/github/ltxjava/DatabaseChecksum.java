package io.github.ltxjava;

import io.github.ltxjava.internal.codec.Workers;
import io.github.ltxjava.internal.crc.PageHash;
import io.github.ltxjava.io.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The checksum of a whole database, which rolls: when a page changes, its old checksum is taken out
 * and its new one put in.
 *
 * <p>It is the exclusive or of all page checksums but the lock page's, top bit set. An instance
 * belongs to one thread.
 */
public final class DatabaseChecksum {

  private static final int PIECE_SIZE = 1 << 20;

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
    int pagesPerPiece = Math.max(1, PIECE_SIZE / pageSize);
    AtomicLong nextPage = new AtomicLong(1);
    AtomicLong sum = new AtomicLong();
    Workers.run(
        parallelism,
        () -> {
          PieceHash piece = new PieceHash(pageSize, pagesPerPiece);
          long first = nextPage.getAndAdd(pagesPerPiece);
          for (; first <= pages; first = nextPage.getAndAdd(pagesPerPiece)) {
            long last = Math.min(pages, first + pagesPerPiece - 1);
            long part = piece.sumOf(database, first, last);
            sum.accumulateAndGet(part, (a, b) -> a ^ b);
          }
        });
    return Checksum.of(sum.get());
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

  /** What one thread needs to read and hash pages. */
  private static final class PieceHash {
    private final PageHash hash;
    private final long lockPage;
    private final int pageSize;
    private final byte[] piece;
    private final ByteBuffer buffer;

    PieceHash(int pageSize, int pages) {
      this.hash = new PageHash(pageSize);
      this.lockPage = LtxHeader.lockPageNumber(pageSize);
      this.pageSize = pageSize;
      this.piece = new byte[pages * pageSize];
      this.buffer = ByteBuffer.wrap(piece);
    }

    long sumOf(ByteSource database, long first, long last) throws IOException {
      int length = (int) (last - first + 1) * pageSize;
      database.readFully((first - 1) * pageSize, buffer.clear().limit(length));
      long sum = 0;
      for (long pageNumber = first; pageNumber <= last; pageNumber++) {
        if (pageNumber != lockPage) {
          int offset = (int) (pageNumber - first) * pageSize;
          sum ^= hash.pageChecksum(pageNumber, hash.remainder(piece, offset));
        }
      }
      return sum;
    }
  }
}

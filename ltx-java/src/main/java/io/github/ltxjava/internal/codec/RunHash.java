package io.github.ltxjava.internal.codec;

import io.github.ltxjava.internal.crc.Crc64Iso;
import io.github.ltxjava.internal.crc.PageHash;

/**
 * Hashes frames that follow each other, apart from what precedes them. A checksum is linear, so the
 * results are joined afterwards: {@code state(s, d) = s · x^(8·len(d)) + remainder(d)}.
 */
final class RunHash {

  private final PageHash hash;
  private final int pageSize;
  private final boolean sumsDatabase;
  private long remainder;
  private long hashedBytes;
  private long databaseSum;

  /**
   * Creates a hash for one thread at a time.
   *
   * @param sumsDatabase whether the page checksums are needed
   */
  RunHash(int pageSize, boolean sumsDatabase) {
    this.hash = new PageHash(pageSize);
    this.pageSize = pageSize;
    this.sumsDatabase = sumsDatabase;
  }

  /** Starts a run. */
  void clear() {
    remainder = 0;
    hashedBytes = 0;
    databaseSum = 0;
  }

  /** Adds a page and the bytes of its frame's header that the file checksum covers. */
  void add(
      long pageNumber, byte[] page, int offset, byte[] frame, int frameOffset, int headerSize) {
    long ofPage = hash.remainder(page, offset);
    remainder = Crc64Iso.advanceByWords(remainder, frame, frameOffset, headerSize);
    remainder = hash.advance(remainder, ofPage);
    hashedBytes += headerSize + pageSize;
    if (sumsDatabase) {
      databaseSum ^= hash.pageChecksum(pageNumber, ofPage);
    }
  }

  /** Returns the state of the file checksum after the run. */
  long joinTo(long fileState) {
    return Crc64Iso.join(fileState, remainder, hashedBytes);
  }

  /** Returns the exclusive or of the page checksums. */
  long databaseSum() {
    return databaseSum;
  }
}

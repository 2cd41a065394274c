package io.github.ltxjava.internal.crc;

import io.github.ltxjava.LtxHeader;
import java.nio.LongBuffer;

/**
 * The exclusive or of the checksums of many pages, for the price of one: the checksum is linear, so
 * it is the checksum of the exclusive or of the pages, and of that of their numbers.
 *
 * <p>Belongs to one thread.
 */
public final class PageSum {

  /** Pages joined in one go: their sum is loaded and stored once for all of them. */
  private static final int STEP = 4;

  private final int pageWords;
  private final int pageSize;
  private final long lockPage;
  private final long[] pages;
  private final long[] sum;
  private long numbers;
  private long count;

  /** Starts with no pages of this size. */
  public PageSum(int pageSize) {
    this.pageSize = pageSize;
    this.pageWords = pageSize / Long.BYTES;
    this.lockPage = LtxHeader.lockPageNumber(pageSize);
    this.pages = new long[STEP * pageWords];
    this.sum = new long[pageWords];
  }

  /**
   * Adds pages that follow each other; the lock page does not count.
   *
   * @param first the number of the first page
   * @param last that of the last one
   * @param content the pages from index 0 on, as little-endian words
   */
  public void add(long first, long last, LongBuffer content) {
    int end = (int) (last - first + 1) * pageWords;
    int at = 0;
    for (; at <= end - STEP * pageWords; at += STEP * pageWords) {
      content.get(at, pages, 0, STEP * pageWords);
      addStep(pages, sum);
    }
    for (; at < end; at += pageWords) {
      addPage(content, at);
    }
    numbers ^= upTo(last) ^ upTo(first - 1);
    count += last - first + 1;
    if (first <= lockPage && lockPage <= last) {
      // Adding it once more takes it out.
      addPage(content, (int) (lockPage - first) * pageWords);
      numbers ^= lockPage;
      count--;
    }
  }

  private static void addStep(long[] pages, long[] sum) {
    int n = sum.length;
    for (int i = 0; i < n; i++) {
      sum[i] ^= pages[i] ^ pages[i + n] ^ pages[i + 2 * n] ^ pages[i + 3 * n];
    }
  }

  private void addPage(LongBuffer content, int at) {
    content.get(at, pages, 0, pageWords);
    for (int i = 0; i < sum.length; i++) {
      sum[i] ^= pages[i];
    }
  }

  /** Returns the exclusive or of the numbers from 1 up to this one. */
  private static long upTo(long last) {
    switch ((int) last & 3) {
      case 0:
        return last;
      case 1:
        return 1;
      case 2:
        return last + 1;
      default:
        return 0;
    }
  }

  /** Returns the exclusive or of the page checksums; its top bit means nothing. */
  public long checksums() {
    long remainder = new Crc64Iso().remainder(LongBuffer.wrap(sum), 0, pageWords);
    // Initial value and final xor cancel out in pairs.
    long all = count % 2 == 0 ? 0 : Crc64Iso.INITIAL;
    long state = Crc64Iso.advanceByInt(all, (int) numbers);
    return Crc64Shift.ofPage(pageSize).advance(state, remainder) ^ all;
  }
}

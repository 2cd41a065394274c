package io.github.ltxjava.internal.crc;

import io.github.ltxjava.LtxHeader;
import java.nio.LongBuffer;
import java.util.Arrays;

/**
 * The exclusive or of the checksums of many pages, for the price of one: the checksum is linear, so
 * it is the checksum of the exclusive or of the pages, and of that of their numbers.
 *
 * <p>Belongs to one thread.
 */
public final class PageSum {

  /** Words joined at a time; a constant, or C2 of JDK 17 does not vectorise the loop. */
  private static final int BLOCK = 512;

  /** Blocks joined in one go: their sum is loaded and stored once for all of them. */
  private static final int STEP = 4;

  private final int pageWords;
  private final int pageSize;
  private final long lockPage;
  private final long[] words = new long[STEP * BLOCK];

  /** The sum of the pages in blocks; if pages are smaller, several stand side by side in one. */
  private final long[][] sums;

  private long numbers;
  private long count;

  /** Starts with no pages of this size. */
  public PageSum(int pageSize) {
    this.pageSize = pageSize;
    this.pageWords = pageSize / Long.BYTES;
    this.lockPage = LtxHeader.lockPageNumber(pageSize);
    this.sums = new long[Math.max(1, pageWords / BLOCK)][BLOCK];
  }

  /**
   * Adds pages that follow each other; the lock page does not count.
   *
   * @param first the number of the first page
   * @param last that of the last one
   * @param content the pages from index 0 on, as little-endian words
   */
  public void add(long first, long last, LongBuffer content) {
    addWords(content, 0, (int) (last - first + 1) * pageWords);
    numbers ^= upTo(last) ^ upTo(first - 1);
    count += last - first + 1;
    if (first <= lockPage && lockPage <= last) {
      // Adding it once more takes it out.
      int start = (int) (lockPage - first) * pageWords;
      addWords(content, start, start + pageWords);
      numbers ^= lockPage;
      count--;
    }
  }

  private void addWords(LongBuffer content, int start, int end) {
    for (int i = 0; i < sums.length; i++) {
      addBlocks(content, start + i * BLOCK, end, sums[i]);
    }
  }

  /** Adds the blocks that stand at the same place in each page. */
  private void addBlocks(LongBuffer content, int start, int end, long[] sum) {
    int filled = 0;
    for (int at = start; at < end; at += sums.length * BLOCK) {
      int length = Math.min(BLOCK, end - at);
      content.get(at, words, filled, length);
      Arrays.fill(words, filled + length, filled + BLOCK, 0);
      filled += BLOCK;
      if (filled == words.length) {
        addStep(words, sum);
        filled = 0;
      }
    }
    if (filled > 0) {
      Arrays.fill(words, filled, words.length, 0);
      addStep(words, sum);
    }
  }

  private static void addStep(long[] words, long[] sum) {
    for (int i = 0; i < BLOCK; i++) {
      sum[i] ^= words[i] ^ words[i + BLOCK] ^ words[i + 2 * BLOCK] ^ words[i + 3 * BLOCK];
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
    long[] page = new long[pageWords];
    for (int i = 0; i < sums.length * BLOCK; i++) {
      page[i % pageWords] ^= sums[i / BLOCK][i % BLOCK];
    }
    long remainder = new Crc64Iso().remainder(LongBuffer.wrap(page), 0, pageWords);
    // Initial value and final xor cancel out in pairs.
    long all = count % 2 == 0 ? 0 : Crc64Iso.INITIAL;
    long state = Crc64Iso.advanceByInt(all, (int) numbers);
    return Crc64Shift.ofPage(pageSize).advance(state, remainder) ^ all;
  }
}

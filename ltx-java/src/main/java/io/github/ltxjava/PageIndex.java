package io.github.ltxjava;

import io.github.ltxjava.internal.codec.IndexParser;
import java.util.Objects;

/**
 * Where the pages of one file are: sorted parallel arrays, 12 to 16 bytes a page, searched without
 * allocating. Immutable and safe for many threads.
 */
public final class PageIndex {

  private final int[] pageNumbers;
  private final long[] offsets;
  private final int size;
  private final long indexOffset;
  private final long indexSize;

  /** Takes arrays that may have room behind their last entry. */
  PageIndex(int[] pageNumbers, long[] offsets, int size, long indexOffset, long indexSize) {
    this.pageNumbers = pageNumbers;
    this.offsets = offsets;
    this.size = size;
    this.indexOffset = indexOffset;
    this.indexSize = indexSize;
  }

  static PageIndex of(IndexParser parsed, long indexOffset, long indexSize) {
    return new PageIndex(
        parsed.pageNumbers(), parsed.offsets(), parsed.count(), indexOffset, indexSize);
  }

  /** Returns the number of pages in the file. */
  public int size() {
    return size;
  }

  /**
   * Finds a page.
   *
   * @return its position, 0 to {@code size() - 1}, or {@code -(insertion point) - 1} if the file
   *     does not hold it, as {@link java.util.Arrays#binarySearch(int[], int)} does
   */
  public int find(long pageNumber) {
    int low = 0;
    int high = size - 1;
    // In a snapshot, page n is entry n - 1 or, behind the lock page, n - 2.
    if (pageNumber >= 1 && pageNumber <= size) {
      int guess = (int) pageNumber - 1;
      if (pageNumber(guess) == pageNumber) {
        return guess;
      }
    }
    while (low <= high) {
      int middle = (low + high) >>> 1;
      long found = pageNumber(middle);
      if (found < pageNumber) {
        low = middle + 1;
      } else if (found > pageNumber) {
        high = middle - 1;
      } else {
        return middle;
      }
    }
    return -(low + 1);
  }

  /**
   * Returns the number of the page at a position; numbers ascend with positions.
   *
   * @throws IndexOutOfBoundsException if the position is not from 0 to {@code size() - 1}
   */
  public long pageNumber(int position) {
    return Integer.toUnsignedLong(pageNumbers[Objects.checkIndex(position, size)]);
  }

  /**
   * Returns where the frame of the page at a position starts, in bytes from the start of the file.
   *
   * @throws IndexOutOfBoundsException if the position is not from 0 to {@code size() - 1}
   */
  public long frameOffset(int position) {
    return offsets[Objects.checkIndex(position, size)];
  }

  /**
   * Returns the length in bytes of the frame of the page at a position, its header included.
   *
   * @throws IndexOutOfBoundsException if the position is not from 0 to {@code size() - 1}
   */
  public int frameSize(int position) {
    Objects.checkIndex(position, size);
    return (int) (offsets[position + 1] - offsets[position]);
  }

  /**
   * Returns where the index is in the file, in bytes from its start; of raw version 1 files, which
   * have none, where the end marker is.
   */
  public long indexOffset() {
    return indexOffset;
  }

  /** Returns the length of the index in bytes, its final 0 included; 0 if the file has none. */
  public long indexSize() {
    return indexSize;
  }
}

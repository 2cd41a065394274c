package io.github.ltxjava.sqlite;

/** Some of the pages of a database of known size: one bit a page. */
final class PageSet {

  private final long[] bits;
  private final long pageCount;
  private long size;

  /** Creates an empty set of pages from 1 to {@code pageCount}, the size of a file that exists. */
  PageSet(long pageCount) {
    this.bits = new long[Math.toIntExact((pageCount >>> 6) + 1)];
    this.pageCount = pageCount;
  }

  /** Adds a page; one that the database does not have changes nothing. */
  void add(long page) {
    if (page < 1 || page > pageCount || contains(page)) {
      return;
    }
    bits[(int) (page >>> 6)] |= 1L << page;
    size++;
  }

  void addFrom(long first) {
    for (long page = first; page <= pageCount; page++) {
      add(page);
    }
  }

  void remove(long page) {
    if (page >= 1 && page <= pageCount && contains(page)) {
      bits[(int) (page >>> 6)] &= ~(1L << page);
      size--;
    }
  }

  boolean contains(long page) {
    return (bits[(int) (page >>> 6)] & 1L << page) != 0;
  }

  long size() {
    return size;
  }

  /** Returns the size of the database. */
  long pageCount() {
    return pageCount;
  }
}

package io.github.ltxjava.internal.codec;

import io.github.ltxjava.LtxHeader;

/** Which page may come next in a file that is being written. */
public final class PageOrder {

  private final LtxHeader header;
  private final long lockPage;
  private long previous;

  public PageOrder(LtxHeader header) {
    this.header = header;
    this.lockPage = header.lockPageNumber();
  }

  /**
   * Takes the next page.
   *
   * @throws IllegalArgumentException if it may not come next; nothing has changed then
   */
  public void take(long pageNumber) {
    if (pageNumber < 1 || pageNumber > header.commit()) {
      throw new IllegalArgumentException(
          "page number " + pageNumber + " is not from 1 to commit " + header.commit());
    }
    if (pageNumber == lockPage) {
      throw new IllegalArgumentException(
          "page " + pageNumber + " is the lock page, which is never stored; leave it out");
    }
    if (pageNumber <= previous) {
      throw new IllegalArgumentException(
          "page " + pageNumber + " after page " + previous + "; page numbers ascend");
    }
    if (header.isSnapshot() && pageNumber != next()) {
      throw new IllegalArgumentException(
          "page "
              + pageNumber
              + " after page "
              + previous
              + "; a snapshot holds every page but the lock page");
    }
    previous = pageNumber;
  }

  /** Returns the page after the last one taken, passing over the lock page. */
  public long next() {
    return previous + 1 == lockPage ? previous + 2 : previous + 1;
  }

  /**
   * Checks that the file may end here.
   *
   * @throws IllegalStateException if it is a snapshot that lacks pages
   */
  public void checkComplete() {
    if (header.isSnapshot() && next() <= header.commit()) {
      throw new IllegalStateException(
          "a snapshot of " + header.commit() + " pages cannot end after page " + previous);
    }
  }
}

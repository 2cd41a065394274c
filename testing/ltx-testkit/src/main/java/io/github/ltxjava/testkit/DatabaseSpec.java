package io.github.ltxjava.testkit;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.LtxHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The slow, obvious twin of a database file: its pages in a list. Applies files by the letter of
 * the specification: pages are put in their place, then the database is cut or grown to the commit,
 * and what nobody has written is zeros.
 */
public final class DatabaseSpec {

  private final int pageSize;
  private final List<byte[]> pages = new ArrayList<>();

  /** Starts with a database without pages. */
  public DatabaseSpec(int pageSize) {
    this.pageSize = pageSize;
  }

  /** Applies a file; its checksums are not compared. */
  public DatabaseSpec apply(FileSpec file) {
    if (file.header().pageSize() != pageSize) {
      throw new IllegalArgumentException("page size " + file.header().pageSize());
    }
    for (Map.Entry<Long, byte[]> page : file.pages().entrySet()) {
      resize(Math.max(pages.size(), page.getKey()));
      pages.set(Math.toIntExact(page.getKey() - 1), page.getValue());
    }
    resize(file.header().commit());
    return this;
  }

  private void resize(long commit) {
    while (pages.size() > commit) {
      pages.remove(pages.size() - 1);
    }
    while (pages.size() < commit) {
      pages.add(new byte[pageSize]);
    }
  }

  /** Returns the number of pages. */
  public long commit() {
    return pages.size();
  }

  /** Returns a page; not to be changed. */
  public byte[] page(long pageNumber) {
    return pages.get(Math.toIntExact(pageNumber - 1));
  }

  /** Returns the database checksum. */
  public Checksum checksum() {
    long sum = 0;
    for (int i = 0; i < pages.size(); i++) {
      if (i + 1 != LtxHeader.lockPageNumber(pageSize)) {
        sum ^= FileSpec.pageChecksum(i + 1L, pages.get(i));
      }
    }
    return Checksum.of(sum);
  }

  /** Returns the bytes of the database file. */
  public byte[] image() {
    byte[] image = new byte[pageSize * pages.size()];
    for (int i = 0; i < pages.size(); i++) {
      System.arraycopy(pages.get(i), 0, image, i * pageSize, pageSize);
    }
    return image;
  }
}

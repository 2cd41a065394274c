package io.github.ltxjava.sqlite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A database that files are applied to, in the pages that it has now.
 *
 * <p>It need not be one that SQLite can read (to LTX, pages are just bytes); then its pages are
 * those of the files.
 */
record BaseDatabase(int pageSize, long pageCount) {

  static BaseDatabase of(DatabaseFile file, ApplyPlan plan) throws IOException {
    String name = file.path().toString();
    long size = file.channel().size();
    int pageSize = pageSize(file, size, plan.pageSize());
    if (size % pageSize != 0) {
      throw new ApplyException(
          plan.first().name(),
          "the database "
              + name
              + " has "
              + size
              + " bytes, not a whole number of pages of "
              + pageSize
              + "; is it a database?");
    }
    if (pageSize != plan.pageSize() && !plan.first().header().isSnapshot()) {
      throw new ApplyException(
          plan.first().name(),
          "its pages have " + plan.pageSize() + " bytes, those of the database " + pageSize);
    }
    return new BaseDatabase(pageSize, size / pageSize);
  }

  private static int pageSize(DatabaseFile file, long size, int otherwise) throws IOException {
    if (size < DatabaseHeader.SIZE) {
      return otherwise;
    }
    ByteBuffer header = ByteBuffer.allocate(DatabaseHeader.SIZE);
    new ChannelSource(file).readFully(0, header);
    if (!Arrays.equals(
        header.array(),
        0,
        DatabaseHeader.MAGIC.length,
        DatabaseHeader.MAGIC,
        0,
        DatabaseHeader.MAGIC.length)) {
      return otherwise;
    }
    return DatabaseHeader.parse(file.path().toString(), header.flip()).pageSize();
  }

  /** Returns the number of pages in the page size of the files; other pages all get replaced. */
  long pagesFor(ApplyPlan plan) {
    return pageSize == plan.pageSize() ? pageCount : 0;
  }
}

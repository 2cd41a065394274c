package io.github.ltxjava.tools.dump;

import io.github.ltxjava.internal.format.BigEndian;
import org.jspecify.annotations.Nullable;

/**
 * What the header of a SQLite B-tree page says.
 *
 * <p>Nothing marks a page as a B-tree page, so this goes by whether its header makes sense; an
 * overflow page may look like one.
 *
 * @param cells how many cells it says that it has
 */
record BtreePage(String type, int cells) {

  /** On page 1 the database header comes first. */
  private static final int DATABASE_HEADER_SIZE = 100;

  private static final int FIRST_FREEBLOCK_OFFSET = 1;
  private static final int CELL_COUNT_OFFSET = 3;
  private static final int CONTENT_OFFSET = 5;
  private static final int FRAGMENTED_OFFSET = 7;
  private static final int LEAF_HEADER_SIZE = 8;
  private static final int INTERIOR_HEADER_SIZE = 12;
  private static final int MAX_FRAGMENTED = 60;

  /** Returns what the page's header says, or null if the page is no B-tree page. */
  static @Nullable BtreePage of(long pageNumber, byte[] page) {
    int start = pageNumber == 1 ? DATABASE_HEADER_SIZE : 0;
    String type =
        switch (page[start]) {
          case 2 -> "index interior";
          case 5 -> "table interior";
          case 10 -> "index leaf";
          case 13 -> "table leaf";
          default -> null;
        };
    if (type == null) {
      return null;
    }
    int headerSize = page[start] >= 10 ? LEAF_HEADER_SIZE : INTERIOR_HEADER_SIZE;
    int cells = BigEndian.getUnsignedShort(page, start + CELL_COUNT_OFFSET);
    int content = BigEndian.getUnsignedShort(page, start + CONTENT_OFFSET);
    int freeblock = BigEndian.getUnsignedShort(page, start + FIRST_FREEBLOCK_OFFSET);
    int pointersEnd = start + headerSize + cells * 2;
    // 0 stands for 65,536.
    int contentStart = content == 0 ? 65_536 : content;
    boolean sensible =
        pointersEnd <= contentStart
            && contentStart <= page.length
            && (freeblock == 0 || freeblock >= contentStart && freeblock < page.length)
            && (page[start + FRAGMENTED_OFFSET] & 0xFF) <= MAX_FRAGMENTED;
    return sensible ? new BtreePage(type, cells) : null;
  }
}

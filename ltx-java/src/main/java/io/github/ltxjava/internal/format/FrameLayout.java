package io.github.ltxjava.internal.format;

import io.github.ltxjava.Layout;

/**
 * What stands before each page's data (specification, "Page block").
 *
 * <pre>
 *   v1, v2       | page number u32 | data
 *   v3 frame     | page number u32 | flags u16 = 0 | LZ4 frame
 *   v3 block     | page number u32 | flags u16 = 1 | size u32 | LZ4 block
 *   end marker   the page number and flags fields, all zero
 * </pre>
 */
public final class FrameLayout {

  public static final int PAGE_NUMBER_OFFSET = 0;
  public static final int FLAGS_OFFSET = 4;
  public static final int SIZE_OFFSET = 6;

  /** Length of the frame header, and of the end marker, in v1 and v2. */
  public static final int SHORT_HEADER_SIZE = 4;

  /** Length of the frame header without size field, and of the end marker, in v3. */
  public static final int HEADER_SIZE = 6;

  /** Length of the frame header with size field. */
  public static final int SIZED_HEADER_SIZE = 10;

  /** An LZ4 block behind a size field. */
  public static final int FLAG_LZ4_BLOCK = 0x0001;

  private FrameLayout() {}

  /** Length of the end marker. */
  public static int endMarkerSize(Layout layout) {
    return layout == Layout.V3_FRAME || layout == Layout.V3_BLOCK ? HEADER_SIZE : SHORT_HEADER_SIZE;
  }
}

package io.github.ltxjava;

import java.util.Locale;

/**
 * The five byte layouts of LTX files. None stores its own name; they are told apart by structure
 * (specification, "Telling layouts apart").
 */
public enum Layout {
  /** Version 1 with pages as they are: LiteFS 0.5 without compression. */
  V1_RAW("v1-raw"),
  /** Version 1 with the whole page block as one LZ4 frame: LiteFS 0.5 with compression. */
  V1_LZ4("v1-lz4"),
  /** Version 2: an LZ4 frame per page behind 4-byte page headers, and a page index. */
  V2("v2"),
  /** Version 3 with an LZ4 frame per page: Litestream 0.5.0 to 0.5.15. */
  V3_FRAME("v3-frame"),
  /** Version 3 with an LZ4 block per page: Litestream 0.5.16 and later. */
  V3_BLOCK("v3-block");

  private final String label;

  Layout(String label) {
    this.label = label;
  }

  /** Returns the name used in messages, on command lines and in the conformance vectors. */
  public String label() {
    return label;
  }

  /** Tells whether files of this layout end with a page index. */
  public boolean hasIndex() {
    return this != V1_RAW && this != V1_LZ4;
  }

  /**
   * Finds a layout by its {@link #label()}.
   *
   * @throws IllegalArgumentException if there is none with this label
   */
  public static Layout ofLabel(String label) {
    for (Layout layout : values()) {
      if (layout.label.equals(label.toLowerCase(Locale.ROOT))) {
        return layout;
      }
    }
    throw new IllegalArgumentException(
        "unknown layout \"" + label + "\"; use v3-block, v3-frame, v2, v1-raw or v1-lz4");
  }

  @Override
  public String toString() {
    return label;
  }
}

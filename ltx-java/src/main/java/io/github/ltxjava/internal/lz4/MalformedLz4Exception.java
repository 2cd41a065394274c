package io.github.ltxjava.internal.lz4;

import java.util.Objects;

/** Says what is wrong with compressed data, and where relative to its first byte. */
public final class MalformedLz4Exception extends Exception {

  private static final long serialVersionUID = 1L;

  private final long offset;
  private final boolean cut;

  MalformedLz4Exception(long offset, String detail) {
    this(offset, detail, false);
  }

  private MalformedLz4Exception(long offset, String detail, boolean cut) {
    super(detail);
    this.offset = offset;
    this.cut = cut;
  }

  /** The data is sound as far as it goes, but there is not all of it. */
  static MalformedLz4Exception cut(long offset) {
    return new MalformedLz4Exception(offset, "LZ4 frame ends too early", true);
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }

  /** Tells whether nothing is wrong but that the data ends too early. */
  public boolean isCut() {
    return cut;
  }

  /** Returns the offset from the first byte of the compressed data. */
  public long offset() {
    return offset;
  }
}

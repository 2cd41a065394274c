package io.github.ltxjava.internal.lz4;

/** Says what is wrong with compressed data, and where relative to its first byte. */
public final class MalformedLz4Exception extends Exception {

  private static final long serialVersionUID = 1L;

  private final long offset;

  MalformedLz4Exception(long offset, String detail) {
    super(detail);
    this.offset = offset;
  }

  /** Returns the offset from the first byte of the compressed data. */
  public long offset() {
    return offset;
  }
}

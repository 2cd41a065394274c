package io.github.ltxjava.internal.codec;

import io.github.ltxjava.internal.format.IndexLayout;

/** Decodes varints from an array; after the first bad one all results are 0. */
final class VarintReader {

  private final byte[] bytes;
  private final int end;
  private int at;
  private boolean failed;

  VarintReader(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    this.at = offset;
    this.end = offset + length;
  }

  /** Returns the next number, unsigned; 0 if it is cut, longer than 64 bits or not minimal. */
  long next() {
    long value = 0;
    for (int i = 0; i < IndexLayout.MAX_VARINT_SIZE && at + i < end && !failed; i++) {
      int b = bytes[at + i];
      value |= (long) (b & 0x7F) << (7 * i);
      if (b >= 0) {
        boolean overflows = i == IndexLayout.MAX_VARINT_SIZE - 1 && b > 1;
        boolean padded = i > 0 && b == 0;
        if (overflows || padded) {
          break;
        }
        at += i + 1;
        return value;
      }
    }
    failed = true;
    return 0;
  }

  boolean failed() {
    return failed;
  }

  int offset() {
    return at;
  }
}

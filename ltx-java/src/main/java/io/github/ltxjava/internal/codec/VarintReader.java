package io.github.ltxjava.internal.codec;

/** Decodes varints from an array; a bad one is never passed, so that all results are 0 then. */
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
    int next = at;
    for (int shift = 0; shift < Long.SIZE && next < end; shift += 7) {
      int b = bytes[next++];
      value |= (long) (b & 0x7F) << shift;
      if (b >= 0) {
        boolean overflows = shift == Long.SIZE - 1 && b > 1;
        boolean padded = shift > 0 && b == 0;
        if (overflows || padded) {
          break;
        }
        at = next;
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

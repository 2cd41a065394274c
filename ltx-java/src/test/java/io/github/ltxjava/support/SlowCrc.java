package io.github.ltxjava.support;

/** CRC-64/GO-ISO by its definition: one bit at a time, no tables. */
public final class SlowCrc {

  public static final long INITIAL = -1L;
  private static final long POLYNOMIAL = 0xD800_0000_0000_0000L;

  private SlowCrc() {}

  /** Returns the state after these bytes. */
  public static long advance(long state, byte[] bytes, int offset, int length) {
    long s = state;
    for (int i = offset; i < offset + length; i++) {
      s ^= bytes[i] & 0xFF;
      for (int bit = 0; bit < 8; bit++) {
        s = (s & 1) != 0 ? (s >>> 1) ^ POLYNOMIAL : s >>> 1;
      }
    }
    return s;
  }

  /** Returns the state after these bytes. */
  public static long advance(long state, byte[] bytes) {
    return advance(state, bytes, 0, bytes.length);
  }

  /** Returns the checksum of these bytes, top bit as it comes. */
  public static long of(byte[] bytes) {
    return ~advance(INITIAL, bytes);
  }

  /** Returns the page checksum of a page. */
  public static long ofPage(long pageNumber, byte[] page) {
    byte[] number = {
      (byte) (pageNumber >>> 24),
      (byte) (pageNumber >>> 16),
      (byte) (pageNumber >>> 8),
      (byte) pageNumber
    };
    return ~advance(advance(INITIAL, number), page) | Long.MIN_VALUE;
  }
}

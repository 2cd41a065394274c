package io.github.ltxjava.testkit;

/** CRC-64/GO-ISO by its definition: one bit at a time. */
final class SlowCrc64 {

  private static final long POLYNOMIAL = 0xD800_0000_0000_0000L;

  private SlowCrc64() {}

  /** Returns the checksum of all the pieces in a row, top bit set. */
  static long of(byte[]... pieces) {
    long state = -1;
    for (byte[] piece : pieces) {
      for (byte b : piece) {
        state ^= b & 0xFF;
        for (int bit = 0; bit < 8; bit++) {
          state = (state & 1) != 0 ? (state >>> 1) ^ POLYNOMIAL : state >>> 1;
        }
      }
    }
    return ~state | Long.MIN_VALUE;
  }
}

package io.github.ltxjava.internal.crc;

import io.github.ltxjava.LtxHeader;

/**
 * Advances a CRC state over bytes whose remainder is known: {@code state(s, d) = s · x^(8·len(d)) +
 * remainder(d)}. So one pass over a page serves both the file checksum and the page checksum, and
 * pages hashed apart can be joined.
 *
 * <p>Multiplying by a constant is linear, so sixteen look-ups, one per nibble, are enough; the
 * tables take 2 KiB. Instances are immutable.
 */
public final class Crc64Shift {

  private static final int NIBBLES = 16;
  private static final Crc64Shift[] BY_PAGE_SIZE =
      new Crc64Shift[Integer.numberOfTrailingZeros(LtxHeader.MAX_PAGE_SIZE) + 1];

  private final long[] table = new long[NIBBLES * NIBBLES];

  private Crc64Shift(long bytes) {
    long factor = Crc64Iso.powerOfX(bytes);
    for (int nibble = 0; nibble < NIBBLES; nibble++) {
      for (int bit = 0; bit < 4; bit++) {
        long product = Crc64Iso.multiply(1L << (nibble * 4 + bit), factor);
        for (int value = 0; value < NIBBLES; value++) {
          if ((value >>> bit & 1) != 0) {
            table[nibble * NIBBLES + value] ^= product;
          }
        }
      }
    }
  }

  /** Returns the shift over a page; the page size is a power of two from 512 to 65,536. */
  public static Crc64Shift ofPage(int pageSize) {
    int slot = Integer.numberOfTrailingZeros(pageSize);
    // A race only makes the same immutable tables twice.
    Crc64Shift shift = BY_PAGE_SIZE[slot];
    if (shift == null) {
      shift = new Crc64Shift(pageSize);
      BY_PAGE_SIZE[slot] = shift;
    }
    return shift;
  }

  /** Returns the state after so many bytes whose remainder, from state zero, is given. */
  public long advance(long state, long remainder) {
    long result = remainder;
    for (int nibble = 0; nibble < NIBBLES; nibble++) {
      result ^= table[nibble * NIBBLES + ((int) (state >>> (nibble * 4)) & 0xF)];
    }
    return result;
  }
}

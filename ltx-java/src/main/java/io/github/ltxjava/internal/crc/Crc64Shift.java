package io.github.ltxjava.internal.crc;

import io.github.ltxjava.LtxHeader;

/**
 * Advances a CRC state over bytes whose remainder is known: {@code state(s, d) = s · x^(8·len(d)) +
 * remainder(d)}. So one pass over a page serves both the file checksum and the page checksum, and
 * pages hashed apart can be joined.
 *
 * <p>Multiplying by a constant is linear, so sixteen look-ups, one per nibble, are enough; the
 * tables take 3 KiB. Instances are immutable.
 */
public final class Crc64Shift {

  private static final int NIBBLE_BITS = 4;

  /** What a nibble can be: its share of a table. */
  private static final int VALUES = 1 << NIBBLE_BITS;

  private static final Crc64Shift[] BY_PAGE_SIZE =
      new Crc64Shift[Integer.numberOfTrailingZeros(LtxHeader.MAX_PAGE_SIZE) + 1];

  private final long[] table = new long[Long.SIZE / NIBBLE_BITS * VALUES];

  /** For the page number before a page: to advance over it, and then over the page. */
  private final long[] numberTable = new long[Integer.SIZE / NIBBLE_BITS * VALUES];

  /** The state after page number 0 and a page of zeros. */
  private final long afterZeros;

  private Crc64Shift(long bytes) {
    long factor = Crc64Iso.powerOfX(bytes);
    for (int bit = 0; bit < Long.SIZE; bit++) {
      fill(table, bit, Crc64Iso.multiply(1L << bit, factor));
    }
    for (int bit = 0; bit < Integer.SIZE; bit++) {
      fill(numberTable, bit, advance(Crc64Iso.advanceByInt(0, 1 << bit), 0));
    }
    afterZeros = advance(Crc64Iso.advanceByInt(Crc64Iso.INITIAL, 0), 0);
  }

  /** Adds to all values of a nibble that have the bit. */
  private static void fill(long[] table, int bit, long product) {
    int start = bit / NIBBLE_BITS * VALUES;
    for (int value = 0; value < VALUES; value++) {
      if ((value >>> bit % NIBBLE_BITS & 1) != 0) {
        table[start + value] ^= product;
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
    int low = (int) state;
    int high = (int) (state >>> 32);
    return remainder
        ^ ofNibbles(table, 0, low)
        ^ ofNibbles(table, 4, low >>> 16)
        ^ ofNibbles(table, 8, high)
        ^ ofNibbles(table, 12, high >>> 16);
  }

  /** Returns the state after a page number, from the initial state, and a page. */
  long afterNumber(int pageNumber, long remainder) {
    return remainder
        ^ afterZeros
        ^ ofNibbles(numberTable, 0, pageNumber)
        ^ ofNibbles(numberTable, 4, pageNumber >>> 16);
  }

  /** Looks up the lowest four nibbles, which are number {@code first} and the ones behind. */
  private static long ofNibbles(long[] table, int first, int bits) {
    int start = first * VALUES;
    return table[start + (bits & 15)]
        ^ table[start + 16 + (bits >>> 4 & 15)]
        ^ (table[start + 32 + (bits >>> 8 & 15)] ^ table[start + 48 + (bits >>> 12 & 15)]);
  }
}

package io.github.ltxjava.internal.format;

/**
 * The page index of v2 and v3 (specification, "Page index").
 *
 * <pre>
 *   | (page number, frame offset, frame length: varints)* | varint 0 | length of all varints u64 |
 * </pre>
 *
 * <p>Varints are unsigned LEB128: seven bits a byte, low bits first, the top bit on all but the
 * last.
 */
public final class IndexLayout {

  /** Length of the size field behind the varints. */
  public static final int SIZE_FIELD_SIZE = 8;

  /** Longest varint: 64 bits in groups of seven. */
  public static final int MAX_VARINT_SIZE = 10;

  /** Shortest entry: three varints of one byte. */
  public static final int MIN_ENTRY_SIZE = 3;

  /** Longest entry that describes a page: page number, offset and length. */
  public static final int MAX_ENTRY_SIZE = 5 + MAX_VARINT_SIZE + 5;

  private IndexLayout() {}

  /** Returns how many bytes a varint takes. */
  public static int varintSize(long value) {
    return Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(value) + 6) / 7);
  }

  /** Encodes a varint and returns the offset behind it. */
  public static int putVarint(byte[] target, int offset, long value) {
    int at = offset;
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      target[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    target[at++] = (byte) rest;
    return at;
  }
}

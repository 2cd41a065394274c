package io.github.ltxjava;

import io.github.ltxjava.internal.format.Hex;

/**
 * A checksum as it stands in an LTX file: CRC-64/GO-ISO with the top bit set, which tells it from
 * "no checksum".
 *
 * @param bits the checksum, top bit included
 */
public record Checksum(long bits) {

  /** The bit that every checksum has; zero bits mean that there is none. */
  public static final long FLAG = 1L << 63;

  /** The checksum of a database without pages. */
  public static final Checksum EMPTY_DATABASE = new Checksum(FLAG);

  /**
   * Checks the flag bit.
   *
   * @throws IllegalArgumentException if the top bit is clear
   */
  public Checksum {
    if ((bits & FLAG) == 0) {
      throw new IllegalArgumentException(
          "a checksum has its top bit set, but was " + Hex.format(bits));
    }
  }

  /** Returns the checksum with these 63 bits; the top bit is added. */
  public static Checksum of(long bits) {
    return new Checksum(bits | FLAG);
  }

  /**
   * Parses the text form.
   *
   * @param text exactly 16 hexadecimal digits, in either case, the first of them 8 or more
   * @throws IllegalArgumentException if the text has another form
   */
  public static Checksum parse(String text) {
    return new Checksum(Hex.parseLong(text, "checksum"));
  }

  /** Returns 16 lower-case hexadecimal digits. */
  @Override
  public String toString() {
    return Hex.format(bits);
  }
}

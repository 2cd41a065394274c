package io.github.ltxjava.internal.format;

import java.util.HexFormat;

/** The one text form of 64-bit numbers: 16 lower-case hexadecimal digits. */
public final class Hex {

  private static final int DIGITS = 16;

  private Hex() {}

  /** Returns 16 lower-case digits. */
  public static String format(long value) {
    return HexFormat.of().toHexDigits(value);
  }

  /**
   * Parses exactly 16 digits.
   *
   * @param what names the value in the error message
   * @throws IllegalArgumentException if the text has another form
   */
  public static long parseLong(String text, String what) {
    if (text.length() != DIGITS || !text.chars().allMatch(HexFormat::isHexDigit)) {
      throw new IllegalArgumentException(
          "a " + what + " has 16 hexadecimal digits, but was \"" + text + "\"");
    }
    return Long.parseUnsignedLong(text, 16);
  }
}

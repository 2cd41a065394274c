package io.github.ltxjava.tools.ltx;

import io.github.ltxjava.tools.cli.Timestamps;

/** Writes times as Go does. */
final class GoTimes {

  private static final int MILLIS_PER_SECOND = 1000;

  private GoTimes() {}

  /** Without zeros at the end of the fraction: Go's layout RFC3339Nano. */
  static String withFraction(long millis) {
    String text = unsigned(Timestamps.format(millis));
    if (text.indexOf('.') < 0) {
      return text;
    }
    int end = text.length() - 1;
    while (text.charAt(end - 1) == '0') {
      end--;
    }
    return text.substring(0, end) + "Z";
  }

  /** Whole seconds: Go's layout RFC3339. */
  static String ofSeconds(long millis) {
    return unsigned(
        Timestamps.format(Math.floorDiv(millis, MILLIS_PER_SECOND) * MILLIS_PER_SECOND));
  }

  /** Java marks years of more than four digits with a plus, Go does not. */
  private static String unsigned(String text) {
    return text.startsWith("+") ? text.substring(1) : text;
  }
}

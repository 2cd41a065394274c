package io.github.ltxjava.tools.ltx;

import java.time.Duration;

/** Reads durations as Litestream writes them: {@code 30s}, {@code 5m}, {@code 1h30m}. */
final class Durations {

  private Durations() {}

  /**
   * Reads a duration.
   *
   * @throws IllegalArgumentException if it is none, or longer than a few hundred years
   */
  static Duration parse(String text) {
    Duration sum = Duration.ZERO;
    int at = 0;
    while (at < text.length()) {
      int unit = at;
      while (unit < text.length() && text.charAt(unit) >= '0' && text.charAt(unit) <= '9') {
        unit++;
      }
      int end = unit;
      while (end < text.length() && Character.isLetter(text.charAt(end))) {
        end++;
      }
      if (unit == at || unit - at > 10 || end == unit) {
        throw wrong(text);
      }
      long count = Long.parseLong(text.substring(at, unit));
      sum = sum.plus(unit(text, text.substring(unit, end)).multipliedBy(count));
      at = end;
    }
    // Nothing that counts in nanoseconds can overflow then.
    if (text.isEmpty() || sum.toDays() > 100_000) {
      throw wrong(text);
    }
    return sum;
  }

  private static Duration unit(String text, String name) {
    return switch (name) {
      case "ms" -> Duration.ofMillis(1);
      case "s" -> Duration.ofSeconds(1);
      case "m" -> Duration.ofMinutes(1);
      case "h" -> Duration.ofHours(1);
      case "d" -> Duration.ofDays(1);
      default -> throw wrong(text);
    };
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException(
        "\"" + text + "\" is not a duration such as 500ms, 30s, 5m, 24h or 1h30m");
  }
}

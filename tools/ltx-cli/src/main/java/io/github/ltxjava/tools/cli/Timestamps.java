package io.github.ltxjava.tools.cli;

import java.time.Instant;

/** Writes times as RFC 3339 in UTC, without the formatter, which takes longer than a short run. */
public final class Timestamps {

  private static final long MILLIS_PER_DAY = 86_400_000L;
  private static final long FIRST = -62_167_219_200_000L;
  private static final long LAST = 253_402_300_799_999L;
  private static final int DAYS_PER_ERA = 146_097;

  private Timestamps() {}

  /**
   * Formats milliseconds since the epoch, such as {@code 2024-05-24T17:30:07.420Z}; the fraction is
   * left out where it is zero.
   */
  public static String format(long millis) {
    if (millis < FIRST || millis > LAST) {
      return Instant.ofEpochMilli(millis).toString();
    }
    long days = Math.floorDiv(millis, MILLIS_PER_DAY);
    int ofDay = (int) Math.floorMod(millis, MILLIS_PER_DAY);
    StringBuilder text = new StringBuilder(24);
    date(text, days);
    text.append('T');
    digits(text, ofDay / 3_600_000, 2).append(':');
    digits(text, ofDay / 60_000 % 60, 2).append(':');
    digits(text, ofDay / 1000 % 60, 2);
    if (ofDay % 1000 != 0) {
      digits(text.append('.'), ofDay % 1000, 3);
    }
    return text.append('Z').toString();
  }

  /** Counts years from March, so that the leap day is the last one. */
  private static void date(StringBuilder text, long days) {
    long shifted = days + 719_468;
    long era = Math.floorDiv(shifted, DAYS_PER_ERA);
    int ofEra = Math.floorMod(shifted, DAYS_PER_ERA);
    int yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365;
    int ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    int month = (5 * ofYear + 2) / 153;
    int day = ofYear - (153 * month + 2) / 5 + 1;
    long year = yearOfEra + era * 400 + (month >= 10 ? 1 : 0);
    digits(text, (int) year, 4).append('-');
    digits(text, month < 10 ? month + 3 : month - 9, 2).append('-');
    digits(text, day, 2);
  }

  private static StringBuilder digits(StringBuilder text, int value, int count) {
    for (int unit = (int) Math.pow(10, count - 1); unit > 0; unit /= 10) {
      text.append((char) ('0' + value / unit % 10));
    }
    return text;
  }
}

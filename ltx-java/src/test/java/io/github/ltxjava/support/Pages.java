package io.github.ltxjava.support;

import java.util.Arrays;
import java.util.Random;

/** Page contents that compress well, badly and not at all; the same for the same arguments. */
public final class Pages {

  private Pages() {}

  /** A page like one of a table: repeated words with differences. */
  public static byte[] text(int pageSize, long seed) {
    byte[] page = new byte[pageSize];
    Random random = new Random(seed);
    int at = 0;
    while (at < pageSize) {
      byte[] word =
          ("row " + random.nextInt(50) + ", ").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
      int length = Math.min(word.length, pageSize - at);
      System.arraycopy(word, 0, page, at, length);
      at += length;
    }
    return page;
  }

  /** A page that does not compress. */
  public static byte[] random(int pageSize, long seed) {
    byte[] page = new byte[pageSize];
    new Random(seed).nextBytes(page);
    return page;
  }

  /** A page of one value. */
  public static byte[] filled(int pageSize, int value) {
    byte[] page = new byte[pageSize];
    Arrays.fill(page, (byte) value);
    return page;
  }

  /** Text, noise and zeros in turn. */
  public static byte[] mixed(int pageSize, long seed) {
    return switch ((int) Math.floorMod(seed, 3L)) {
      case 0 -> text(pageSize, seed);
      case 1 -> random(pageSize, seed);
      default -> filled(pageSize, 0);
    };
  }
}

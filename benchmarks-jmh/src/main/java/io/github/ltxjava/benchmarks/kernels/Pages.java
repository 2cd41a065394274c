package io.github.ltxjava.benchmarks.kernels;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** Pages to work on, the same every time. */
public final class Pages {

  private Pages() {}

  /** Returns a page of words, zeros and random bytes, which compresses to about half. */
  public static byte[] page(int pageSize, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] page = new byte[pageSize];
    int at = 0;
    while (at < pageSize) {
      byte[] piece =
          switch (random.nextInt(4)) {
            case 0 -> new byte[1 + random.nextInt(40)];
            case 1 -> Long.toString(random.nextLong()).getBytes(StandardCharsets.US_ASCII);
            default -> ("word" + random.nextInt(200) + " ").getBytes(StandardCharsets.US_ASCII);
          };
      int length = Math.min(piece.length, pageSize - at);
      System.arraycopy(piece, 0, page, at, length);
      at += length;
    }
    return page;
  }

  /** Returns random bytes. */
  public static byte[] noise(int pageSize, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] page = new byte[pageSize];
    for (int i = 0; i < pageSize; i++) {
      page[i] = (byte) random.nextInt();
    }
    return page;
  }
}

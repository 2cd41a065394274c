package io.github.ltxjava.replica;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** How long to wait before the next attempt: twice as long each time, by chance up to half less. */
final class Backoff {

  private static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int MAX_DOUBLINGS = 8;

  private Backoff() {}

  /** Returns the delay after so many failures in a row: 0.1 s after the first, at most 26 s. */
  static long nanosAfter(int failures) {
    long delay = FIRST_NANOS << Math.min(Math.max(0, failures - 1), MAX_DOUBLINGS);
    return delay / 2 + ThreadLocalRandom.current().nextLong(delay / 2 + 1);
  }
}

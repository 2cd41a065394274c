package io.github.ltxjava.store.s3;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * How often, and after which pauses, the requests of a store are repeated.
 *
 * <p>A pause is random, from nothing to a bound that doubles ("full jitter"), so that many clients
 * of a server in trouble do not return together. A budget that all requests of the store share
 * keeps them from multiplying its load: a repetition costs {@value #COST}, an answer gives back
 * {@value #GAIN}.
 *
 * <p>Safe for many threads.
 */
final class Backoff {

  private static final int BUDGET = 500;
  private static final int COST = 5;
  private static final int GAIN = 1;
  private static final Duration FIRST = Duration.ofMillis(100);
  private static final Duration LONGEST_ASKED_FOR = Duration.ofSeconds(60);

  private final int maxAttempts;
  private final Duration longest;
  private int budget = BUDGET;

  Backoff(int maxAttempts, Duration longest) {
    this.maxAttempts = maxAttempts;
    this.longest = longest;
  }

  synchronized void succeeded() {
    budget = Math.min(BUDGET, budget + GAIN);
  }

  private synchronized boolean spend() {
    if (budget < COST) {
      return false;
    }
    budget -= COST;
    return true;
  }

  /**
   * Waits before a request is made again.
   *
   * @param attempt how often it was made
   * @param askedFor the pause that the server has asked for
   * @param failure how it ended, thrown if it is not to be made again
   */
  void pause(int attempt, Optional<Duration> askedFor, IOException failure) throws IOException {
    if (attempt >= maxAttempts || !spend()) {
      throw failure;
    }
    long bound = Math.min(longest.toNanos(), FIRST.toNanos() << Math.min(attempt - 1, 20));
    long nanos = bound <= 0 ? 0 : ThreadLocalRandom.current().nextLong(bound + 1);
    if (askedFor.isPresent()) {
      nanos += Math.min(askedFor.get().toNanos(), LONGEST_ASKED_FOR.toNanos());
    }
    try {
      // A latch that nobody opens: a wait that ends only by itself, or by an interrupt.
      if (new CountDownLatch(1).await(nanos, TimeUnit.NANOSECONDS)) {
        throw new IllegalStateException("nobody opens it");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted =
          new InterruptedIOException("interrupted before the repetition of a request");
      interrupted.addSuppressed(failure);
      throw interrupted;
    }
  }
}

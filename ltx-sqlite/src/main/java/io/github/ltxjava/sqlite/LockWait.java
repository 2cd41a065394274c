package io.github.ltxjava.sqlite;

import io.github.ltxjava.sqlite.DatabaseUnavailableException.Reason;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for locks that other processes hold, which can only be asked for again and again. */
final class LockWait {

  static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

  private static final long FIRST_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(200);
  private static final long MAX_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final long start = System.nanoTime();
  private final Duration timeout;
  private long pauseNanos = FIRST_PAUSE_NANOS;

  LockWait(Duration timeout) {
    this.timeout = timeout;
  }

  /**
   * Pauses before another try.
   *
   * @param what what is waited for, for the message
   * @throws DatabaseUnavailableException if the time is over
   * @throws InterruptedIOException if the thread is interrupted; it stays so
   */
  void pause(Object database, String what) throws IOException {
    if (System.nanoTime() - start >= timeout.toNanos()) {
      throw new DatabaseUnavailableException(
          Reason.LOCKED,
          database,
          what + "; gave up after " + timeout.toMillis() + " ms. Try again, or wait longer");
    }
    LockSupport.parkNanos(pauseNanos);
    pauseNanos = Math.min(2 * pauseNanos, MAX_PAUSE_NANOS);
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("[" + database + "] interrupted while waiting for a lock");
    }
  }
}

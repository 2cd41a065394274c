package io.github.ltxjava.replica;

import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Work that runs again and again, never twice at once: when it is triggered, and after the delay
 * that it asks for. Holds no thread while it waits.
 */
final class SerialTask {

  /** Work; its result is after how many nanoseconds to run again. */
  interface Body {
    long run();
  }

  /** The result of a body that waits to be triggered. */
  static final long UNTIL_TRIGGERED = Long.MAX_VALUE;

  private final Executor executor;
  private final ScheduledExecutorService timer;
  private final Body body;

  private boolean queued;
  private boolean running;
  private boolean again;
  private boolean closed;
  private @Nullable Future<?> timed;
  private long timedAtNanos;

  SerialTask(Executor executor, ScheduledExecutorService timer, Body body) {
    this.executor = executor;
    this.timer = timer;
    this.body = body;
  }

  /** Runs the work as soon as a thread is free, and again if it is running. */
  synchronized void trigger() {
    if (closed) {
      return;
    }
    cancelTimer();
    if (running) {
      again = true;
    } else if (!queued) {
      queued = true;
      executor.execute(this::run);
    }
  }

  /** Runs the work after a delay, if it does not run before. */
  synchronized void triggerIn(long delayNanos) {
    if (closed || queued || again) {
      return;
    }
    long at = System.nanoTime() + delayNanos;
    if (timed != null && timedAtNanos - at <= 0) {
      return;
    }
    cancelTimer();
    timedAtNanos = at;
    timed = timer.schedule(this::trigger, delayNanos, TimeUnit.NANOSECONDS);
  }

  private void cancelTimer() {
    if (timed != null) {
      timed.cancel(false);
      timed = null;
    }
  }

  private void run() {
    synchronized (this) {
      queued = false;
      if (closed) {
        return;
      }
      running = true;
    }
    long delayNanos = UNTIL_TRIGGERED;
    try {
      delayNanos = body.run();
    } finally {
      ended(delayNanos);
    }
  }

  private synchronized void ended(long delayNanos) {
    running = false;
    notifyAll();
    if (again) {
      again = false;
      trigger();
    } else if (delayNanos != UNTIL_TRIGGERED) {
      triggerIn(delayNanos);
    }
  }

  /**
   * Lets the work not run any more, and waits until it does not.
   *
   * @return false if it still runs after the timeout
   */
  synchronized boolean close(long timeoutNanos) throws InterruptedException {
    closed = true;
    again = false;
    cancelTimer();
    long until = System.nanoTime() + timeoutNanos;
    while (running) {
      long rest = until - System.nanoTime();
      if (rest <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, rest);
    }
    return true;
  }
}

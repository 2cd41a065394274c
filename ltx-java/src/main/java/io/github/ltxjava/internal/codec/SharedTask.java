package io.github.ltxjava.internal.codec;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Work that a thread of the caller's executor does, or nobody if none has come to it by the time it
 * is withdrawn. So a busy executor costs speed, never progress.
 */
final class SharedTask implements Runnable {

  /** What is done. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException;
  }

  private final Work work;
  private final AtomicBoolean claimed = new AtomicBoolean();
  private final CountDownLatch done = new CountDownLatch(1);
  private @Nullable Throwable failure;

  SharedTask(Work work) {
    this.work = work;
  }

  /** Offers the work to an executor; a full or closing one only means less help. */
  void offerTo(Executor executor) {
    try {
      executor.execute(this);
    } catch (RejectedExecutionException e) {
      // The calling thread does all of it.
      return;
    }
  }

  @Override
  public void run() {
    if (claimed.compareAndSet(false, true)) {
      try {
        work.run();
      } catch (Throwable e) {
        // Kept for the calling thread, which asks for the outcome.
        failure = e;
      } finally {
        done.countDown();
      }
    }
  }

  /** Keeps the work from starting, or waits for its end, and returns how that came out. */
  @Nullable Throwable withdraw() {
    if (claimed.compareAndSet(false, true)) {
      return null;
    }
    await();
    return failure;
  }

  private void await() {
    boolean interrupted = false;
    while (true) {
      try {
        done.await();
        break;
      } catch (InterruptedException e) {
        // The work uses what the caller is about to release or reuse: it has to end first.
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  static void rethrow(@Nullable Throwable failure) throws IOException {
    if (failure instanceof IOException) {
      throw (IOException) failure;
    }
    if (failure instanceof RuntimeException) {
      throw (RuntimeException) failure;
    }
    if (failure instanceof Error) {
      throw (Error) failure;
    }
  }
}

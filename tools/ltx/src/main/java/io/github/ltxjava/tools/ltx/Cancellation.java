package io.github.ltxjava.tools.ltx;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a command clean up when the process is told to end: it is interrupted, unwinds, and so
 * discards what it has begun to write.
 */
final class Cancellation {

  private static final long PATIENCE_SECONDS = 10;

  private final Thread worker = Thread.currentThread();
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile boolean requested;
  private volatile boolean interrupts = true;

  /** Watches for the end of the process; {@link #finish} ends the watch. */
  static Cancellation watchProcess() {
    Cancellation cancellation = new Cancellation();
    // No method reference: the first one of a process takes a tenth of a short command's time.
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread("ltx-cancel") {
              @Override
              public void run() {
                cancellation.cancelAndWait();
              }
            });
    return cancellation;
  }

  /** Never cancels by itself. */
  static Cancellation none() {
    return new Cancellation();
  }

  /** Tells whether the command has to stop. */
  boolean isRequested() {
    return requested;
  }

  /**
   * Stops the command if it has to.
   *
   * @throws CancellationException if so
   */
  void check() {
    if (requested) {
      throw new CancellationException("interrupted");
    }
  }

  /** Says that nothing is left to clean up. */
  void finish() {
    done.countDown();
  }

  /** From now on the end of the process waits for the command instead of interrupting it. */
  void withoutInterrupt() {
    interrupts = false;
  }

  /** Asks the command to stop; its next input or output fails. */
  void cancel() {
    requested = true;
    if (interrupts) {
      worker.interrupt();
    }
  }

  private void cancelAndWait() {
    if (done.getCount() == 0) {
      return;
    }
    cancel();
    try {
      if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("ltx: gave up waiting for the command to clean up");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

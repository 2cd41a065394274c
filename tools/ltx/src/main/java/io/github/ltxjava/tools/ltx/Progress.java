package io.github.ltxjava.tools.ltx;

import java.io.PrintStream;
import java.util.function.LongSupplier;

/**
 * Shows on a terminal how far long work has come: one line, from the second second on, a few times
 * a second, and gone when the work is done. Elsewhere it shows nothing.
 */
final class Progress implements AutoCloseable {

  private static final long DELAY_NANOS = 1_000_000_000L;
  private static final long INTERVAL_NANOS = 200_000_000L;
  private static final String ERASE_LINE = "\r\u001b[K";

  private final PrintStream err;
  private final boolean enabled;
  private final String what;
  private final String unit;
  private final LongSupplier clock;
  private final Cancellation cancellation;
  private long next;
  private boolean shown;

  Progress(
      Terminal terminal, Cancellation cancellation, String what, String unit, LongSupplier clock) {
    this.err = terminal.err();
    this.enabled = terminal.errIsTerminal();
    this.cancellation = cancellation;
    this.what = what;
    this.unit = unit;
    this.clock = clock;
    this.next = clock.getAsLong() + DELAY_NANOS;
  }

  /**
   * Starts.
   *
   * @param unit what is counted, such as a page
   */
  Progress(Terminal terminal, Cancellation cancellation, String what, String unit) {
    this(terminal, cancellation, what, unit, System::nanoTime);
  }

  /**
   * Takes note of how much is done; also stops the command if it has to.
   *
   * @throws java.util.concurrent.CancellationException if the command has been cancelled
   */
  void update(long done, long total) {
    cancellation.check();
    if (!enabled) {
      return;
    }
    long now = clock.getAsLong();
    if (now - next < 0) {
      return;
    }
    next = now + INTERVAL_NANOS;
    long percent = total <= 0 ? 0 : (long) Math.min(100, 100.0 * done / total);
    err.print(ERASE_LINE + what + ": " + unit + " " + done + " of " + total + ", " + percent + "%");
    err.flush();
    shown = true;
  }

  @Override
  public void close() {
    if (shown) {
      err.print(ERASE_LINE);
      err.flush();
    }
  }
}

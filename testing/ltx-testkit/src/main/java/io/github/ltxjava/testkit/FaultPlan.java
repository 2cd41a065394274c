package io.github.ltxjava.testkit;

import java.io.IOException;
import java.util.Optional;

/**
 * Counts the calls of a medium and lets one of them fail; shared by all that is opened under it, so
 * that a test can fail the n-th call of a whole operation, for all n.
 *
 * {@snippet :
 * for (int n = 0; ; n++) {
 *   FaultPlan plan = FaultPlan.failingAt(n);
 *   // use a FaultInjectingStore, FaultInjectingSource or FaultInjectingSink with the plan
 *   if (plan.failure().isEmpty()) {
 *     break; // the operation makes no more than n calls
 *   }
 * }
 * }
 *
 * <p>Safe for many threads.
 */
public final class FaultPlan {

  private final long failAt;
  private long calls;
  private long opened;
  private long closed;
  private Optional<IOException> failure = Optional.empty();

  private FaultPlan(long failAt) {
    this.failAt = failAt;
  }

  /** Lets the call with this number fail, counted from 0. */
  public static FaultPlan failingAt(long call) {
    return new FaultPlan(call);
  }

  /** Lets no call fail and only counts. */
  public static FaultPlan countingOnly() {
    return new FaultPlan(-1);
  }

  /** Counts a call and fails if it is its turn. */
  synchronized void call(String what) throws IOException {
    if (calls++ == failAt) {
      IOException thrown = new IOException("injected fault at call " + failAt + ": " + what);
      failure = Optional.of(thrown);
      throw thrown;
    }
  }

  synchronized void open() {
    opened++;
  }

  synchronized void close() {
    closed++;
  }

  /** Returns how many calls were made. */
  public synchronized long calls() {
    return calls;
  }

  /** Returns the exception that was thrown, or empty if no call had its turn. */
  public synchronized Optional<IOException> failure() {
    return failure;
  }

  /** Tells whether every source and sink opened under this plan has been closed exactly once. */
  public synchronized boolean allClosed() {
    return opened == closed;
  }
}

package io.github.ltxjava.internal.codec;

import io.github.ltxjava.Parallelism;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Batches that several threads work on and the calling thread joins, in the order in which it
 * submitted them: so neither what comes out nor which failure is told depends on the threads.
 *
 * <p>The calling thread works too whenever all batches are in use, so an executor that is busy,
 * full or closed costs speed, never progress. It waits only if nothing is left that nobody has
 * started. Batches are used again and again; there are a few per thread.
 *
 * <p>All methods are for the calling thread. Once one of them has failed, only {@link #abandon} may
 * follow.
 */
public final class OrderedWork<B extends OrderedWork.Batch> {

  /** What is handed from thread to thread. */
  public interface Batch {

    /** Does the work; on any thread, while others work on other batches. */
    void work() throws IOException;

    /** Takes over what the work gave; on the calling thread, batch after batch. */
    void join() throws IOException;
  }

  /**
   * With one batch each at work, the others are what a thread can go on with while another one is
   * kept from its processor.
   */
  private static final int BATCHES_PER_THREAD = 4;

  private final Parallelism parallelism;
  private final Supplier<B> maker;
  private final @Nullable Slot<B>[] ring;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition workEnded = lock.newCondition();
  private final Runnable helper = this::help;
  private int helpers;

  // The batches of these numbers, modulo the ring, are: joined, at work or done, waiting for
  // somebody to start, free. The first and the last number are changed by the calling thread alone.
  private long joined;
  private long started;
  private long submitted;

  /** A batch and how its work came out. */
  private static final class Slot<B> {
    private final B batch;
    private boolean done;
    private @Nullable Throwable failure;

    Slot(B batch) {
      this.batch = batch;
    }
  }

  /**
   * Creates the machinery; no batch is made and no thread asked for help before that is needed.
   *
   * @param maker makes a batch
   */
  @SuppressWarnings({"unchecked", "rawtypes"}) // an array cannot be made of a generic type
  public OrderedWork(Parallelism parallelism, Supplier<B> maker) {
    this.parallelism = parallelism;
    this.maker = maker;
    int threads = parallelism.threads();
    this.ring = new Slot[threads == 1 ? 1 : Math.multiplyExact(threads, BATCHES_PER_THREAD)];
  }

  /**
   * Returns a batch to be filled and then submitted; the same one until that is done. Works, waits
   * and joins as long as there is none.
   *
   * @throws IOException what the work or the joining of an earlier batch threw
   */
  public B next() throws IOException {
    while (submitted - joined == ring.length) {
      advance();
    }
    int at = (int) (submitted % ring.length);
    Slot<B> slot = ring[at];
    if (slot == null) {
      slot = new Slot<>(maker.get());
      ring[at] = slot;
    }
    return slot.batch;
  }

  /** Hands over the batch that {@link #next} returned. */
  public void submit() {
    boolean callForHelp;
    lock.lock();
    try {
      slot(submitted++).done = false;
      callForHelp = helpers < parallelism.threads() - 1;
      if (callForHelp) {
        helpers++;
      }
    } finally {
      lock.unlock();
    }
    if (callForHelp) {
      try {
        parallelism.executor().execute(helper);
      } catch (RejectedExecutionException e) {
        // Counted as a helper that never comes: who refuses once is not asked again.
        return;
      }
    }
  }

  /**
   * Returns when all batches are joined.
   *
   * @throws IOException what the work or the joining of a batch threw
   */
  public void finish() throws IOException {
    while (joined < submitted) {
      advance();
    }
  }

  /** Keeps what nobody has started from being started, and waits for the end of the rest. */
  public void abandon() {
    lock.lock();
    try {
      submitted = started;
      while (joined < submitted) {
        if (slot(joined).done) {
          joined++;
        } else {
          workEnded.awaitUninterruptibly();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Joins the oldest batch, or brings that nearer. */
  private void advance() throws IOException {
    Slot<B> oldest = slot(joined);
    if (isDone(oldest)) {
      joined++;
      SharedTask.rethrow(oldest.failure);
      oldest.batch.join();
      return;
    }
    Slot<B> unstarted = start();
    if (unstarted != null) {
      work(unstarted);
    } else {
      awaitEnd(oldest);
    }
  }

  private Slot<B> slot(long number) {
    Slot<B> slot = ring[(int) (number % ring.length)];
    if (slot == null) {
      throw new AssertionError("batch " + number + " was never filled");
    }
    return slot;
  }

  private boolean isDone(Slot<B> slot) {
    lock.lock();
    try {
      return slot.done;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Slot<B> start() {
    lock.lock();
    try {
      return startLocked();
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Slot<B> startLocked() {
    if (started == submitted) {
      return null;
    }
    return slot(started++);
  }

  private void help() {
    for (Slot<B> slot = startOrLeave(); slot != null; slot = startOrLeave()) {
      work(slot);
    }
  }

  private @Nullable Slot<B> startOrLeave() {
    lock.lock();
    try {
      Slot<B> slot = startLocked();
      if (slot == null) {
        helpers--;
      }
      return slot;
    } finally {
      lock.unlock();
    }
  }

  private void work(Slot<B> slot) {
    Throwable failure = null;
    try {
      slot.batch.work();
    } catch (Throwable e) {
      // Thrown to the calling thread when it comes to this batch.
      failure = e;
    }
    lock.lock();
    try {
      slot.failure = failure;
      slot.done = true;
      workEnded.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Uninterruptibly: the work uses what the caller is going to release. */
  private void awaitEnd(Slot<B> slot) {
    lock.lock();
    try {
      while (!slot.done) {
        workEnded.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }
}

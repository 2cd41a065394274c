package io.github.ltxjava.store.s3;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Requests that are made at the same time. Their threads are shared, and end when idle. */
final class Parallel {

  private static final ExecutorService THREADS =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          10,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          runnable -> {
            Thread thread = new Thread(runnable, "ltx-store-s3");
            thread.setDaemon(true);
            return thread;
          });

  private Parallel() {}

  /** Something that is being done, and of which one can wait for the real end. */
  static final class Task<T> extends FutureTask<T> {
    private final CountDownLatch ended = new CountDownLatch(1);

    private Task(Callable<T> work) {
      super(work);
    }

    @Override
    public void run() {
      try {
        super.run();
      } finally {
        ended.countDown();
      }
    }

    /** Waits for the result. */
    T result() throws IOException {
      try {
        return get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while waiting for a request");
      } catch (ExecutionException e) {
        if (e.getCause() instanceof IOException io) {
          throw io;
        }
        throw new IOException(e.getCause());
      }
    }

    /** Waits until nothing is done any more, whatever came of it, also after it was cancelled. */
    void settle() throws IOException {
      try {
        ended.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while waiting for a request to end");
      }
    }
  }

  static <T> Task<T> submit(Callable<T> work) {
    Task<T> task = new Task<>(work);
    THREADS.execute(task);
    return task;
  }

  /**
   * Does everything, so much at once, and returns the results in order; the first failure ends it.
   */
  static <T> List<T> all(List<Callable<T>> work, int atOnce) throws IOException {
    List<T> results = new ArrayList<>(work.size());
    Deque<Task<T>> running = new ArrayDeque<>();
    try {
      for (Callable<T> each : work) {
        if (running.size() == atOnce) {
          results.add(running.remove().result());
        }
        running.add(submit(each));
      }
      while (!running.isEmpty()) {
        results.add(running.remove().result());
      }
    } finally {
      running.forEach(task -> task.cancel(true));
    }
    return results;
  }
}

package io.github.ltxjava;

import java.util.concurrent.Executor;

/**
 * How many threads work on one file. The result never depends on it.
 *
 * <p>The default everywhere is {@link #SEQUENTIAL}: the calling thread does the work alone, so that
 * a library call does not take cores that the application has other plans for.
 *
 * @param executor runs the tasks beside the calling thread; it stays the caller's, and may be busy
 *     or shared: the calling thread does whatever nobody else has started
 * @param threads how many threads work at once, the calling one included; from 1 to {@value
 *     #MAX_THREADS}
 */
public record Parallelism(Executor executor, int threads) {

  /** What a work is divided among at most: memory is set aside for each thread. */
  public static final int MAX_THREADS = 1024;

  /** The calling thread alone. */
  public static final Parallelism SEQUENTIAL = new Parallelism(Runnable::run, 1);

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException if the number of threads is out of range
   */
  public Parallelism {
    if (threads < 1 || threads > MAX_THREADS) {
      throw new IllegalArgumentException(
          "threads are from 1 to " + MAX_THREADS + ", not " + threads);
    }
  }
}

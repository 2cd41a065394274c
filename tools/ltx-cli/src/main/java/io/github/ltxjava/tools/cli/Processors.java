package io.github.ltxjava.tools.cli;

import io.github.ltxjava.Parallelism;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** All processors of the machine, for work on large files; closing it ends its threads. */
public final class Processors implements AutoCloseable {

  /** Below this many bytes, starting a thread takes longer than it saves. */
  private static final long WORTHWHILE_SIZE = 8L << 20;

  /** Each thread takes some megabytes, and more of them than these wait for one that joins. */
  private static final int MOST = 16;

  private final ExecutorService executor;
  private final int count;

  private Processors(int count) {
    this.count = count;
    this.executor =
        Executors.newFixedThreadPool(
            count,
            task -> {
              Thread thread = new Thread(task, "ltx-worker");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Returns all processors, up to 16; no thread is started before it is needed. */
  public static Processors all() {
    return new Processors(Math.min(MOST, Runtime.getRuntime().availableProcessors()));
  }

  /**
   * Returns how many of them to use on a file.
   *
   * @param size bytes to work on
   */
  public Parallelism forSize(long size) {
    return size < WORTHWHILE_SIZE ? Parallelism.SEQUENTIAL : new Parallelism(executor, count);
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}

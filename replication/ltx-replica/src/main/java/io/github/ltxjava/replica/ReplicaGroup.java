package io.github.ltxjava.replica;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that the replicas of a process share, so that hundreds of databases need no more of
 * them than one: some to capture, some to upload, some to compact, a timer, and one that waits for
 * changes of files. All are daemons, and end when they are idle, but for the last two.
 *
 * <p>Safe for many threads.
 */
public final class ReplicaGroup implements Closeable {

  private static final int MAX_UPLOADS = 64;
  private static final int MAX_MAINTENANCE = 4;
  private static final int IDLE_SECONDS = 10;

  private final ThreadPoolExecutor capturing;
  private final ThreadPoolExecutor uploading;
  private final ThreadPoolExecutor maintaining;
  private final ScheduledThreadPoolExecutor timer;
  private final FolderWatcher watcher;

  private ReplicaGroup() {
    capturing = pool("capture", Math.max(2, Runtime.getRuntime().availableProcessors()));
    uploading = pool("upload", MAX_UPLOADS);
    maintaining = pool("compact", MAX_MAINTENANCE);
    timer = new ScheduledThreadPoolExecutor(1, threads("timer"));
    timer.setRemoveOnCancelPolicy(true);
    watcher = new FolderWatcher();
  }

  /** Creates a group; close it after its replicas. */
  public static ReplicaGroup create() {
    return new ReplicaGroup();
  }

  private static ThreadPoolExecutor pool(String name, int size) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            size, size, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads(name));
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private static ThreadFactory threads(String name) {
    AtomicInteger count = new AtomicInteger();
    return work -> {
      Thread thread = new Thread(work, "ltx-replica-" + name + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  Executor capturing() {
    return capturing;
  }

  Executor uploading() {
    return uploading;
  }

  Executor maintaining() {
    return maintaining;
  }

  ScheduledExecutorService timer() {
    return timer;
  }

  FolderWatcher watcher() {
    return watcher;
  }

  /** Ends the threads. Replicas that are still open do nothing any more. */
  @Override
  public void close() throws IOException {
    timer.shutdownNow();
    capturing.shutdown();
    uploading.shutdown();
    maintaining.shutdown();
    watcher.close();
  }
}

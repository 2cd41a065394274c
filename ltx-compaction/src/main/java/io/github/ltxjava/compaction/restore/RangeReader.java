package io.github.ltxjava.compaction.restore;

import io.github.ltxjava.LtxFile;
import io.github.ltxjava.PageIndex;
import io.github.ltxjava.io.ByteSource;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Reads some pages of a file by few requests, several of them at once. Frames that lie near each
 * other come in one request, with what is between them.
 *
 * <p>Belongs to one thread. Memory: a MiB for each request at once, more only for larger frames.
 */
final class RangeReader implements Closeable {

  /** What is between two frames and costs less than a request of its own. */
  private static final int MAX_GAP = 64 << 10;

  private static final int MAX_RANGE = 1 << 20;

  private final int requests;
  private final ExecutorService pool;

  /** Takes the pages. */
  interface Visitor {
    void take(long pageNumber, byte[] page) throws IOException;
  }

  /** Consecutive entries of the list of positions. */
  private record Range(int first, int last, long offset, int length) {}

  RangeReader(int requests) {
    this.requests = requests;
    this.pool =
        Executors.newFixedThreadPool(
            requests,
            task -> {
              Thread thread = new Thread(task, "ltx-restore-range");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Reads pages, ascending.
   *
   * @param window the source of the file
   * @param positions ascending, in the index of the file
   */
  void read(LtxFile file, RangeWindow window, int[] positions, Visitor visitor) throws IOException {
    List<Range> ranges = ranges(file.index(), positions);
    Deque<Future<byte[]>> coming = new ArrayDeque<>();
    ByteBuffer page = ByteBuffer.allocate(file.header().pageSize());
    int next = 0;
    try {
      for (Range range : ranges) {
        while (next < ranges.size() && coming.size() < requests) {
          Range ahead = ranges.get(next++);
          coming.add(pool.submit(() -> fetch(window.source(), ahead)));
        }
        window.set(range.offset(), await(coming.element()));
        coming.remove();
        for (int i = range.first(); i <= range.last(); i++) {
          long pageNumber = file.index().pageNumber(positions[i]);
          file.readPage(pageNumber, page.clear());
          visitor.take(pageNumber, page.array());
        }
      }
    } finally {
      settle(coming);
    }
  }

  private static List<Range> ranges(PageIndex index, int[] positions) {
    List<Range> ranges = new ArrayList<>();
    int first = 0;
    for (int i = 1; i <= positions.length; i++) {
      long start = index.frameOffset(positions[first]);
      long end = index.frameOffset(positions[i - 1]) + index.frameSize(positions[i - 1]);
      boolean last = i == positions.length;
      if (last
          || index.frameOffset(positions[i]) - end > MAX_GAP
          || index.frameOffset(positions[i]) + index.frameSize(positions[i]) - start > MAX_RANGE) {
        ranges.add(new Range(first, i - 1, start, Math.toIntExact(end - start)));
        first = i;
      }
    }
    return ranges;
  }

  private static byte[] fetch(ByteSource source, Range range) throws IOException {
    byte[] bytes = new byte[range.length()];
    source.readFully(range.offset(), ByteBuffer.wrap(bytes));
    return bytes;
  }

  private static byte[] await(Future<byte[]> coming) throws IOException {
    try {
      return coming.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  /** Waits for requests that nobody needs any more, so that their source can be closed. */
  private static void settle(Deque<Future<byte[]>> coming) {
    boolean interrupted = false;
    while (!coming.isEmpty()) {
      try {
        coming.element().get();
        coming.remove();
      } catch (ExecutionException e) {
        coming.remove(); // another failure is on its way to the caller
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }
}

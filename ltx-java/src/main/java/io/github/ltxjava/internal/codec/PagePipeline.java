package io.github.ltxjava.internal.codec;

import io.github.ltxjava.Parallelism;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decodes and hashes the frames of one scan or of many, on several threads, and hands them on in
 * the order in which they came.
 *
 * <pre>
 *   feed: next frame, copied      workers: decode, hash, convert      next(): in order
 *   ---------------------------&gt;  [ batch ] [ batch ] [ batch ]  ---&gt;  checksums, output
 * </pre>
 *
 * <p>The calling thread finds the frames and takes the results, since both depend on what was
 * before; in between it works on whatever batch nobody has started. What fails is thrown when its
 * turn comes, so the order of failures is that of one thread too.
 *
 * <p>Belongs to one thread. Allocates nothing per page.
 */
public final class PagePipeline {

  /** Where frames come from. */
  @FunctionalInterface
  public interface Feed {
    /**
     * Adds frames until the batch is full. The last scan moves on only when the next batch is to be
     * filled.
     *
     * @return false if there are no more
     */
    boolean fill(PageBatch batch) throws IOException;
  }

  private final byte @Nullable [] scratch;

  /** Null for one thread. */
  private final @Nullable OrderedWork<PageBatch> work;

  /** For one thread. */
  private final @Nullable PageBatch alone;

  /** Decoded and not used up; what {@link #next} stands in is the first. */
  private final Deque<PageBatch> ready = new ArrayDeque<>();

  private @Nullable Feed feed;
  private @Nullable Throwable failure;
  private @Nullable PageBatch current;
  private int entry;

  private PagePipeline(int pageSize, Parallelism parallelism, @Nullable FrameConverter converter) {
    this.scratch = converter == null || converter.givesFrames() ? null : new byte[pageSize];
    if (parallelism.threads() == 1) {
      this.alone = PageBatch.borrowing(pageSize, converter, ready);
      this.work = null;
    } else {
      this.alone = null;
      this.work =
          new OrderedWork<>(parallelism, () -> PageBatch.copying(pageSize, converter, ready));
    }
  }

  /** Creates a pipeline that gives pages. */
  public static PagePipeline ofPages(int pageSize, Parallelism parallelism) {
    return new PagePipeline(pageSize, parallelism, null);
  }

  /** Creates a pipeline that gives what a converter makes of frames. */
  public static PagePipeline converting(
      int pageSize, Parallelism parallelism, FrameConverter converter) {
    return new PagePipeline(pageSize, parallelism, converter);
  }

  /** Starts to take frames, once those of the feed before are through. */
  public void start(Feed value) {
    feed = value;
  }

  /** Starts to take all frames of a scan that stands before its first one. */
  public void start(FileScan scan) {
    start(
        batch -> {
          while (!batch.isFull()) {
            if (!scan.nextFrame()) {
              batch.addEnd(scan);
              return false;
            }
            batch.add(scan, true);
          }
          return true;
        });
  }

  /**
   * Moves to the next page, finishing each scan where it ends.
   *
   * @return false after the last one
   * @throws IOException what finding, decoding or checking it threw; nothing comes after that
   */
  public boolean next() throws IOException {
    while (true) {
      PageBatch batch = current;
      if (batch == null) {
        batch = nextBatch();
        if (batch == null) {
          return false;
        }
      }
      while (++entry < batch.count()) {
        batch.check(entry);
        if (!batch.isEnd(entry)) {
          batch.account(entry);
          return true;
        }
        batch.scan(entry).finish();
      }
      batch.clear();
      ready.remove();
      current = null;
    }
  }

  private @Nullable PageBatch nextBatch() throws IOException {
    while (ready.isEmpty() && feed != null) {
      PageBatch batch = work == null ? Objects.requireNonNull(alone) : work.next();
      // The next batch to fill may be one that has just been decoded, and is to be used up first.
      if (ready.isEmpty()) {
        fill(batch);
      }
    }
    if (ready.isEmpty() && work != null) {
      work.finish();
    }
    if (ready.isEmpty()) {
      Throwable thrown = failure;
      failure = null;
      SharedTask.rethrow(thrown);
      return null;
    }
    entry = -1;
    current = ready.element();
    return current;
  }

  private void fill(PageBatch batch) {
    try {
      if (!Objects.requireNonNull(feed).fill(batch)) {
        feed = null;
      }
    } catch (Throwable e) {
      // What was found before it comes first.
      failure = e;
      feed = null;
    }
    if (work != null) {
      work.submit();
    } else {
      batch.work();
      batch.join();
    }
  }

  /** Waits until no thread uses a batch any more; for when the pages are not wanted to the end. */
  public void abandon() {
    feed = null;
    if (work != null) {
      work.abandon();
    }
  }

  /** Returns the number of the current page. */
  public long pageNumber() {
    return batch().pageNumber(entry);
  }

  /** Tells whether the feed wants the current page, or only wants it checked. */
  public boolean isWanted() {
    return batch().wanted(entry);
  }

  /** Returns the current page, of a pipeline that gives pages; valid until {@link #next}. */
  public byte[] page() {
    return batch().page(entry);
  }

  /** Returns the page checksum of the current page. */
  public long pageChecksum() {
    return batch().pageChecksum(entry);
  }

  /** Adds what the current frame was converted to. */
  public void addTo(FileAssembler out) throws IOException {
    PageBatch batch = batch();
    if (scratch == null) {
      batch.addFrameTo(out, entry);
    } else {
      batch.copyPage(entry, scratch);
      out.addPage(batch.pageNumber(entry), scratch, batch.remainder(entry));
    }
  }

  private PageBatch batch() {
    return Objects.requireNonNull(current);
  }
}

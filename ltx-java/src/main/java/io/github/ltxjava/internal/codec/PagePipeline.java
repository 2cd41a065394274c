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

  private final int pageSize;
  private final Parallelism parallelism;
  private final @Nullable FrameConverter converter;
  private final byte @Nullable [] scratch;
  private final int batchLimit;
  private final Deque<PageBatch> free = new ArrayDeque<>();
  private final Deque<PageBatch> submitted = new ArrayDeque<>();
  private int batchesMade;

  private @Nullable Feed feed;
  private @Nullable Throwable failure;
  private @Nullable PageBatch current;
  private int entry;

  private PagePipeline(int pageSize, Parallelism parallelism, @Nullable FrameConverter converter) {
    this.pageSize = pageSize;
    this.parallelism = parallelism;
    this.converter = converter;
    this.scratch = converter == null || converter.givesFrames() ? null : new byte[pageSize];
    this.batchLimit = parallelism.threads() == 1 ? 1 : 2 * parallelism.threads();
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
      free.add(batch);
      current = null;
    }
  }

  private @Nullable PageBatch nextBatch() throws IOException {
    while (feed != null && !(free.isEmpty() && batchesMade == batchLimit)) {
      submit();
    }
    PageBatch oldest = submitted.peek();
    if (oldest == null) {
      Throwable thrown = failure;
      failure = null;
      SharedTask.rethrow(thrown);
      return null;
    }
    if (!oldest.isDecoded()) {
      // Rather than wait for it, do what nobody has started.
      for (PageBatch batch : submitted) {
        batch.decodeUnlessStarted();
        if (oldest.isDecoded()) {
          break;
        }
      }
      oldest.awaitDecoded();
    }
    current = submitted.remove();
    entry = -1;
    return current;
  }

  private void submit() {
    PageBatch batch = free.poll();
    if (batch == null) {
      batch =
          parallelism.threads() == 1
              ? PageBatch.borrowing(pageSize, converter)
              : PageBatch.copying(pageSize, converter);
      batchesMade++;
    }
    try {
      if (!Objects.requireNonNull(feed).fill(batch)) {
        feed = null;
      }
    } catch (Throwable e) {
      // What was found before it comes first.
      failure = e;
      feed = null;
    }
    if (batch.isEmpty()) {
      free.add(batch);
      return;
    }
    if (parallelism.threads() == 1) {
      batch.decode();
    } else {
      batch.submit(parallelism.executor());
    }
    submitted.add(batch);
  }

  /** Waits until no thread uses a batch any more; for when the pages are not wanted to the end. */
  public void abandon() {
    feed = null;
    for (PageBatch batch : submitted) {
      batch.withdraw();
    }
    submitted.clear();
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

  /** Returns the remainder of the current page. */
  public long pageRemainder() {
    return batch().remainder(entry);
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

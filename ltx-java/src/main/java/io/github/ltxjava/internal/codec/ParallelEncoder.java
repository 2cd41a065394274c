package io.github.ltxjava.internal.codec;

import io.github.ltxjava.Parallelism;
import io.github.ltxjava.internal.crc.PageHash;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Compresses pages in batches on several threads and adds the frames in order. Pages are
 * independent, and a page's remainder is all that the checksums need, so the file is the same
 * whatever the number of threads.
 */
public final class ParallelEncoder {

  /** Large enough that handing a batch over costs nothing beside it. */
  private static final int BATCH_BYTES = 256 << 10;

  private final FileAssembler out;
  private final FrameEncoder encoder;
  private final Parallelism parallelism;
  private final int pageSize;
  private final int pagesPerBatch;
  private final Deque<Batch> submitted = new ArrayDeque<>();
  private final Deque<Batch> free = new ArrayDeque<>();
  private final int batchCount;
  private int batchesMade;
  private Batch current;

  /**
   * Creates an encoder.
   *
   * @param out the file that the frames go to
   */
  public ParallelEncoder(FileAssembler out, int pageSize, Parallelism parallelism) {
    this.out = out;
    this.encoder = out.encoder();
    this.parallelism = parallelism;
    this.pageSize = pageSize;
    this.pagesPerBatch = Math.max(1, BATCH_BYTES / pageSize);
    this.batchCount = 2 * parallelism.threads();
    this.current = newBatch();
  }

  private Batch newBatch() {
    batchesMade++;
    return new Batch();
  }

  /** Takes a page, which has been checked to come next. */
  public void add(long pageNumber, byte[] page) throws IOException {
    Batch batch = current;
    System.arraycopy(page, 0, batch.pages, batch.count * pageSize, pageSize);
    batch.pageNumbers[batch.count++] = pageNumber;
    if (batch.count == pagesPerBatch) {
      submit();
    }
  }

  private void submit() throws IOException {
    Batch batch = current;
    batch.task = new SharedTask(batch::encode).offerTo(parallelism.executor());
    submitted.add(batch);
    if (free.isEmpty() && batchesMade < batchCount) {
      current = newBatch();
      return;
    }
    if (free.isEmpty()) {
      takeOldest();
    }
    current = free.remove();
  }

  private void takeOldest() throws IOException {
    Batch batch = submitted.remove();
    batch.task.finish();
    batch.addTo(out);
    batch.count = 0;
    free.add(batch);
  }

  /** Adds all pages that are still on their way. */
  public void finish() throws IOException {
    if (current.count > 0) {
      submit();
    }
    while (!submitted.isEmpty()) {
      takeOldest();
    }
  }

  /** Waits until no thread uses a batch any more. */
  public void abandon() {
    for (Batch batch : submitted) {
      batch.task.withdraw();
    }
    submitted.clear();
  }

  /** Pages, and the frames that they become. */
  private final class Batch {
    private final byte[] pages = new byte[pagesPerBatch * pageSize];
    private final byte[] page = new byte[pageSize];
    private final byte[] frames = new byte[pagesPerBatch * encoder.maxFrameSize()];
    private final long[] pageNumbers = new long[pagesPerBatch];
    private final long[] remainders = new long[pagesPerBatch];
    private final int[] frameSizes = new int[pagesPerBatch];
    private final PageHash hash = new PageHash(pageSize);
    private SharedTask task = new SharedTask(this::encode);
    private int count;

    private void encode() {
      int at = 0;
      for (int i = 0; i < count; i++) {
        System.arraycopy(pages, i * pageSize, page, 0, pageSize);
        remainders[i] = hash.remainder(page, 0);
        frameSizes[i] = encoder.encode(pageNumbers[i], page, frames, at);
        at += frameSizes[i];
      }
    }

    private void addTo(FileAssembler target) throws IOException {
      int at = 0;
      for (int i = 0; i < count; i++) {
        target.addFrame(pageNumbers[i], frames, at, frameSizes[i], remainders[i]);
        at += frameSizes[i];
      }
    }
  }
}

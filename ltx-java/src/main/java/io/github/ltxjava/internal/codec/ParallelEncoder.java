package io.github.ltxjava.internal.codec;

import io.github.ltxjava.Parallelism;
import io.github.ltxjava.io.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Compresses and hashes pages in batches on several threads; the calling thread appends what they
 * become. Pages are independent and checksums can be joined, so the file is the same whatever the
 * number of threads.
 */
public final class ParallelEncoder {

  /** Large enough that handing a batch over costs nothing beside it, small enough for L2 caches. */
  private static final int BATCH_BYTES = 256 << 10;

  private final FileAssembler out;
  private final int pageSize;
  private final int pagesPerBatch;
  private final long lockPage;
  private final OrderedWork<Batch> work;

  /** Pages given one by one that do not fill their batch yet. */
  private @Nullable Batch open;

  /**
   * Creates an encoder.
   *
   * @param out the file that the frames go to
   * @param lockPage number of the page that {@link #addAll} passes over
   */
  public ParallelEncoder(FileAssembler out, int pageSize, long lockPage, Parallelism parallelism) {
    this.out = out;
    this.pageSize = pageSize;
    this.lockPage = lockPage;
    this.pagesPerBatch = Math.max(1, BATCH_BYTES / pageSize);
    this.work = new OrderedWork<>(parallelism, Batch::new);
  }

  /**
   * Takes a page.
   *
   * @param pageNumber has been checked to come next
   * @param content exactly one page; consumed
   */
  public void add(long pageNumber, ByteBuffer content) throws IOException {
    Batch batch = open;
    if (batch == null) {
      batch = work.next();
      batch.clear();
      open = batch;
    }
    batch.pageNumbers[batch.count] = pageNumber;
    content.get(batch.pages, batch.count * pageSize, pageSize);
    batch.count++;
    if (batch.count == pagesPerBatch) {
      submitOpen();
    }
  }

  /**
   * Adds consecutive pages of a database, which whoever encodes them reads, and all pages before.
   *
   * @param first has been checked to come next
   * @param listener gets the number of the last page of each batch that was added
   */
  public void addAll(ByteSource database, long first, long last, LongConsumer listener)
      throws IOException {
    submitOpen();
    long next = first;
    while (next <= last) {
      Batch batch = work.next();
      batch.clear();
      batch.source = database;
      batch.position = (next - 1) * pageSize;
      batch.progress = listener;
      while (next <= last && batch.count < pagesPerBatch) {
        batch.pageNumbers[batch.count++] = next++;
      }
      work.submit();
    }
    work.finish();
  }

  private void submitOpen() {
    if (open != null) {
      open = null;
      work.submit();
    }
  }

  /** Adds all pages that are still on their way. */
  public void finish() throws IOException {
    submitOpen();
    work.finish();
  }

  /** Waits until no thread uses a batch any more. */
  public void abandon() {
    work.abandon();
  }

  /** Listens to the progress of pages that are given one by one: who gives them knows. */
  private static void ignore(long pageNumber) {}

  /** Pages, and the frames that they become. */
  private final class Batch implements OrderedWork.Batch {
    private final byte[] pages = new byte[pagesPerBatch * pageSize];
    private final ByteBuffer view = ByteBuffer.wrap(pages);
    private final byte[] page = new byte[pageSize];
    private final long[] pageNumbers = new long[pagesPerBatch];
    private final FrameRun frames = out.newRun(pagesPerBatch);
    private @Nullable ByteSource source;
    private LongConsumer progress = ParallelEncoder::ignore;
    private long position;
    private int count;

    private void clear() {
      source = null;
      progress = ParallelEncoder::ignore;
      count = 0;
    }

    @Override
    public void work() throws IOException {
      if (source != null) {
        source.readFully(position, view.clear().limit(count * pageSize));
      }
      frames.clear();
      for (int i = 0; i < count; i++) {
        if (pageNumbers[i] != lockPage) {
          System.arraycopy(pages, i * pageSize, page, 0, pageSize);
          frames.add(pageNumbers[i], page);
        }
      }
    }

    @Override
    public void join() throws IOException {
      out.addRun(frames);
      progress.accept(pageNumbers[count - 1]);
    }
  }
}

package io.github.ltxjava.compaction;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxTrailer;
import io.github.ltxjava.Parallelism;
import io.github.ltxjava.WriteOptions;
import io.github.ltxjava.index.ChainException;
import io.github.ltxjava.internal.codec.FileAssembler;
import io.github.ltxjava.internal.codec.FrameConverter;
import io.github.ltxjava.internal.codec.PageBatch;
import io.github.ltxjava.internal.codec.PagePipeline;
import io.github.ltxjava.internal.format.GrowthLimit;
import io.github.ltxjava.io.ByteSink;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One pass over all inputs, page by page in the order of page numbers. */
final class MergeRun implements Closeable {

  private static final int PAGES_PER_REPORT = 1024;
  private static final int PAGES_PER_CHECK = 64;

  private final List<MergeInput> inputs;
  private final LtxHeader header;
  private final FileAssembler out;
  private final PagePipeline pipeline;
  private final Consumer<? super MergeProgress> listener;
  private final BooleanSupplier cancelled;
  private final byte[] zeros;

  /** Per input, the smallest commit of all later ones: what of it survives them. */
  private final long[] survivingPages;

  /** The smallest commit of all: above it, the merged file has to say what every page is. */
  private final long lowestCommit;

  private final long[] firstPages;
  private int started;
  private @Nullable NewestPages pages;
  private long newestPage;

  /** The input of the frame added last, which stands there until the next one is wanted. */
  private @Nullable MergeInput lastInput;

  private long lastPage;
  private long zeroPages;

  /** Pages read, and pages of zeros, which take as long. */
  private long pagesDone;

  MergeRun(
      List<MergeInput> inputs,
      LtxHeader header,
      Parallelism parallelism,
      WriteOptions options,
      ByteSink output,
      Consumer<? super MergeProgress> listener,
      BooleanSupplier cancelled)
      throws IOException {
    this.inputs = inputs;
    this.header = header;
    this.listener = listener;
    this.cancelled = cancelled;
    this.zeros = new byte[header.pageSize()];
    this.firstPages = new long[inputs.size()];
    this.survivingPages = new long[inputs.size()];
    long smallest = Long.MAX_VALUE;
    for (int i = inputs.size() - 1; i >= 0; i--) {
      survivingPages[i] = smallest;
      smallest = Math.min(smallest, inputs.get(i).header().commit());
    }
    this.lowestCommit = smallest;
    this.out = FileAssembler.create(output, header, options);
    this.pipeline =
        PagePipeline.converting(
            header.pageSize(),
            parallelism,
            new FrameConverter(options.layout(), options.codec(), header.pageSize()));
  }

  /** Writes the surviving pages of all inputs, having verified each input to its last byte. */
  void mergePages() throws IOException {
    pipeline.start(this::fill);
    while (pipeline.next()) {
      long pageNumber = pipeline.pageNumber();
      if (pipeline.isWanted()) {
        writeZerosBefore(pageNumber);
        pipeline.addTo(out);
        lastPage = pageNumber;
      }
      tick(pageNumber);
    }
    writeZerosBefore(header.commit() + 1);
    listener.accept(new MergeProgress(header.commit(), header.commit(), pagesRead()));
  }

  /** Takes frames from all inputs in the order of page numbers. */
  private boolean fill(PageBatch batch) throws IOException {
    while (!batch.isFull()) {
      NewestPages order = order(batch);
      if (order == null) {
        continue;
      }
      if (lastInput != null) {
        MergeInput input = lastInput;
        lastInput = null;
        order.advance(input.nextPageNumber(batch));
        continue;
      }
      if (order.pageNumber() == NewestPages.EXHAUSTED) {
        return false;
      }
      // The newest version comes first; the older ones after it only have to be sound.
      boolean newest = order.pageNumber() != newestPage;
      newestPage = order.pageNumber();
      lastInput = inputs.get(order.input());
      batch.add(lastInput.scan(), newest && newestPage <= survivingPages[order.input()]);
    }
    return true;
  }

  /** Returns null until the first page number of each input is known. */
  private @Nullable NewestPages order(PageBatch batch) throws IOException {
    if (pages == null && started < firstPages.length) {
      firstPages[started] = inputs.get(started).nextPageNumber(batch);
      started++;
    } else if (pages == null) {
      pages = new NewestPages(firstPages);
    }
    return pages;
  }

  /**
   * Above the lowest commit, some input has cut off or not yet had each page; one that no later
   * input brings is zero after applying, so it is written as such.
   */
  private void writeZerosBefore(long end) throws IOException {
    for (long page = Math.max(lastPage, lowestCommit) + 1; page < end; page++) {
      if (page == header.lockPageNumber()) {
        continue;
      }
      if (++zeroPages > GrowthLimit.maxZeroPages(header.pageSize())) {
        throw new ChainException(
            "["
                + inputs.get(inputs.size() - 1).name()
                + "] ends a history in which the database grows without the pages that it grows by,"
                + " page "
                + page
                + " for one; refused after "
                + (zeroPages - 1)
                + " such pages");
      }
      out.addPage(page, zeros);
      lastPage = page;
      tick(page);
    }
  }

  private void tick(long pageNumber) {
    pagesDone++;
    if (pagesDone % PAGES_PER_CHECK == 0 && cancelled.getAsBoolean()) {
      throw new CancellationException("the merge was cancelled at page " + pageNumber);
    }
    if (pagesDone % PAGES_PER_REPORT == 0) {
      listener.accept(new MergeProgress(pageNumber, header.commit(), pagesRead()));
    }
  }

  LtxTrailer finish(Optional<Checksum> postApply) throws IOException {
    if (header.isSnapshot()
        && postApply.isPresent()
        && !postApply.get().equals(out.databaseChecksum())) {
      throw new ChainException(
          "["
              + inputs.get(inputs.size() - 1).name()
              + "] leaves a database with checksum "
              + postApply.get()
              + ", but the merged pages have "
              + out.databaseChecksum()
              + "; some input is not of this history");
    }
    return out.finish(postApply);
  }

  long pagesRead() {
    return pagesDone - zeroPages;
  }

  long pagesWritten() {
    return out.pageCount();
  }

  @Override
  public void close() throws IOException {
    pipeline.abandon();
    out.close();
  }
}

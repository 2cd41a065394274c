package io.github.ltxjava.compaction.restore;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.DatabaseChecksum;
import io.github.ltxjava.LtxFile;
import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.PageIndex;
import io.github.ltxjava.Parallelism;
import io.github.ltxjava.ReadOptions;
import io.github.ltxjava.compaction.restore.internal.DatabaseOutput;
import io.github.ltxjava.index.ChainException;
import io.github.ltxjava.index.internal.Succession;
import io.github.ltxjava.internal.codec.FileScan;
import io.github.ltxjava.internal.codec.Findings;
import io.github.ltxjava.internal.codec.PagePipeline;
import io.github.ltxjava.internal.codec.ScanStart;
import io.github.ltxjava.internal.format.GrowthLimit;
import io.github.ltxjava.internal.io.Closing;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.store.LtxFileInfo;
import io.github.ltxjava.store.LtxStore;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to restore a plan: the files from the newest to the oldest, each read once from its
 * first to its last byte (or in part, if that is asked for), a page written by the newest file that
 * has it. One file is open at a time, however many there are, and a bit a page is all that is
 * remembered.
 */
final class RestoreRun implements Closeable {

  private static final int PAGES_PER_REPORT = 1024;
  private static final int PAGES_PER_CHECK = 64;

  /** Below that, reading the index by itself saves nothing. */
  private static final int MIN_SIZE_FOR_RANGES = 256 << 10;

  private final LtxStore store;
  private final RestorePlan plan;
  private final ReadOptions reading;
  private final @Nullable RangeReader ranges;
  private final Parallelism parallelism;
  private final ScanStart scans;
  private @Nullable PagePipeline pipeline;
  private final Consumer<? super RestoreProgress> listener;
  private final BooleanSupplier cancelled;

  private @Nullable LtxHeader newest;

  /** The file read before, which is the one that follows. */
  private Succession.@Nullable Link later;

  private Optional<Checksum> postApply = Optional.empty();
  private @Nullable PageSet written;

  /** The smallest commit of the files read so far: what of an older file survives them. */
  private long surviving = Long.MAX_VALUE;

  private int filesRead;
  private long pagesRead;
  private long pagesWritten;
  private long sum;
  private @Nullable LtxFileInfo current;

  RestoreRun(
      LtxStore store,
      RestorePlan plan,
      ReadOptions reading,
      @Nullable RangeReader ranges,
      Consumer<? super RestoreProgress> listener,
      BooleanSupplier cancelled) {
    this.store = store;
    this.plan = plan;
    this.reading = reading;
    this.ranges = ranges;
    this.parallelism = reading.parallelism();
    this.scans =
        ScanStart.of(reading, ScanStart.DEFAULT_WINDOW_SIZE).sharingPageSpace().sharingWindow();
    this.listener = listener;
    this.cancelled = cancelled;
  }

  /** Writes the database, short of its commit, and returns the header of the newest file. */
  LtxHeader writeTo(DatabaseOutput output) throws IOException {
    List<LtxFileInfo> files = plan.files();
    for (int i = files.size() - 1; i >= 0; i--) {
      current = files.get(i);
      filesRead = files.size() - 1 - i;
      if (!readPart(files.get(i), output)) {
        readWhole(files.get(i), output);
      }
      listener.accept(progress(filesRead + 1));
    }
    LtxHeader header = newest();
    verifyDatabase(header);
    return header;
  }

  private void readWhole(LtxFileInfo file, DatabaseOutput output) throws IOException {
    try (FileScan scan = open(file)) {
      start(file, scan.header());
      PagePipeline pages = pipeline();
      pages.start(scan);
      while (pages.next()) {
        if (write(pages.pageNumber(), pages.page(), output)) {
          sum ^= pages.pageChecksum();
        }
      }
      end(scan.header(), scan.trailer().orElseThrow().postApply());
    }
  }

  /**
   * Reads of a file only the pages that no newer file has, if that is so little that the file
   * checksum is worth less than the rest of the file costs.
   *
   * @return false if the file has to be read as a whole
   */
  private boolean readPart(LtxFileInfo info, DatabaseOutput output) throws IOException {
    if (ranges == null || later == null || info.size() < MIN_SIZE_FOR_RANGES) {
      return false;
    }
    RangeWindow window = new RangeWindow(store.open(info));
    LtxFile file;
    try {
      file = LtxFile.open(window, reading);
    } catch (LtxFormatException e) {
      if (e.reason() == LtxFormatException.Reason.UNSUPPORTED) {
        return false; // has no index
      }
      throw e;
    }
    try (file) {
      start(info, file.header());
      int[] needed = neededPositions(file.index());
      long size = 0;
      for (int position : needed) {
        size += file.index().frameSize(position);
      }
      if (size > info.size() / 4 * 3) {
        return false;
      }
      DatabaseChecksum checksum = DatabaseChecksum.ofEmpty(file.header().pageSize());
      boolean tracked = newest().tracksChecksums();
      if (needed.length > 0) {
        ranges.read(
            file,
            window,
            needed,
            (pageNumber, page) -> {
              if (write(pageNumber, page, output) && tracked) {
                checksum.toggle(pageNumber, ByteBuffer.wrap(page));
              }
            });
      }
      sum ^= checksum.value().bits();
      end(file.header(), file.trailer().postApply());
      return true;
    }
  }

  private int[] neededPositions(PageIndex index) {
    PageSet present = Objects.requireNonNull(written);
    return IntStream.range(0, index.size())
        .filter(
            position ->
                index.pageNumber(position) <= surviving
                    && !present.contains(index.pageNumber(position)))
        .toArray();
  }

  private FileScan open(LtxFileInfo file) throws IOException {
    ByteSource source = store.open(file);
    try {
      return scans.open(source, Findings.strict(source.name())).orElseThrow();
    } catch (Throwable e) {
      Closing.afterFailure(e, source);
      throw e;
    }
  }

  /** All files have pages of one size, so one pipeline and its memory serve them all. */
  private PagePipeline pipeline() {
    if (pipeline == null) {
      pipeline = PagePipeline.ofPages(newest().pageSize(), parallelism);
    }
    return pipeline;
  }

  private LtxHeader newest() {
    return Objects.requireNonNull(newest);
  }

  private void start(LtxFileInfo file, LtxHeader header) throws IOException {
    if (!header.txids().equals(file.txids())) {
      throw new ChainException(
          "[" + file.name() + "] holds transactions " + header.txids() + ", not those of its name");
    }
    if (newest == null) {
      // A page takes more than a byte, however well it is compressed: no believing a forged size
      // before there is memory for a bit a page of it.
      refuseGrowthWithoutPages(header.commit() - plan.size(), header.pageSize());
      newest = header;
      written = new PageSet(header.commit());
    }
    if (later != null) {
      Succession.Link link = new Succession.Link(file.name(), header, Optional.empty());
      refuse(Succession.pageSizeObjection(link, later));
    }
    surviving = Math.min(surviving, header.commit());
  }

  /** Writes a page unless a newer file has it or cut it off; tells whether it did. */
  private boolean write(long pageNumber, byte[] page, DatabaseOutput output) throws IOException {
    boolean taken = pageNumber <= surviving && Objects.requireNonNull(written).add(pageNumber);
    if (taken) {
      output.write((pageNumber - 1) * newest().pageSize(), page);
      pagesWritten++;
    }
    pagesRead++;
    if (pagesRead % PAGES_PER_CHECK == 0 && cancelled.getAsBoolean()) {
      throw new CancellationException("the restore was cancelled at page " + pageNumber);
    }
    if (pagesRead % PAGES_PER_REPORT == 0) {
      listener.accept(progress(filesRead));
    }
    return taken;
  }

  private RestoreProgress progress(int filesRead) {
    return new RestoreProgress(filesRead, plan.files().size(), pagesWritten, newest().commit());
  }

  /** Holds the file, now verified, to the one after it. */
  private void end(LtxHeader header, Optional<Checksum> after) throws IOException {
    Succession.Link link =
        new Succession.Link(Objects.requireNonNull(current).name(), header, after);
    if (later == null) {
      postApply = after;
    } else {
      refuse(Succession.checksumObjection(link, later));
    }
    later = link;
  }

  private static void refuse(Optional<String> objection) throws ChainException {
    if (objection.isPresent()) {
      throw new ChainException(objection.get());
    }
  }

  /** Accounts for the pages that no file has, and compares with the checksum of the last file. */
  private void verifyDatabase(LtxHeader header) throws ChainException {
    long lockPage = header.lockPageNumber();
    long expected = header.commit() - (lockPage <= header.commit() ? 1 : 0);
    long missing = expected - pagesWritten;
    refuseGrowthWithoutPages(missing, header.pageSize());
    if (postApply.isEmpty()) {
      return;
    }
    DatabaseChecksum checksum = DatabaseChecksum.from(header.pageSize(), Checksum.of(sum));
    ByteBuffer zeros = ByteBuffer.allocate(header.pageSize());
    PageSet present = Objects.requireNonNull(written);
    for (long page = 1; missing > 0 && page <= header.commit(); page++) {
      if (page != lockPage && !present.contains(page)) {
        checksum.toggle(page, zeros.clear());
        missing--;
      }
    }
    if (!checksum.value().equals(postApply.get())) {
      throw new ChainException(
          "the restored database has checksum "
              + checksum.value()
              + ", but the last file, of transactions "
              + header.txids()
              + ", says "
              + postApply.get()
              + "; some file is not of this history");
    }
  }

  private static void refuseGrowthWithoutPages(long missing, int pageSize) throws ChainException {
    long most = GrowthLimit.maxZeroPages(pageSize);
    if (missing > most) {
      throw new ChainException(
          "the database grows by "
              + missing
              + " pages or more that no file holds; refused, as more than "
              + most
              + " can only be forged");
    }
  }

  /** Returns the file that was being read last. */
  Optional<LtxFileInfo> current() {
    return Optional.ofNullable(current);
  }

  long pagesWritten() {
    return pagesWritten;
  }

  /** Waits until no other thread works for this run. */
  @Override
  public void close() {
    if (pipeline != null) {
      pipeline.abandon();
    }
  }
}

package io.github.ltxjava.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.ltxjava.DatabaseChecksum;
import io.github.ltxjava.LtxFile;
import io.github.ltxjava.LtxReader;
import io.github.ltxjava.Parallelism;
import io.github.ltxjava.ReadOptions;
import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.WriteOptions;
import io.github.ltxjava.benchmarks.kernels.History;
import io.github.ltxjava.benchmarks.kernels.Nowhere;
import io.github.ltxjava.compaction.Merger;
import io.github.ltxjava.compaction.restore.Restorer;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.store.LtxStore;
import io.github.ltxjava.store.MemoryStore;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Counts what the loops over pages allocate, page by page. Nothing is timed: a byte allocated is a
 * byte allocated on any machine.
 */
class AllocationTest {

  private static final int PAGE_SIZE = 4096;
  private static final int PAGES = 4000;

  /** The page index takes that much at most, twice while it grows, and all of it in few steps. */
  private static final int INDEX_BYTES_PER_PAGE = 16;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** As on several threads, but none helps, so that this one's allocation is all there is. */
  private static final Parallelism BATCHES = new Parallelism(task -> {}, 2);

  private static History history;
  private static byte[] snapshot;
  private static final List<byte[]> DELTAS = new ArrayList<>();

  @BeforeAll
  static void makeHistory() throws IOException {
    history = new History(PAGE_SIZE, PAGES);
    snapshot = history.snapshot();
    for (int i = 0; i < 8; i++) {
      DELTAS.add(history.delta(500));
    }
  }

  private static ByteSource source(byte[] file) {
    return ByteSource.of("file", ByteBuffer.wrap(file));
  }

  @Test
  void writingAllocatesNothingPerPage() throws IOException {
    history.writeSnapshot(Nowhere.sink(), WriteOptions.DEFAULT, new Meter(PAGES)::mark);
    Meter meter = new Meter(PAGES);
    history.writeSnapshot(Nowhere.sink(), WriteOptions.DEFAULT, meter::mark);
    meter.requireNothingPerPage();
  }

  @Test
  void writingInBatchesAllocatesNothingPerPage() throws IOException {
    WriteOptions options = WriteOptions.DEFAULT.withParallelism(BATCHES);
    history.writeSnapshot(Nowhere.sink(), options, new Meter(PAGES)::mark);
    Meter meter = new Meter(PAGES);
    history.writeSnapshot(Nowhere.sink(), options, meter::mark);
    meter.secondHalf().requireNothingPerPage();
  }

  @Test
  void readingInBatchesAllocatesNothingPerPage() throws IOException {
    readInBatches(new Meter(PAGES));
    Meter meter = new Meter(PAGES);
    readInBatches(meter);
    meter.secondHalf().requireNothingPerPage();
  }

  private static void readInBatches(Meter meter) throws IOException {
    ReadOptions options = ReadOptions.DEFAULT.withParallelism(BATCHES);
    try (LtxFile file = LtxFile.open(source(snapshot), options)) {
      file.readAll((pageNumber, page) -> meter.mark());
    }
  }

  @Test
  void readingAllocatesNothingPerPage() throws IOException {
    read(new Meter(PAGES));
    Meter meter = new Meter(PAGES);
    read(meter);
    meter.requireNothingPerPage();
  }

  private static void read(Meter meter) throws IOException {
    try (LtxReader reader = LtxReader.open(source(snapshot))) {
      while (reader.next()) {
        meter.mark();
      }
    }
  }

  @Test
  void readingAheadAllocatesNothingPerPage() throws IOException {
    readAhead(new Meter(PAGES));
    Meter meter = new Meter(PAGES);
    readAhead(meter);
    meter.secondHalf().requireNothingPerPage();
  }

  private static void readAhead(Meter meter) throws IOException {
    ReadOptions options = ReadOptions.DEFAULT.withParallelism(BATCHES);
    try (LtxReader reader = LtxReader.open(source(snapshot), options)) {
      while (reader.next()) {
        meter.mark();
      }
    }
  }

  @Test
  void mergingAllocatesNothingPerPage() throws IOException {
    merge(new Meter(PAGES), Parallelism.SEQUENTIAL);
    Meter meter = new Meter(PAGES);
    merge(meter, Parallelism.SEQUENTIAL);
    // A step is 64 pages here, and the index of each of the nine inputs grows in steps of its own.
    meter.requireNothingPerPage(4);
  }

  @Test
  void mergingInBatchesAllocatesNothingPerPage() throws IOException {
    merge(new Meter(PAGES), BATCHES);
    Meter meter = new Meter(PAGES);
    merge(meter, BATCHES);
    meter.secondHalf().requireNothingPerPage(4);
  }

  private static void merge(Meter meter, Parallelism parallelism) throws IOException {
    List<ByteSource> chain = new ArrayList<>(List.of(source(snapshot)));
    DELTAS.forEach(delta -> chain.add(source(delta)));
    // The merger asks every few pages whether to go on.
    Merger.of(chain)
        .reading(ReadOptions.DEFAULT.withParallelism(parallelism))
        .cancelWhen(
            () -> {
              meter.mark();
              return false;
            })
        .writeTo(Nowhere.sink());
  }

  @Test
  void restoringAllocatesNothingPerPage(@TempDir Path folder) throws IOException {
    requireQuietRestoring(folder, Parallelism.SEQUENTIAL);
    requireQuietRestoring(folder, BATCHES);
  }

  private static void requireQuietRestoring(Path folder, Parallelism parallelism)
      throws IOException {
    restore(folder, new Meter(PAGES), parallelism);
    Meter meter = new Meter(PAGES);
    restore(folder, meter, parallelism);
    meter.secondHalf().requireNothingPerPage(4);
  }

  private static void restore(Path folder, Meter meter, Parallelism parallelism)
      throws IOException {
    LtxStore store = new MemoryStore();
    for (int i = 0; i <= DELTAS.size(); i++) {
      Txid txid = Txid.of(i + 1L);
      try (ByteSink sink = store.create(0, TxidRange.of(txid, txid), Instant.EPOCH)) {
        sink.write(ByteBuffer.wrap(i == 0 ? snapshot : DELTAS.get(i - 1)));
        sink.commit();
      }
    }
    Restorer.from(store)
        .overwrite()
        .reading(ReadOptions.DEFAULT.withParallelism(parallelism))
        .cancelWhen(
            () -> {
              meter.mark();
              return false;
            })
        .restoreTo(folder.resolve("restored.db"));
  }

  @Test
  void summingADatabaseAllocatesNothingPerPage() throws IOException {
    sumDatabase(new Meter(PAGES));
    Meter meter = new Meter(PAGES);
    sumDatabase(meter);
    meter.requireNothingPerPage();
  }

  private static void sumDatabase(Meter meter) throws IOException {
    byte[] content = new byte[1 << 20];
    DatabaseChecksum.of(new Metered(256L << 20, content, meter), PAGE_SIZE, BATCHES);
  }

  /** A database of one piece again and again, that notes each read. */
  private record Metered(long size, byte[] content, Meter meter) implements ByteSource {
    @Override
    public void readFully(long position, ByteBuffer target) {
      target.put(content, 0, target.remaining());
      meter.mark();
    }

    @Override
    public String name() {
      return "metered";
    }

    @Override
    public void close() {
      // There is nothing to release.
    }
  }

  @Test
  void randomReadsAllocateNothing() throws IOException {
    try (LtxFile file = LtxFile.open(source(snapshot))) {
      ByteBuffer page = ByteBuffer.allocate(PAGE_SIZE);
      Meter meter = null;
      for (int round = 0; round < 2; round++) {
        meter = new Meter(PAGES);
        for (int i = 0; i < PAGES; i++) {
          file.readPage(1 + (i * 1009L) % PAGES, page.clear());
          meter.mark();
        }
      }
      // The JVM itself may make an object now and then on any thread, when it links a call.
      assertThat(meter.total()).isLessThan(PAGES / 4);
      assertThat(meter.quietSteps()).isGreaterThan(PAGES - PAGES / 50);
    }
  }

  @Test
  void theMeterSeesAllocationPerPage() {
    Meter meter = new Meter(PAGES);
    List<byte[]> kept = new ArrayList<>(PAGES);
    meter.mark();
    for (int i = 1; i < PAGES; i++) {
      kept.add(new byte[1]);
      meter.mark();
    }
    assertThat(meter.total()).isGreaterThan(16L * kept.size() - 1);
    assertThat(meter.quietSteps()).isZero();
  }

  /** Notes what this thread has allocated, and allocates nothing itself. */
  private static final class Meter {
    private final long[] marks;
    private int count;

    Meter(int capacity) {
      marks = new long[capacity];
    }

    void mark() {
      marks[count++] = THREADS.getCurrentThreadAllocatedBytes();
    }

    long total() {
      return marks[count - 1] - marks[0];
    }

    long quietSteps() {
      long quiet = 0;
      for (int i = 1; i < count; i++) {
        quiet += marks[i] == marks[i - 1] ? 1 : 0;
      }
      return quiet;
    }

    /** Leaves out what is made once and used again. */
    Meter secondHalf() {
      Meter half = new Meter(count - count / 2);
      half.count = half.marks.length;
      System.arraycopy(marks, count / 2, half.marks, 0, half.count);
      return half;
    }

    void requireNothingPerPage() {
      requireNothingPerPage(50);
    }

    /** Nearly every step allocates not one byte; what an index takes, it takes in few steps. */
    void requireNothingPerPage(int stepsPerGrowth) {
      long steps = count - 1;
      assertThat(steps).isGreaterThan(50);
      assertThat(steps - quietSteps())
          .as("steps in which something was allocated, of " + steps + "; " + total() + " bytes")
          .isLessThanOrEqualTo(steps / stepsPerGrowth);
      assertThat(total()).isLessThanOrEqualTo(2L * INDEX_BYTES_PER_PAGE * PAGES + (128 << 10));
    }
  }
}

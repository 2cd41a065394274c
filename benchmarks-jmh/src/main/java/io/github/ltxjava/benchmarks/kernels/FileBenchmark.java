package io.github.ltxjava.benchmarks.kernels;

import io.github.ltxjava.LtxReader;
import io.github.ltxjava.compaction.Merger;
import io.github.ltxjava.io.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Whole loops over a small history in memory: write a snapshot, read it, merge it with deltas. Per
 * run, not per page; with {@code -prof gc}, what a run allocates does not grow with the pages but
 * for their index.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class FileBenchmark {

  @Param({"4096"})
  int pageSize;

  @Param({"2000"})
  int pages;

  private History history;
  private byte[] snapshot;
  private final List<ByteSource> chain = new ArrayList<>();

  @Setup
  public void setUp() throws IOException {
    history = new History(pageSize, pages);
    snapshot = history.snapshot();
    chain.add(ByteSource.of("snapshot", ByteBuffer.wrap(snapshot)));
    for (int i = 0; i < 16; i++) {
      chain.add(ByteSource.of("delta " + i, ByteBuffer.wrap(history.delta(64))));
    }
  }

  @Benchmark
  public long write() throws IOException {
    return history.writeSnapshot(Nowhere.sink());
  }

  @Benchmark
  public long read() throws IOException {
    ByteSource source = ByteSource.of("snapshot", ByteBuffer.wrap(snapshot));
    try (LtxReader reader = LtxReader.open(source)) {
      while (reader.next()) {
        // Reading is verifying.
      }
      return reader.pageCount();
    }
  }

  @Benchmark
  public long merge() throws IOException {
    return Merger.of(chain).writeTo(Nowhere.sink()).pagesWritten();
  }
}

package io.github.ltxjava.benchmarks.kernels;

import io.github.ltxjava.IndexMemory;
import io.github.ltxjava.LtxFile;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxWriter;
import io.github.ltxjava.PageIndex;
import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.internal.codec.IndexLog;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.io.ByteSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
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

/** The index of a delta with every other page: written, opened and searched, beside maps. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class IndexBenchmark {

  @Param({"10000"})
  int pages;

  private byte[] file;
  private PageIndex index;
  private final Map<Long, Long> hashMap = new HashMap<>();
  private final TreeMap<Long, Long> treeMap = new TreeMap<>();
  private int state = 1;

  @Setup
  public void setUp() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LtxHeader header =
        LtxHeader.delta(512, 2L * pages, TxidRange.of(Txid.of(2), Txid.of(2))).build();
    ByteBuffer page = ByteBuffer.allocate(512);
    try (LtxWriter writer = LtxWriter.create(ByteSink.to(out), header)) {
      for (int i = 1; i <= pages; i++) {
        writer.write(2L * i, page.clear());
      }
      writer.finish();
    }
    file = out.toByteArray();
    try (LtxFile opened = open()) {
      index = opened.index();
    }
    for (int i = 0; i < index.size(); i++) {
      hashMap.put(index.pageNumber(i), index.frameOffset(i));
      treeMap.put(index.pageNumber(i), index.frameOffset(i));
    }
  }

  private LtxFile open() throws IOException {
    return LtxFile.open(ByteSource.of("benchmark", ByteBuffer.wrap(file)));
  }

  private long nextPage() {
    state = state * 1664525 + 1013904223;
    return Integer.toUnsignedLong(state) * 2 * pages >>> 32;
  }

  /** All entries, from the first to the last. */
  @Benchmark
  public long write() throws IOException {
    try (IndexLog log = new IndexLog(IndexMemory.UNLIMITED)) {
      for (int i = 1; i <= pages; i++) {
        log.add(2L * i, 100L + 300L * i, 300);
      }
      log.end();
      return log.length();
    }
  }

  /** Opens a file, which parses all entries. */
  @Benchmark
  public int parse() throws IOException {
    try (LtxFile opened = open()) {
      return opened.index().size();
    }
  }

  @Benchmark
  public int search() {
    return index.find(nextPage());
  }

  @Benchmark
  public Long naiveSearchHashMap() {
    return hashMap.get(nextPage());
  }

  @Benchmark
  public Long naiveSearchTreeMap() {
    return treeMap.get(nextPage());
  }
}

package io.github.ltxjava.benchmarks.kernels;

import io.github.ltxjava.internal.crc.Crc64Iso;
import io.github.ltxjava.internal.crc.PageHash;
import io.github.ltxjava.internal.crc.PageSum;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The checksum of one page, both checksums that a page goes into, and that of many pages. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class CrcBenchmark {

  @Param({"4096", "65536"})
  int pageSize;

  /** Pages of a database, which fit the processor's cache, and are not measured with it. */
  private static final int PAGES = 32;

  private final Crc64Iso crc = new Crc64Iso();
  private PageHash hash;
  private byte[] page;
  private long state;
  private byte[] database;
  private LongBuffer databaseWords;
  private PageSum sum;

  @Setup
  public void setUp() {
    page = Pages.noise(pageSize, 1);
    hash = new PageHash(pageSize);
    database = Pages.noise(PAGES * pageSize, 2);
    databaseWords = ByteBuffer.wrap(database).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
    sum = new PageSum(pageSize);
  }

  @Benchmark
  public long kernel() {
    return crc.remainder(page, 0, pageSize);
  }

  @Benchmark
  public long byWords() {
    return Crc64Iso.advanceByWords(0, page, 0, pageSize);
  }

  @Benchmark
  public long naiveSlicingBy8() {
    return NaiveCrc.slicingBy8(0, page, 0, pageSize);
  }

  @Benchmark
  public long naiveBytewise() {
    return NaiveCrc.bytewise(0, page, 0, pageSize);
  }

  /** File checksum and page checksum from one pass. */
  @Benchmark
  public long bothInOnePass() {
    long remainder = hash.remainder(page, 0);
    state = hash.advance(state, remainder);
    return hash.pageChecksum(7, remainder);
  }

  /** File checksum and page checksum by hashing the page twice, with the same kernel. */
  @Benchmark
  public long bothInTwoPasses() {
    state = crc.advance(state, page, 0, pageSize);
    long of = crc.advance(Crc64Iso.advanceByInt(Crc64Iso.INITIAL, 7), page, 0, pageSize);
    return Crc64Iso.finish(of);
  }

  /** A page's share in the checksum of a whole database. */
  @Benchmark
  @OperationsPerInvocation(PAGES)
  public PageSum sumOfPages() {
    sum.add(1, PAGES, databaseWords);
    return sum;
  }

  /** The same by hashing every page, with the same kernel. */
  @Benchmark
  @OperationsPerInvocation(PAGES)
  public long naiveSumOfChecksums() {
    long checksums = 0;
    for (int i = 0; i < PAGES; i++) {
      checksums ^= hash.pageChecksum(i + 1, hash.remainder(database, i * pageSize));
    }
    return checksums;
  }
}

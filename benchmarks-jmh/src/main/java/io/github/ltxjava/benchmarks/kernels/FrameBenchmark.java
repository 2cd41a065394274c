package io.github.ltxjava.benchmarks.kernels;

import io.github.ltxjava.Layout;
import io.github.ltxjava.codec.PageCodec;
import io.github.ltxjava.internal.codec.Findings;
import io.github.ltxjava.internal.codec.FrameDecoder;
import io.github.ltxjava.internal.codec.FrameEncoder;
import java.io.IOException;
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

/** One page into a frame and back: LZ4, and what the frame adds to it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class FrameBenchmark {

  @Param({"V3_BLOCK", "V3_FRAME"})
  Layout layout;

  @Param({"4096"})
  int pageSize;

  private final Findings strict = Findings.strict("benchmark");
  private FrameEncoder encoder;
  private FrameDecoder decoder;
  private byte[] page;
  private byte[] frame;
  private byte[] target;
  private int length;

  @Setup
  public void setUp() {
    encoder = new FrameEncoder(layout, pageSize, PageCodec.lz4());
    decoder = new FrameDecoder(layout, pageSize, List.of(PageCodec.lz4()));
    page = Pages.page(pageSize, 1);
    frame = new byte[encoder.maxFrameSize()];
    target = new byte[encoder.maxFrameSize()];
    length = encoder.encode(7, page, frame, 0);
  }

  @Benchmark
  public int encode() {
    return encoder.encode(7, page, target, 0);
  }

  @Benchmark
  public boolean decode() throws IOException {
    return decoder.decode(frame, 0, length, page, 0, strict);
  }
}

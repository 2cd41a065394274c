package io.github.ltxjava.benchmarks.kernels;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
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

/** LZ4 blocks in and out: native on arrays and on direct buffers, and in plain Java. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class Lz4Benchmark {

  @Param({"4096", "65536"})
  int pageSize;

  @Param({"page", "noise"})
  String content;

  private LZ4Compressor compressor;
  private LZ4SafeDecompressor decompressor;
  private LZ4Compressor javaCompressor;
  private LZ4SafeDecompressor javaDecompressor;
  private byte[] page;
  private byte[] block;
  private byte[] target;
  private int blockLength;
  private ByteBuffer directPage;
  private ByteBuffer directBlock;

  @Setup
  public void setUp() {
    compressor = LZ4Factory.nativeInstance().fastCompressor();
    decompressor = LZ4Factory.nativeInstance().safeDecompressor();
    javaCompressor = LZ4Factory.safeInstance().fastCompressor();
    javaDecompressor = LZ4Factory.safeInstance().safeDecompressor();
    page = content.equals("page") ? Pages.page(pageSize, 1) : Pages.noise(pageSize, 1);
    block = new byte[compressor.maxCompressedLength(pageSize)];
    target = new byte[block.length];
    blockLength = compressor.compress(page, 0, pageSize, block, 0, block.length);
    directPage = ByteBuffer.allocateDirect(pageSize).put(page);
    directBlock = ByteBuffer.allocateDirect(block.length).put(block);
  }

  @Benchmark
  public int compress() {
    return compressor.compress(page, 0, pageSize, target, 0, target.length);
  }

  @Benchmark
  public int decompress() {
    return decompressor.decompress(block, 0, blockLength, page, 0, pageSize);
  }

  @Benchmark
  public int compressDirect() {
    return compressor.compress(directPage, 0, pageSize, directBlock, 0, directBlock.capacity());
  }

  @Benchmark
  public int decompressDirect() {
    return decompressor.decompress(directBlock, 0, blockLength, directPage, 0, pageSize);
  }

  @Benchmark
  public int compressInJava() {
    return javaCompressor.compress(page, 0, pageSize, target, 0, target.length);
  }

  @Benchmark
  public int decompressInJava() {
    return javaDecompressor.decompress(block, 0, blockLength, page, 0, pageSize);
  }
}

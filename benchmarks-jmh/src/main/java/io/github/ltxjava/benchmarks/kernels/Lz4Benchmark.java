package io.github.ltxjava.benchmarks.kernels;

import io.github.ltxjava.internal.lz4.Lz4;
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

/**
 * LZ4 blocks in and out: our decoder, and the library, native on arrays and on direct buffers, and
 * in plain Java. What our decoder refuses as it goes, {@link #decompressAndWalk} looks for in the
 * tokens after the library has taken a block.
 */
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
  public int decompressStrictly() {
    return Lz4.decompress(block, 0, blockLength, page, 0, pageSize);
  }

  @Benchmark
  public int decompressAndWalk() {
    int given = decompressor.decompress(block, 0, blockLength, page, 0, pageSize);
    return isStrict(block, blockLength) ? given : -1;
  }

  private static boolean isStrict(byte[] block, int end) {
    int in = 0;
    while (true) {
      int token = block[in++];
      int literals = token >>> 4 & 0xF;
      if (literals == 0xF) {
        int next;
        do {
          next = block[in++] & 0xFF;
          literals += next;
        } while (next == 0xFF);
      }
      in += literals;
      if (in >= end) {
        return (token & 0xF) == 0;
      }
      if (block[in] == 0 && block[in + 1] == 0) {
        return false;
      }
      in += 2;
      if ((token & 0xF) == 0xF) {
        while (block[in++] == -1) {
          // The length of a match goes on; where it leads is not needed here.
        }
      }
    }
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

package io.github.ltxjava.internal.lz4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4JNIFastResetCompressor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class QuickCompressorTest {

  @BeforeAll
  static void onlyWhereTheNativeLibraryLoads() {
    assumeThat(Lz4.implementation()).isEqualTo("native");
  }

  @Test
  void aBlockDoesNotDependOnWhatWasCompressedBefore() {
    QuickCompressor used = new QuickCompressor(LZ4Factory.nativeInstance());
    Random random = new Random(1);
    for (int i = 0; i < 5000; i++) {
      byte[] content = content(random, random.nextInt(QuickCompressor.MAX_LENGTH + 1));
      assertThat(block(used, content)).as("block %d", i).isEqualTo(freshBlock(content));
    }
  }

  @Test
  void manyThreadsShareOneCompressor() throws Exception {
    QuickCompressor shared = new QuickCompressor(LZ4Factory.nativeInstance());
    int threads = 70; // more than there are places
    CountDownLatch ready = new CountDownLatch(threads);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Callable<Boolean>> tasks = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        Random random = new Random(i);
        tasks.add(
            () -> {
              ready.countDown();
              ready.await();
              boolean same = true;
              for (int round = 0; round < 100; round++) {
                byte[] content = content(random, 1 + random.nextInt(4096));
                same &= Arrays.equals(content, decompress(block(shared, content), content.length));
              }
              return same;
            });
      }
      for (Future<Boolean> task : pool.invokeAll(tasks)) {
        assertThat(task.get()).isTrue();
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void blocksOfAnySizeComeBack() {
    Random random = new Random(2);
    for (int length : new int[] {0, 1, 12, 13, 512, 4096, 8192, 8193, 65536}) {
      byte[] content = content(random, length);
      byte[] target = new byte[Lz4.maxBlockSize(length)];
      int size = Lz4.compress(content, 0, length, target, 0);
      assertThat(decompress(Arrays.copyOf(target, size), length)).isEqualTo(content);
    }
  }

  /** Some words, repeated in any order, with noise between them. */
  private static byte[] content(Random random, int length) {
    byte[] words = new byte[64];
    random.nextBytes(words);
    byte[] content = new byte[length];
    int noise = random.nextInt(20);
    for (int at = 0; at < length; ) {
      int from = random.nextInt(words.length - 8);
      int count = Math.min(length - at, 1 + random.nextInt(8));
      System.arraycopy(words, from, content, at, count);
      at += count;
      if (random.nextInt(20) < noise && at < length) {
        content[at++] = (byte) random.nextInt();
      }
    }
    return content;
  }

  private static byte[] block(QuickCompressor compressor, byte[] content) {
    byte[] target = new byte[Lz4.maxBlockSize(content.length) + 3];
    int size = compressor.compress(content, 0, content.length, target, 3);
    return Arrays.copyOfRange(target, 3, 3 + size);
  }

  private static byte[] freshBlock(byte[] content) {
    try (LZ4JNIFastResetCompressor fresh =
        LZ4Factory.nativeInstance().fastResetCompressor(QuickCompressor.ACCELERATION)) {
      return fresh.compress(content);
    }
  }

  private static byte[] decompress(byte[] block, int length) {
    byte[] content = new byte[length];
    assertThat(Lz4.decompress(block, 0, block.length, content, 0, length)).isEqualTo(length);
    return content;
  }
}

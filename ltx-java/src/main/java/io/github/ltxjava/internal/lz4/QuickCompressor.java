package io.github.ltxjava.internal.lz4;

import java.util.concurrent.atomic.AtomicReferenceArray;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4JNIFastResetCompressor;

/**
 * The native compressor, told to look less closely, which it does for small blocks at a third less
 * time and hardly larger results; decision 0013 has the figures. Safe for many threads; a block
 * depends on nothing but its content.
 *
 * <p>Such a compressor holds native memory and works for one thread at a time, so those that are
 * not at work are kept in a pool, of which each thread knows one place.
 */
final class QuickCompressor {

  /** Larger blocks gain little time and lose more. */
  static final int MAX_LENGTH = 8 << 10;

  /** The highest with which small blocks of text are less than 5 % larger than Go's. */
  static final int ACCELERATION = 3;

  private static final int PLACES = 32;

  /** References between two places, so that no two share a cache line. */
  private static final int STRIDE = 16;

  private final LZ4Factory factory;
  private final AtomicReferenceArray<LZ4JNIFastResetCompressor> pool =
      new AtomicReferenceArray<>(PLACES * STRIDE);

  /**
   * Creates a compressor.
   *
   * @param factory that of the native library
   */
  QuickCompressor(LZ4Factory factory) {
    this.factory = factory;
  }

  /** Compresses into a block and returns its length; the target has room for the largest. */
  int compress(byte[] source, int sourceOffset, int length, byte[] target, int targetOffset) {
    int place = (int) (Thread.currentThread().getId() % PLACES) * STRIDE;
    LZ4JNIFastResetCompressor compressor = pool.getAndSet(place, null);
    if (compressor == null) {
      compressor = factory.fastResetCompressor(ACCELERATION);
    }
    try {
      return compressor.compress(
          source, sourceOffset, length, target, targetOffset, target.length - targetOffset);
    } finally {
      if (!pool.compareAndSet(place, null, compressor)) {
        compressor.close();
      }
    }
  }
}

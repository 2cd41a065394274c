package io.github.ltxjava.internal.lz4;

import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import net.jpountz.xxhash.StreamingXXHash32;
import net.jpountz.xxhash.XXHash32;
import net.jpountz.xxhash.XXHashFactory;

/**
 * LZ4 blocks and xxHash32 by the native library where it loads, by pure Java elsewhere. Only the
 * decompressor that bounds its input is used. All methods are safe for many threads.
 */
public final class Lz4 {

  /** Says which of the two to use: {@code native}, {@code java}; by default whichever works. */
  public static final String IMPLEMENTATION_PROPERTY = "io.github.ltxjava.lz4";

  private static final Lz4 INSTANCE = load();

  private final String implementation;
  private final LZ4Compressor compressor;
  private final LZ4SafeDecompressor decompressor;
  private final XXHashFactory hashes;
  private final XXHash32 hash;

  private Lz4(String implementation, LZ4Factory factory, XXHashFactory hashes) {
    this.implementation = implementation;
    this.compressor = factory.fastCompressor();
    this.decompressor = factory.safeDecompressor();
    this.hashes = hashes;
    this.hash = hashes.hash32();
  }

  private static Lz4 load() {
    String wanted = System.getProperty(IMPLEMENTATION_PROPERTY, "");
    if (!wanted.isEmpty() && !wanted.equals("java") && !wanted.equals("native")) {
      throw new IllegalStateException(
          IMPLEMENTATION_PROPERTY + "=" + wanted + " is neither native nor java");
    }
    if (!wanted.equals("java")) {
      try {
        return new Lz4("native", LZ4Factory.nativeInstance(), XXHashFactory.nativeInstance());
      } catch (LinkageError | AssertionError | RuntimeException e) {
        // musl, a temporary folder mounted noexec, an unknown processor: pure Java does the work.
        if (wanted.equals("native")) {
          throw new IllegalStateException(
              "the native LZ4 library cannot be loaded, but "
                  + IMPLEMENTATION_PROPERTY
                  + "=native asks for it",
              e);
        }
      }
    }
    return new Lz4("java", LZ4Factory.safeInstance(), XXHashFactory.safeInstance());
  }

  /** Returns {@code native} or {@code java}. */
  public static String implementation() {
    return INSTANCE.implementation;
  }

  /** Returns how long a block can be at most that gives so many bytes. */
  public static int maxBlockSize(int bytes) {
    return bytes + bytes / 255 + 16;
  }

  /** Compresses into a block and returns its length; the target has room for the largest. */
  public static int compress(
      byte[] source, int sourceOffset, int length, byte[] target, int targetOffset) {
    return INSTANCE.compressor.compress(
        source, sourceOffset, length, target, targetOffset, target.length - targetOffset);
  }

  /**
   * Decompresses a block.
   *
   * @return how many bytes it gave, or -1 if it is malformed or gives more than the limit
   */
  public static int decompress(
      byte[] source, int sourceOffset, int length, byte[] target, int targetOffset, int limit) {
    try {
      int given =
          INSTANCE.decompressor.decompress(
              source, sourceOffset, length, target, targetOffset, limit);
      return isStrict(source, sourceOffset, sourceOffset + length) ? given : -1;
    } catch (LZ4Exception e) {
      return -1;
    }
  }

  /**
   * Tells whether a block is free of what neither decompressor refuses: a match with distance 0,
   * which gives what the target held before, and a match length in the last sequence, which has no
   * match.
   *
   * @param source holds a block that a decompressor took, so that its lengths are right
   */
  private static boolean isStrict(byte[] source, int from, int to) {
    int in = from;
    while (in < to) {
      int token = source[in++];
      int literals = token >>> 4 & 0xF;
      if (literals == 0xF) {
        int next;
        do {
          next = source[in++] & 0xFF;
          literals += next;
        } while (next == 0xFF);
      }
      in += literals;
      if (in >= to) {
        return (token & 0xF) == 0;
      }
      if (source[in] == 0 && source[in + 1] == 0) {
        return false;
      }
      in += 2;
      if ((token & 0xF) == 0xF) {
        while (source[in++] == -1) {
          // The length of a match goes on; where it leads is not needed here.
        }
      }
    }
    return false;
  }

  /** Returns the xxHash32 with seed 0. */
  static int xxHash32(byte[] bytes, int offset, int length) {
    return INSTANCE.hash.hash(bytes, offset, length, 0);
  }

  /** Starts an xxHash32 with seed 0 over pieces. */
  static StreamingXXHash32 newXxHash32() {
    return INSTANCE.hashes.newStreamingHash32(0);
  }
}

package io.github.ltxjava.internal.lz4;

import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.xxhash.StreamingXXHash32;
import net.jpountz.xxhash.XXHash32;
import net.jpountz.xxhash.XXHashFactory;
import org.jspecify.annotations.Nullable;

/**
 * LZ4 blocks and xxHash32. Blocks are compressed and bytes hashed by the native library where it
 * loads, by pure Java elsewhere; blocks are decompressed by {@link BlockDecoder}. All methods are
 * safe for many threads.
 */
public final class Lz4 {

  /** Says which of the two to use: {@code native}, {@code java}; by default whichever works. */
  public static final String IMPLEMENTATION_PROPERTY = "io.github.ltxjava.lz4";

  private static final Lz4 INSTANCE = load();

  private final String implementation;
  private final LZ4Compressor compressor;
  private final @Nullable QuickCompressor quickCompressor;
  private final XXHashFactory hashes;
  private final XXHash32 hash;

  private Lz4(String implementation, LZ4Factory factory, XXHashFactory hashes) {
    this.implementation = implementation;
    this.compressor = factory.fastCompressor();
    this.quickCompressor = implementation.equals("native") ? new QuickCompressor(factory) : null;
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
    QuickCompressor quick = INSTANCE.quickCompressor;
    if (quick != null && length <= QuickCompressor.MAX_LENGTH) {
      return quick.compress(source, sourceOffset, length, target, targetOffset);
    }
    return INSTANCE.compressor.compress(
        source, sourceOffset, length, target, targetOffset, target.length - targetOffset);
  }

  /**
   * Decompresses a block.
   *
   * @param limit how many bytes it may give; those between the bytes given and the limit may be
   *     overwritten
   * @return how many bytes it gave, or -1 if it is malformed or gives more than the limit
   */
  public static int decompress(
      byte[] source, int sourceOffset, int length, byte[] target, int targetOffset, int limit) {
    return BlockDecoder.decode(source, sourceOffset, length, target, targetOffset, limit);
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

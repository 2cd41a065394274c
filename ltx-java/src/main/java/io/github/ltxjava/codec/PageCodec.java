package io.github.ltxjava.codec;

import io.github.ltxjava.internal.codec.Lz4PageCodec;
import io.github.ltxjava.internal.codec.ZstdPageCodec;

/**
 * How a page of a version 3 file is compressed behind its size field.
 *
 * <p>{@link #lz4()} is the format's own and what every reader understands. Others are extensions:
 * named in the specification, never written unless asked for, and refused with {@code UNSUPPORTED}
 * by readers that were not told to accept them. Implementations are safe for many threads and do
 * not trust what they decompress.
 */
public interface PageCodec {

  /** Returns the name of the extension, or {@code lz4}. */
  String name();

  /** Returns the flags of the frame header that announce this codec, 1 to 0xFFFF. */
  int pageFlags();

  /** Returns how many bytes a compressed page can take at most. */
  int maxCompressedSize(int pageSize);

  /**
   * Compresses a page and returns the number of bytes written.
   *
   * @param page the page, from its first byte
   * @param pageSize its length in bytes
   * @param target has room for {@link #maxCompressedSize} bytes at the offset
   */
  int compress(byte[] page, int pageSize, byte[] target, int targetOffset);

  /**
   * Decompresses a page.
   *
   * @param source untrusted bytes, {@code length} of them at the offset
   * @param page has room for {@code pageSize} bytes; nothing is written beyond them
   * @return the number of bytes written, or -1 if the input is malformed or gives more than a page
   */
  int decompress(byte[] source, int sourceOffset, int length, byte[] page, int pageSize);

  /** Returns the format's own codec: an LZ4 block. */
  static PageCodec lz4() {
    return Lz4PageCodec.INSTANCE;
  }

  /**
   * Tells which LZ4 implementation compresses and hashes; what decompresses is this library's own.
   *
   * @return {@code native}, or {@code java} where the native library cannot be loaded
   */
  static String lz4Implementation() {
    return Lz4PageCodec.implementation();
  }

  /**
   * Returns the extension {@code zstd-pages}: a Zstandard frame at the given level. It needs the
   * optional dependency {@code com.github.luben:zstd-jni}.
   *
   * @param level compression level, as Zstandard counts them; 3 is its own default
   * @throws IllegalStateException if zstd-jni is not there
   */
  static PageCodec zstd(int level) {
    return ZstdPageCodec.create(level);
  }
}

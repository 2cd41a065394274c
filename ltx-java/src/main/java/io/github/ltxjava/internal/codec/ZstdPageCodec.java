package io.github.ltxjava.internal.codec;

import com.github.luben.zstd.Zstd;
import io.github.ltxjava.codec.PageCodec;

/** The extension {@code zstd-pages}: a Zstandard frame per page. */
public final class ZstdPageCodec implements PageCodec {

  /** The page flag that the specification gives to the extension. */
  public static final int FLAG = 0x0002;

  private final int level;

  private ZstdPageCodec(int level) {
    this.level = level;
  }

  /** Creates the codec if zstd-jni is there. */
  public static ZstdPageCodec create(int level) {
    try {
      int min = Zstd.minCompressionLevel();
      int max = Zstd.maxCompressionLevel();
      if (level < min || level > max) {
        throw new IllegalArgumentException(
            "Zstandard level " + level + " is not from " + min + " to " + max);
      }
    } catch (LinkageError e) {
      throw new IllegalStateException(
          "the extension zstd-pages needs com.github.luben:zstd-jni, and its native library, on"
              + " the class path or module path",
          e);
    }
    return new ZstdPageCodec(level);
  }

  @Override
  public String name() {
    return "zstd-pages";
  }

  @Override
  public int pageFlags() {
    return FLAG;
  }

  @Override
  public int maxCompressedSize(int pageSize) {
    return Math.toIntExact(Zstd.compressBound(pageSize));
  }

  @Override
  public int compress(byte[] page, int pageSize, byte[] target, int targetOffset) {
    long length =
        Zstd.compressByteArray(
            target, targetOffset, target.length - targetOffset, page, 0, pageSize, level);
    if (Zstd.isError(length)) {
      throw new IllegalStateException("Zstandard failed: " + Zstd.getErrorName(length));
    }
    return (int) length;
  }

  @Override
  public int decompress(byte[] source, int sourceOffset, int length, byte[] page, int pageSize) {
    try {
      long given = Zstd.decompressByteArray(page, 0, pageSize, source, sourceOffset, length);
      return Zstd.isError(given) ? -1 : (int) given;
    } catch (RuntimeException e) {
      // How zstd-jni reports damaged data. Its own class of exception is not named here, because
      // the JVM would look for it where zstd-jni is absent, before create() can say so.
      return -1;
    }
  }
}

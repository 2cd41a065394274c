package io.github.ltxjava.internal.codec;

import io.github.ltxjava.codec.PageCodec;
import io.github.ltxjava.internal.format.FrameLayout;
import io.github.ltxjava.internal.lz4.Lz4;

/** An LZ4 block per page. */
public final class Lz4PageCodec implements PageCodec {

  public static final Lz4PageCodec INSTANCE = new Lz4PageCodec();

  private Lz4PageCodec() {}

  public static String implementation() {
    return Lz4.implementation();
  }

  @Override
  public String name() {
    return "lz4";
  }

  @Override
  public int pageFlags() {
    return FrameLayout.FLAG_LZ4_BLOCK;
  }

  @Override
  public int maxCompressedSize(int pageSize) {
    return Lz4.maxBlockSize(pageSize);
  }

  @Override
  public int compress(byte[] page, int pageSize, byte[] target, int targetOffset) {
    return Lz4.compress(page, 0, pageSize, target, targetOffset);
  }

  @Override
  public int decompress(byte[] source, int sourceOffset, int length, byte[] page, int pageSize) {
    return Lz4.decompress(source, sourceOffset, length, page, 0, pageSize);
  }
}

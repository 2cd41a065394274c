package io.github.ltxjava.internal.codec;

import io.github.ltxjava.Layout;
import io.github.ltxjava.codec.PageCodec;
import io.github.ltxjava.internal.format.BigEndian;
import io.github.ltxjava.internal.format.FrameLayout;
import io.github.ltxjava.internal.lz4.Lz4;
import io.github.ltxjava.internal.lz4.Lz4Frame;

/** Turns a page into a frame of v2 or v3. Immutable. */
public final class FrameEncoder {

  private final Layout layout;
  private final int pageSize;
  private final PageCodec codec;

  public FrameEncoder(Layout layout, int pageSize, PageCodec codec) {
    this.layout = layout;
    this.pageSize = pageSize;
    this.codec = codec;
  }

  /**
   * Checks that the flags of a codec can stand in a frame header and tell it from LZ4.
   *
   * @throws IllegalArgumentException if not
   */
  @SuppressWarnings("ReferenceEquality") // there is one LZ4 codec, and only it may use its flag
  public static void checkFlags(PageCodec codec) {
    int flags = codec.pageFlags();
    if (flags < 1 || flags > 0xFFFF) {
      throw new IllegalArgumentException(
          "page flags " + flags + " of codec " + codec.name() + " are not from 1 to 65535");
    }
    if (flags == FrameLayout.FLAG_LZ4_BLOCK && codec != PageCodec.lz4()) {
      throw new IllegalArgumentException(
          "page flags " + flags + " of codec " + codec.name() + " are those of lz4");
    }
  }

  /** Returns how many bytes a frame can take at most. */
  public int maxFrameSize() {
    int payload =
        layout == Layout.V3_BLOCK
            ? codec.maxCompressedSize(pageSize)
            : Lz4.maxBlockSize(pageSize) + Lz4Frame.OVERHEAD;
    return FrameLayout.SIZED_HEADER_SIZE + payload;
  }

  /** Returns how many bytes of a frame's header the file checksum covers: all of them. */
  public int hashedHeaderSize() {
    return switch (layout) {
      case V3_BLOCK -> FrameLayout.SIZED_HEADER_SIZE;
      case V3_FRAME -> FrameLayout.HEADER_SIZE;
      default -> FrameLayout.SHORT_HEADER_SIZE;
    };
  }

  /** Encodes a page at an offset of the target and returns the frame's length. */
  public int encode(long pageNumber, byte[] page, byte[] target, int offset) {
    BigEndian.putInt(target, offset, (int) pageNumber);
    int headerSize = hashedHeaderSize();
    if (layout != Layout.V3_BLOCK) {
      if (layout == Layout.V3_FRAME) {
        BigEndian.putShort(target, offset + FrameLayout.FLAGS_OFFSET, 0);
      }
      return headerSize + Lz4Frame.encode(page, pageSize, target, offset + headerSize);
    }
    int size = codec.compress(page, pageSize, target, offset + headerSize);
    if (size < 1 || size > codec.maxCompressedSize(pageSize)) {
      throw new IllegalStateException(
          "codec " + codec.name() + " gave " + size + " bytes, which is not from 1 to its bound");
    }
    BigEndian.putShort(target, offset + FrameLayout.FLAGS_OFFSET, codec.pageFlags());
    BigEndian.putInt(target, offset + FrameLayout.SIZE_OFFSET, size);
    return headerSize + size;
  }
}

package io.github.ltxjava.internal.codec;

import io.github.ltxjava.Layout;
import io.github.ltxjava.codec.PageCodec;
import io.github.ltxjava.internal.format.BigEndian;
import io.github.ltxjava.internal.format.FrameLayout;
import io.github.ltxjava.internal.lz4.Lz4Frame;

/**
 * Makes frames of a file out of frames of others, without compressing a page again where the bytes
 * allow it: a frame in the output's encoding stays as it is, an LZ4 frame becomes a block by
 * unwrapping it and a block a frame by wrapping it. So merging what the Go implementation wrote
 * gives its output. Immutable, so many threads may share one.
 */
public final class FrameConverter {

  /** What {@link #convert} returns for a frame that can be taken as it is. */
  static final int AS_IT_IS = 0;

  private final Layout layout;
  private final PageCodec codec;
  private final int pageSize;
  private final FrameEncoder encoder;

  /**
   * Creates a converter.
   *
   * @param layout of the output
   * @param codec with which the output is written
   */
  public FrameConverter(Layout layout, PageCodec codec, int pageSize) {
    this.layout = layout;
    this.codec = codec;
    this.pageSize = pageSize;
    this.encoder = new FrameEncoder(layout, pageSize, codec);
  }

  /** Tells whether the output has frames; in version 1 it has the pages themselves. */
  boolean givesFrames() {
    return layout.hasIndex();
  }

  /** Returns how many bytes {@link #convert} can write at most for a frame of this size. */
  int maxSize(int frameSize) {
    int unwrapped = FrameLayout.SIZED_HEADER_SIZE + frameSize + Lz4Frame.OVERHEAD;
    return Math.max(unwrapped, encoder.maxFrameSize());
  }

  /**
   * Converts a frame.
   *
   * @param from layout of the file that the frame is of
   * @param page what it holds
   * @param target receives the frame of the output, of version 1 the page
   * @return how many bytes that took, or {@link #AS_IT_IS} if the frame needs no change
   */
  int convert(
      Layout from,
      long pageNumber,
      byte[] frame,
      int offset,
      int size,
      byte[] page,
      byte[] target,
      int targetOffset) {
    int converted =
        switch (layout) {
          case V1_RAW, V1_LZ4 -> copy(page, 0, pageSize, target, targetOffset);
          case V3_BLOCK -> toBlock(from, pageNumber, frame, offset, size, target, targetOffset);
          case V3_FRAME, V2 ->
              toFrame(from, pageNumber, frame, offset, size, page, target, targetOffset);
        };
    return converted >= 0 ? converted : encoder.encode(pageNumber, page, target, targetOffset);
  }

  /** Returns -1 if only the page will do. */
  private int toBlock(
      Layout from,
      long pageNumber,
      byte[] frame,
      int offset,
      int size,
      byte[] target,
      int targetOffset) {
    if (!from.hasIndex()) {
      return -1;
    }
    int flags = flags(from, frame, offset);
    if (flags == codec.pageFlags()) {
      return AS_IT_IS;
    }
    if (flags != 0 || codec.pageFlags() != FrameLayout.FLAG_LZ4_BLOCK) {
      return -1;
    }
    int headerSize = FrameLayout.endMarkerSize(from);
    int blockSize = Lz4Frame.compressedBlockSize(frame, offset + headerSize, size - headerSize);
    if (blockSize < 0) {
      return -1;
    }
    BigEndian.putInt(target, targetOffset + FrameLayout.PAGE_NUMBER_OFFSET, (int) pageNumber);
    BigEndian.putShort(target, targetOffset + FrameLayout.FLAGS_OFFSET, FrameLayout.FLAG_LZ4_BLOCK);
    BigEndian.putInt(target, targetOffset + FrameLayout.SIZE_OFFSET, blockSize);
    int targetHeader = FrameLayout.SIZED_HEADER_SIZE;
    int block = offset + headerSize + Lz4Frame.blockOffset();
    return targetHeader + copy(frame, block, blockSize, target, targetOffset + targetHeader);
  }

  /** Returns -1 if only the page will do. */
  private int toFrame(
      Layout from,
      long pageNumber,
      byte[] frame,
      int offset,
      int size,
      byte[] page,
      byte[] target,
      int targetOffset) {
    if (!from.hasIndex()) {
      return -1;
    }
    int targetHeader = FrameLayout.endMarkerSize(layout);
    int flags = flags(from, frame, offset);
    BigEndian.putInt(target, targetOffset + FrameLayout.PAGE_NUMBER_OFFSET, (int) pageNumber);
    if (layout == Layout.V3_FRAME) {
      BigEndian.putShort(target, targetOffset + FrameLayout.FLAGS_OFFSET, 0);
    }
    if (flags == FrameLayout.FLAG_LZ4_BLOCK) {
      int headerSize = FrameLayout.SIZED_HEADER_SIZE;
      return targetHeader
          + Lz4Frame.wrap(
              frame,
              offset + headerSize,
              size - headerSize,
              page,
              pageSize,
              target,
              targetOffset + targetHeader);
    }
    int headerSize = FrameLayout.endMarkerSize(from);
    // Other legal forms of frames are not read by every Go version, so they are made anew.
    if (flags != 0 || !Lz4Frame.isPlain(frame, offset + headerSize, size - headerSize)) {
      return -1;
    }
    return targetHeader
        + copy(frame, offset + headerSize, size - headerSize, target, targetOffset + targetHeader);
  }

  private static int copy(byte[] source, int offset, int length, byte[] target, int targetOffset) {
    System.arraycopy(source, offset, target, targetOffset, length);
    return length;
  }

  private static int flags(Layout from, byte[] frame, int offset) {
    return from == Layout.V2
        ? 0
        : BigEndian.getUnsignedShort(frame, offset + FrameLayout.FLAGS_OFFSET);
  }
}

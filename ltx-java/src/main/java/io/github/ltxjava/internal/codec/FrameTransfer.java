package io.github.ltxjava.internal.codec;

import io.github.ltxjava.Layout;
import io.github.ltxjava.codec.PageCodec;
import io.github.ltxjava.internal.format.BigEndian;
import io.github.ltxjava.internal.format.FrameLayout;
import io.github.ltxjava.internal.lz4.Lz4;
import io.github.ltxjava.internal.lz4.Lz4Frame;
import java.io.IOException;

/**
 * Moves pages from scans into a file without compressing them again where the bytes allow it: a
 * frame in the output's encoding is copied, an LZ4 frame becomes a block by unwrapping it and a
 * block a frame by wrapping it. So merging what the Go implementation wrote gives its output.
 */
public final class FrameTransfer {

  private final FileAssembler out;
  private final Layout layout;
  private final PageCodec codec;
  private final int pageSize;
  private final byte[] frame;

  /**
   * Creates a transfer.
   *
   * @param out the file that pages go to, written in this layout with this codec
   */
  public FrameTransfer(FileAssembler out, Layout layout, PageCodec codec, int pageSize) {
    this.out = out;
    this.layout = layout;
    this.codec = codec;
    this.pageSize = pageSize;
    this.frame =
        new byte[FrameLayout.SIZED_HEADER_SIZE + Lz4Frame.OVERHEAD + Lz4.maxBlockSize(pageSize)];
  }

  /** Adds the page at which a scan stands, and which it has just decoded. */
  public void add(FileScan scan) throws IOException {
    boolean copied =
        scan.layout().hasIndex()
            && switch (layout) {
              case V3_BLOCK -> copyAsBlock(scan);
              case V3_FRAME, V2 -> copyAsFrame(scan);
              case V1_RAW, V1_LZ4 -> false;
            };
    if (!copied) {
      out.addPage(scan.pageNumber(), scan.page(), scan.pageRemainder());
    }
  }

  private boolean copyAsBlock(FileScan scan) throws IOException {
    byte[] source = scan.frameArray();
    int offset = scan.frameArrayOffset();
    int flags = flags(scan);
    if (flags == codec.pageFlags()) {
      out.addFrame(scan.pageNumber(), source, offset, scan.frameSize(), scan.pageRemainder());
      return true;
    }
    if (flags != 0 || codec.pageFlags() != FrameLayout.FLAG_LZ4_BLOCK) {
      return false;
    }
    int headerSize = FrameLayout.endMarkerSize(scan.layout());
    int blockSize =
        Lz4Frame.compressedBlockSize(source, offset + headerSize, scan.frameSize() - headerSize);
    if (blockSize < 0) {
      return false;
    }
    BigEndian.putInt(frame, FrameLayout.PAGE_NUMBER_OFFSET, (int) scan.pageNumber());
    BigEndian.putShort(frame, FrameLayout.FLAGS_OFFSET, FrameLayout.FLAG_LZ4_BLOCK);
    BigEndian.putInt(frame, FrameLayout.SIZE_OFFSET, blockSize);
    System.arraycopy(
        source,
        offset + headerSize + Lz4Frame.blockOffset(),
        frame,
        FrameLayout.SIZED_HEADER_SIZE,
        blockSize);
    addFrame(scan, FrameLayout.SIZED_HEADER_SIZE + blockSize);
    return true;
  }

  private boolean copyAsFrame(FileScan scan) throws IOException {
    byte[] source = scan.frameArray();
    int offset = scan.frameArrayOffset();
    int targetHeader = FrameLayout.endMarkerSize(layout);
    int flags = flags(scan);
    BigEndian.putInt(frame, FrameLayout.PAGE_NUMBER_OFFSET, (int) scan.pageNumber());
    if (layout == Layout.V3_FRAME) {
      BigEndian.putShort(frame, FrameLayout.FLAGS_OFFSET, 0);
    }
    if (flags == FrameLayout.FLAG_LZ4_BLOCK) {
      int headerSize = FrameLayout.SIZED_HEADER_SIZE;
      int size =
          Lz4Frame.wrap(
              source,
              offset + headerSize,
              scan.frameSize() - headerSize,
              scan.page(),
              pageSize,
              frame,
              targetHeader);
      addFrame(scan, targetHeader + size);
      return true;
    }
    int sourceHeader = FrameLayout.endMarkerSize(scan.layout());
    int size = scan.frameSize() - sourceHeader;
    // Other legal forms of frames are not read by every Go version, so they are made anew.
    if (flags != 0 || !Lz4Frame.isPlain(source, offset + sourceHeader, size)) {
      return false;
    }
    System.arraycopy(source, offset + sourceHeader, frame, targetHeader, size);
    addFrame(scan, targetHeader + size);
    return true;
  }

  private void addFrame(FileScan scan, int size) throws IOException {
    out.addFrame(scan.pageNumber(), frame, 0, size, scan.pageRemainder());
  }

  private static int flags(FileScan scan) {
    return scan.layout() == Layout.V2
        ? 0
        : BigEndian.getUnsignedShort(
            scan.frameArray(), scan.frameArrayOffset() + FrameLayout.FLAGS_OFFSET);
  }
}

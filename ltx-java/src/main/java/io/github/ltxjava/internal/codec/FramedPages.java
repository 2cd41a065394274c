package io.github.ltxjava.internal.codec;

import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.LtxFormatException.Reason;
import io.github.ltxjava.codec.PageCodec;
import io.github.ltxjava.internal.format.BigEndian;
import io.github.ltxjava.internal.format.FrameLayout;
import io.github.ltxjava.internal.io.SequentialInput;
import io.github.ltxjava.internal.lz4.Lz4Frame;
import io.github.ltxjava.internal.lz4.MalformedLz4Exception;
import java.io.IOException;

/** The page block of v2 and v3: a frame per page. */
final class FramedPages implements PageBlock {

  private final SequentialInput in;
  private final FrameDecoder decoder;
  private final Findings findings;
  private final int pageSize;
  private final boolean version2;
  private final int headerSize;
  private int frameSize;
  private int hashedHeaderSize;
  private long pageNumber;

  FramedPages(
      SequentialInput in, Layout layout, int pageSize, FrameDecoder decoder, Findings findings) {
    this.in = in;
    this.decoder = decoder;
    this.findings = findings;
    this.pageSize = pageSize;
    this.version2 = layout == Layout.V2;
    this.headerSize = version2 ? FrameLayout.SHORT_HEADER_SIZE : FrameLayout.HEADER_SIZE;
  }

  @Override
  public Step next() throws IOException {
    in.skip(frameSize);
    frameSize = 0;
    if (!in.require(headerSize)) {
      return truncated("a frame header or the end marker");
    }
    byte[] window = in.array();
    int at = in.offset();
    pageNumber =
        Integer.toUnsignedLong(BigEndian.getInt(window, at + FrameLayout.PAGE_NUMBER_OFFSET));
    int flags = version2 ? 0 : BigEndian.getUnsignedShort(window, at + FrameLayout.FLAGS_OFFSET);
    if (pageNumber == 0) {
      return endMarker(flags);
    }
    return flags == 0 ? lz4Frame() : sizedBlock(flags);
  }

  private Step endMarker(int flags) throws LtxFormatException {
    if (flags != 0) {
      findings.add(
          Reason.PAGE_NUMBER,
          in.position(),
          "page number 0 with flags 0x"
              + Integer.toHexString(flags)
              + "; the end marker is all zero, and page numbers start at 1");
      return Step.LOST;
    }
    in.skip(headerSize);
    return Step.END;
  }

  private Step lz4Frame() throws IOException {
    try {
      int length = Lz4Frame.measure(in, headerSize, Lz4Frame.maxSize(pageSize));
      if (length < 0) {
        return truncated("the rest of the LZ4 frame of page " + pageNumber);
      }
      frameSize = headerSize + length;
      hashedHeaderSize = headerSize;
      return Step.PAGE;
    } catch (MalformedLz4Exception e) {
      findings.add(
          Reason.BAD_COMPRESSION,
          in.position() + headerSize + e.offset(),
          "page " + pageNumber + ": " + e.getMessage());
      return Step.LOST;
    }
  }

  private Step sizedBlock(int flags) throws IOException {
    PageCodec codec = decoder.codec(flags);
    if (codec == null) {
      findings.add(
          decoder.reasonAgainst(flags),
          in.position() + FrameLayout.FLAGS_OFFSET,
          "page " + pageNumber + ": " + decoder.objectionTo(flags));
      return Step.LOST;
    }
    if (!in.require(FrameLayout.SIZED_HEADER_SIZE)) {
      return truncated("the size field of page " + pageNumber);
    }
    int size = BigEndian.getInt(in.array(), in.offset() + FrameLayout.SIZE_OFFSET);
    int bound = codec.maxCompressedSize(pageSize);
    if (size <= 0 || size > bound) {
      findings.add(
          Reason.BAD_PAGE_FRAME,
          in.position() + FrameLayout.SIZE_OFFSET,
          "page "
              + pageNumber
              + ": size field "
              + Integer.toUnsignedString(size)
              + " is not from 1 to "
              + bound);
      return Step.LOST;
    }
    if (!in.require(FrameLayout.SIZED_HEADER_SIZE + size)) {
      return truncated("the rest of the " + size + " bytes of page " + pageNumber);
    }
    frameSize = FrameLayout.SIZED_HEADER_SIZE + size;
    hashedHeaderSize = FrameLayout.SIZED_HEADER_SIZE;
    return Step.PAGE;
  }

  private Step truncated(String expected) throws LtxFormatException {
    findings.add(
        Reason.TRUNCATED,
        in.position() + in.available(),
        "the file ends where " + expected + " should be");
    return Step.LOST;
  }

  @Override
  public boolean decode(byte[] frame, int offset, int size, long position, byte[] page)
      throws IOException {
    return decoder.decode(frame, offset, size, page, position, findings);
  }

  @Override
  public long pageNumber() {
    return pageNumber;
  }

  @Override
  public long frameOffset() {
    return in.position();
  }

  @Override
  public int frameSize() {
    return frameSize;
  }

  @Override
  public byte[] frameArray() {
    return in.array();
  }

  @Override
  public int frameArrayOffset() {
    return in.offset();
  }

  @Override
  public int hashedHeaderSize() {
    return hashedHeaderSize;
  }
}

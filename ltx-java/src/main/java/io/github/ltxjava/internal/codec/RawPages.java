package io.github.ltxjava.internal.codec;

import io.github.ltxjava.LtxFormatException.Reason;
import io.github.ltxjava.internal.format.BigEndian;
import io.github.ltxjava.internal.format.FrameLayout;
import io.github.ltxjava.internal.io.SequentialInput;
import java.io.IOException;

/** The page block of raw v1: page number and page, as they are. */
final class RawPages implements PageBlock {

  private final SequentialInput in;
  private final Findings findings;
  private final int pageSize;
  private int frameSize;
  private long pageNumber;

  RawPages(SequentialInput in, int pageSize, Findings findings) {
    this.in = in;
    this.pageSize = pageSize;
    this.findings = findings;
  }

  @Override
  public Step next() throws IOException {
    in.skip(frameSize);
    frameSize = 0;
    if (!in.require(FrameLayout.SHORT_HEADER_SIZE)) {
      findings.add(
          Reason.TRUNCATED,
          in.position() + in.available(),
          "the file ends where a page number or the end marker should be");
      return Step.LOST;
    }
    pageNumber = Integer.toUnsignedLong(BigEndian.getInt(in.array(), in.offset()));
    if (pageNumber == 0) {
      in.skip(FrameLayout.SHORT_HEADER_SIZE);
      return Step.END;
    }
    if (!in.require(FrameLayout.SHORT_HEADER_SIZE + pageSize)) {
      findings.add(
          Reason.TRUNCATED,
          in.position() + in.available(),
          "the file ends inside page " + pageNumber);
      return Step.LOST;
    }
    frameSize = FrameLayout.SHORT_HEADER_SIZE + pageSize;
    return Step.PAGE;
  }

  @Override
  public boolean decode(byte[] frame, int offset, int size, long position, byte[] page) {
    System.arraycopy(frame, offset + FrameLayout.SHORT_HEADER_SIZE, page, 0, pageSize);
    return true;
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
    return FrameLayout.SHORT_HEADER_SIZE;
  }
}

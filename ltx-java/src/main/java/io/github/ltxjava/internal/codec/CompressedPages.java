package io.github.ltxjava.internal.codec;

import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.LtxFormatException.Reason;
import io.github.ltxjava.internal.format.BigEndian;
import io.github.ltxjava.internal.format.FrameLayout;
import io.github.ltxjava.internal.io.SequentialInput;
import io.github.ltxjava.internal.lz4.Lz4FrameInput;
import io.github.ltxjava.internal.lz4.MalformedLz4Exception;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The page block of compressed v1: one LZ4 frame around all page numbers, pages and the end marker.
 * Frames have no place of their own in the file, so offsets are those of the LZ4 data reached.
 */
final class CompressedPages implements PageBlock {

  private final SequentialInput in;
  private final Findings findings;
  private final int pageSize;
  private final byte[] frame;
  private @Nullable Lz4FrameInput content;
  private long pageNumber;

  CompressedPages(SequentialInput in, int pageSize, Findings findings) {
    this.in = in;
    this.pageSize = pageSize;
    this.findings = findings;
    this.frame = new byte[FrameLayout.SHORT_HEADER_SIZE + pageSize];
  }

  @Override
  public Step next() throws IOException {
    try {
      Lz4FrameInput input = content;
      if (input == null) {
        input = Lz4FrameInput.open(in);
        content = input;
      }
      return next(input);
    } catch (MalformedLz4Exception e) {
      if (e.isCut()) {
        findings.add(
            Reason.TRUNCATED, e.offset(), "the file ends inside the LZ4 frame of the page block");
      } else {
        findings.add(Reason.BAD_COMPRESSION, e.offset(), String.valueOf(e.getMessage()));
      }
    }
    return Step.LOST;
  }

  private Step next(Lz4FrameInput input) throws IOException, MalformedLz4Exception {
    int headerSize = FrameLayout.SHORT_HEADER_SIZE;
    if (input.read(frame, 0, headerSize) < headerSize) {
      return cut("the LZ4 frame of the page block ends without an end marker");
    }
    pageNumber = Integer.toUnsignedLong(BigEndian.getInt(frame, 0));
    if (pageNumber == 0) {
      if (input.read(frame, 0, 1) != 0) {
        return cut("the LZ4 frame of the page block goes on behind the end marker");
      }
      return Step.END;
    }
    if (input.read(frame, headerSize, pageSize) < pageSize) {
      return cut("the LZ4 frame of the page block ends inside page " + pageNumber);
    }
    return Step.PAGE;
  }

  private Step cut(String detail) throws LtxFormatException {
    findings.add(Reason.BAD_COMPRESSION, in.position(), detail);
    return Step.LOST;
  }

  @Override
  public boolean decode(byte[] bytes, int offset, int size, long position, byte[] page) {
    System.arraycopy(bytes, offset + FrameLayout.SHORT_HEADER_SIZE, page, 0, pageSize);
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
    return frame.length;
  }

  @Override
  public byte[] frameArray() {
    return frame;
  }

  @Override
  public int frameArrayOffset() {
    return 0;
  }

  @Override
  public int hashedHeaderSize() {
    return FrameLayout.SHORT_HEADER_SIZE;
  }
}

package io.github.ltxjava.internal.codec;

import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.LtxFormatException.Reason;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxTrailer;
import io.github.ltxjava.codec.PageCodec;
import io.github.ltxjava.internal.format.FrameLayout;
import io.github.ltxjava.io.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Checks what can be checked of a v2 or v3 file without its page data: trailer, index, the end
 * marker, and that each frame's header is where the index says and agrees with it.
 */
public final class StructureScan {

  private final ByteSource source;
  private final LtxHeader header;
  private final Layout layout;
  private final FrameDecoder decoder;
  private final Findings findings;
  private Optional<LtxTrailer> trailer = Optional.empty();
  private int pageCount;

  public StructureScan(
      ByteSource source,
      LtxHeader header,
      Layout layout,
      List<PageCodec> codecs,
      Findings findings) {
    this.source = source;
    this.header = header;
    this.layout = layout;
    this.decoder = new FrameDecoder(layout, header.pageSize(), codecs);
    this.findings = findings;
  }

  /** Runs all checks. */
  public void run() throws IOException {
    TailReader tail = new TailReader(source, header, layout, findings);
    Optional<IndexParser> index = tail.read();
    trailer = tail.trailer();
    if (index.isPresent()) {
      int[] pageNumbers = index.get().pageNumbers();
      long[] offsets = index.get().offsets();
      pageCount = index.get().count();
      checkFrames(pageNumbers, offsets);
      checkEndMarker(offsets[pageCount]);
      checkComplete(pageNumbers, offsets);
    }
  }

  private void checkFrames(int[] pageNumbers, long[] offsets) throws IOException {
    byte[] head = new byte[FrameLayout.SIZED_HEADER_SIZE];
    ByteBuffer buffer = ByteBuffer.wrap(head);
    for (int i = 0; i < pageCount; i++) {
      int size = (int) (offsets[i + 1] - offsets[i]);
      source.readFully(offsets[i], buffer.clear().limit(Math.min(size, head.length)));
      long pageNumber = Integer.toUnsignedLong(pageNumbers[i]);
      if (FrameDecoder.checkPageNumber(head, 0, pageNumber, offsets[i], findings)) {
        decoder.checkHeader(head, 0, size, offsets[i], findings);
      }
    }
  }

  private void checkEndMarker(long offset) throws IOException {
    byte[] marker = new byte[FrameLayout.endMarkerSize(layout)];
    source.readFully(offset, ByteBuffer.wrap(marker));
    for (byte b : marker) {
      if (b != 0) {
        findings.add(
            Reason.PAGE_NUMBER, offset, "the end marker behind the last frame is not all zero");
        return;
      }
    }
  }

  private void checkComplete(int[] pageNumbers, long[] offsets) throws LtxFormatException {
    if (!header.isSnapshot()) {
      return;
    }
    long lockPage = header.lockPageNumber();
    long expected = 1;
    for (int i = 0; i <= pageCount; i++) {
      expected += expected == lockPage ? 1 : 0;
      long found = i < pageCount ? Integer.toUnsignedLong(pageNumbers[i]) : header.commit() + 1;
      if (i < pageCount ? found != expected : found > expected) {
        findings.add(
            Reason.SNAPSHOT_INCOMPLETE,
            offsets[i],
            "the snapshot of " + header.commit() + " pages lacks page " + expected);
        return;
      }
      expected = found + 1;
    }
  }

  /** Returns the trailer, or empty if it is damaged. */
  public Optional<LtxTrailer> trailer() {
    return trailer;
  }

  /** Returns how many pages the index names. */
  public long pageCount() {
    return pageCount;
  }
}

package io.github.ltxjava.internal.codec;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.LtxFormatException.Reason;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxTrailer;
import io.github.ltxjava.PageIndex;
import io.github.ltxjava.PageVisitor;
import io.github.ltxjava.Parallelism;
import io.github.ltxjava.internal.crc.Crc64Iso;
import io.github.ltxjava.internal.crc.PageHash;
import io.github.ltxjava.internal.format.FrameLayout;
import io.github.ltxjava.internal.format.HeaderLayout;
import io.github.ltxjava.internal.format.Hex;
import io.github.ltxjava.internal.format.TrailerLayout;
import io.github.ltxjava.io.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads and verifies a whole file by its index, in segments that several threads take in turn.
 *
 * <p>A checksum is linear, so each segment is hashed by itself and the results are joined in order:
 * {@code state(s, d) = s · x^(8·len(d)) + remainder(d)}. The first damage found ends the scan; a
 * {@link FileScan} tells all of it.
 */
public final class ParallelScan {

  /** Compressed bytes per segment: few segments to join, many to share. */
  private static final int SEGMENT_SIZE = 512 << 10;

  private final ByteSource source;
  private final LtxHeader header;
  private final Layout layout;
  private final PageIndex index;
  private final LtxTrailer trailer;
  private final FrameDecoder decoder;
  private final Findings findings;
  private final PageVisitor visitor;
  private final List<Segment> segments = new ArrayList<>();
  private int nextEntry;
  private boolean failed;

  /** A run of frames, and what hashing it gave. */
  private static final class Segment {
    private final int first;
    private final int end;
    private long remainder;
    private long hashedBytes;
    private long databaseSum;

    Segment(int first, int end) {
      this.first = first;
      this.end = end;
    }
  }

  /**
   * Creates a scan of a file that has been opened: its header, index and trailer are sound.
   *
   * @param visitor takes each page, on any thread and in any order
   */
  public ParallelScan(
      ByteSource source,
      LtxHeader header,
      Layout layout,
      PageIndex index,
      LtxTrailer trailer,
      FrameDecoder decoder,
      PageVisitor visitor) {
    this.source = source;
    this.header = header;
    this.layout = layout;
    this.index = index;
    this.trailer = trailer;
    this.decoder = decoder;
    this.visitor = visitor;
    this.findings = Findings.strict(source.name());
  }

  /** Reads everything; returns normally only if the file is sound. */
  public void run(Parallelism parallelism) throws IOException {
    checkComplete();
    Workers.run(parallelism, this::work);
    checkSums();
  }

  /** The index is in order and below the commit, so its size tells whether all pages are there. */
  private void checkComplete() throws LtxFormatException {
    boolean lockPage = header.lockPageNumber() <= header.commit();
    if (header.isSnapshot() && index.size() != header.commit() - (lockPage ? 1 : 0)) {
      findings.add(
          Reason.SNAPSHOT_INCOMPLETE,
          index.indexOffset(),
          "the snapshot of " + header.commit() + " pages holds " + index.size());
    }
  }

  private void work() throws IOException {
    Worker worker = new Worker();
    boolean done = false;
    try {
      for (Segment segment = take(); segment != null; segment = take()) {
        worker.read(segment);
      }
      done = true;
    } finally {
      if (!done) {
        giveUp();
      }
    }
  }

  private synchronized void giveUp() {
    failed = true;
  }

  private synchronized @Nullable Segment take() {
    if (failed || nextEntry == index.size()) {
      return null;
    }
    int first = nextEntry;
    int end = first + 1;
    long limit = index.frameOffset(first) + SEGMENT_SIZE;
    while (end < index.size() && index.frameOffset(end) + index.frameSize(end) <= limit) {
      end++;
    }
    nextEntry = end;
    Segment segment = new Segment(first, end);
    segments.add(segment);
    return segment;
  }

  /** What one thread needs. */
  private final class Worker {
    private final PageHash hash = new PageHash(header.pageSize());
    private final byte[] page = new byte[header.pageSize()];
    private final ByteBuffer view = ByteBuffer.wrap(page).asReadOnlyBuffer();
    private byte[] bytes = new byte[0];

    void read(Segment segment) throws IOException {
      long start = index.frameOffset(segment.first);
      int last = segment.end - 1;
      int length = (int) (index.frameOffset(last) + index.frameSize(last) - start);
      if (bytes.length < length) {
        bytes = new byte[Math.max(length, FrameLayout.SIZED_HEADER_SIZE)];
      }
      source.readFully(start, ByteBuffer.wrap(bytes, 0, length));
      for (int i = segment.first; i < segment.end; i++) {
        readPage(segment, i, (int) (index.frameOffset(i) - start));
      }
    }

    private void readPage(Segment segment, int entry, int at) throws IOException {
      long pageNumber = index.pageNumber(entry);
      int size = index.frameSize(entry);
      int headerSize = FrameLayout.SHORT_HEADER_SIZE;
      long position = index.frameOffset(entry);
      FrameDecoder.checkPageNumber(bytes, at, pageNumber, position, findings);
      if (layout == Layout.V1_RAW) {
        System.arraycopy(bytes, at + headerSize, page, 0, page.length);
      } else {
        decoder.checkHeader(bytes, at, size, position, findings);
        decoder.decode(bytes, at, size, page, position, findings);
        headerSize = decoder.hashedHeaderSize(bytes, at);
      }
      long remainder = hash.remainder(page, 0);
      segment.remainder = Crc64Iso.advanceByWords(segment.remainder, bytes, at, headerSize);
      segment.remainder = hash.advance(segment.remainder, remainder);
      segment.hashedBytes += headerSize + page.length;
      if (header.isSnapshot() && header.tracksChecksums()) {
        segment.databaseSum ^= hash.pageChecksum(pageNumber, remainder);
      }
      visitor.accept(pageNumber, view.clear());
    }
  }

  private void checkSums() throws IOException {
    long state = hash(Crc64Iso.INITIAL, 0, HeaderLayout.SIZE);
    long databaseSum = 0;
    for (Segment segment : segments) {
      state = Crc64Iso.join(state, segment.remainder, segment.hashedBytes);
      databaseSum ^= segment.databaseSum;
    }
    long trailerOffset = source.size() - TrailerLayout.SIZE;
    long markerOffset = index.indexOffset() - FrameLayout.endMarkerSize(layout);
    if (!layout.hasIndex()) {
      markerOffset = index.indexOffset();
    }
    state = hash(state, markerOffset, trailerOffset + TrailerLayout.FILE_CHECKSUM_OFFSET);
    checkEndMarker(markerOffset);
    long file = Crc64Iso.finish(state) | Checksum.FLAG;
    if (file != trailer.file().bits()) {
      findings.add(
          Reason.FILE_CHECKSUM,
          trailerOffset + TrailerLayout.FILE_CHECKSUM_OFFSET,
          "the file checksum is " + Hex.format(file) + ", but the trailer says " + trailer.file());
    }
    checkDatabaseSum(databaseSum | Checksum.FLAG, trailerOffset);
  }

  private void checkDatabaseSum(long sum, long offset) throws LtxFormatException {
    boolean differs =
        header.isSnapshot()
            && header.tracksChecksums()
            && trailer.postApply().map(Checksum::bits).orElse(0L) != sum;
    if (differs) {
      findings.add(
          Reason.DATABASE_CHECKSUM,
          offset,
          "the pages of the snapshot have the database checksum " + Hex.format(sum));
    }
  }

  private void checkEndMarker(long offset) throws IOException {
    byte[] marker = new byte[FrameLayout.endMarkerSize(layout)];
    source.readFully(offset, ByteBuffer.wrap(marker));
    for (byte b : marker) {
      if (b != 0) {
        findings.add(Reason.PAGE_NUMBER, offset, "the end marker is not all zero");
      }
    }
  }

  /** Hashes bytes of the file as they are. */
  private long hash(long state, long from, long end) throws IOException {
    byte[] piece = new byte[(int) Math.min(end - from, SEGMENT_SIZE)];
    long result = state;
    for (long position = from; position < end; position += piece.length) {
      int length = (int) Math.min(piece.length, end - position);
      source.readFully(position, ByteBuffer.wrap(piece, 0, length));
      result = Crc64Iso.advanceByWords(result, piece, 0, length);
    }
    return result;
  }
}

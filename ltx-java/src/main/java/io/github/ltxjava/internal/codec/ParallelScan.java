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
import io.github.ltxjava.internal.format.FrameLayout;
import io.github.ltxjava.internal.format.HeaderLayout;
import io.github.ltxjava.internal.format.Hex;
import io.github.ltxjava.internal.format.TrailerLayout;
import io.github.ltxjava.io.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads and verifies a whole file by its index, in segments that several threads read, decode and
 * hash. The first damage, in the order of the file, ends the scan; a {@link FileScan} tells all.
 */
public final class ParallelScan {

  /** Compressed bytes per segment: few segments to join, many to share, and small beside L2. */
  private static final int SEGMENT_SIZE = 256 << 10;

  private final ByteSource source;
  private final LtxHeader header;
  private final Layout layout;
  private final PageIndex index;
  private final LtxTrailer trailer;
  private final FrameDecoder decoder;
  private final Findings findings;
  private final PageVisitor visitor;
  private final boolean sumsDatabase;
  private long fileState;
  private long databaseSum;

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
    this.sumsDatabase = header.isSnapshot() && header.tracksChecksums();
    this.findings = Findings.strict(source.name());
  }

  /** Reads everything; returns normally only if the file is sound. */
  public void run(Parallelism parallelism) throws IOException {
    checkComplete();
    fileState = hash(Crc64Iso.INITIAL, 0, HeaderLayout.SIZE);
    OrderedWork<Segment> work = new OrderedWork<>(parallelism, Segment::new);
    try {
      int entry = 0;
      while (entry < index.size()) {
        Segment segment = work.next();
        entry = segment.take(entry);
        work.submit();
      }
      work.finish();
    } finally {
      work.abandon();
    }
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

  /** A run of frames, and what it takes to read and hash them. */
  private final class Segment implements OrderedWork.Batch {
    private final RunHash hash = new RunHash(header.pageSize(), sumsDatabase);
    private final byte[] page = new byte[header.pageSize()];
    private final ByteBuffer view = ByteBuffer.wrap(page).asReadOnlyBuffer();
    private ByteBuffer frames = ByteBuffer.allocate(0);
    private int first;
    private int end;

    /** Takes frames from an entry of the index on, and returns the first entry not taken. */
    int take(int entry) {
      first = entry;
      end = entry + 1;
      long limit = index.frameOffset(entry) + SEGMENT_SIZE;
      while (end < index.size() && index.frameOffset(end) + index.frameSize(end) <= limit) {
        end++;
      }
      return end;
    }

    @Override
    public void work() throws IOException {
      long start = index.frameOffset(first);
      int last = end - 1;
      int length = (int) (index.frameOffset(last) + index.frameSize(last) - start);
      // A frame header is read as ten bytes even where a frame is shorter.
      int room = length + FrameLayout.SIZED_HEADER_SIZE;
      if (frames.capacity() < room) {
        frames = ByteBuffer.allocate(Math.max(room, SEGMENT_SIZE));
      }
      source.readFully(start, frames.clear().limit(length));
      hash.clear();
      for (int i = first; i < end; i++) {
        readPage(i, frames.array(), (int) (index.frameOffset(i) - start));
      }
    }

    private void readPage(int entry, byte[] bytes, int at) throws IOException {
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
      hash.add(pageNumber, page, 0, bytes, at, headerSize);
      visitor.accept(pageNumber, view.clear());
    }

    @Override
    public void join() {
      fileState = hash.joinTo(fileState);
      databaseSum ^= hash.databaseSum();
    }
  }

  private void checkSums() throws IOException {
    long trailerOffset = source.size() - TrailerLayout.SIZE;
    long markerOffset = index.indexOffset() - FrameLayout.endMarkerSize(layout);
    if (!layout.hasIndex()) {
      markerOffset = index.indexOffset();
    }
    long state = hash(fileState, markerOffset, trailerOffset + TrailerLayout.FILE_CHECKSUM_OFFSET);
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
    boolean differs = sumsDatabase && trailer.postApply().map(Checksum::bits).orElse(0L) != sum;
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

package io.github.ltxjava.internal.codec;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.IndexMemory;
import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.LtxFormatException.Reason;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxTrailer;
import io.github.ltxjava.codec.PageCodec;
import io.github.ltxjava.internal.crc.Crc64Iso;
import io.github.ltxjava.internal.crc.PageHash;
import io.github.ltxjava.internal.format.BigEndian;
import io.github.ltxjava.internal.format.FrameLayout;
import io.github.ltxjava.internal.format.HeaderLayout;
import io.github.ltxjava.internal.format.Hex;
import io.github.ltxjava.internal.format.TrailerLayout;
import io.github.ltxjava.internal.io.SequentialInput;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * One pass over a file from its header to its last byte, checking every rule of the format on the
 * way. The reader, the verifier and the merger are this, each with its own {@link Findings}.
 *
 * <p>Call {@link #nextFrame} until it is false, {@link #decodePage} after each, then {@link
 * #finish}. Belongs to one thread; allocates nothing per page.
 */
public final class FileScan implements Closeable {

  private static final byte[] ZEROS = new byte[FrameLayout.HEADER_SIZE];

  private final SequentialInput in;
  private final HashedInput input;
  private final Findings findings;
  private final LtxHeader header;
  private final Layout layout;
  private final PageBlock pages;
  private final PageHash hash;
  private final IndexLog index;
  private final byte[] page;
  private final long lockPage;
  private final boolean sumsDatabase;

  private long databaseSum;
  private long pageRemainder;
  private long previousPage;
  private long pageCount;
  private boolean lost;
  private boolean ended;
  private boolean pagesDamaged;
  private long indexOffset = -1;
  private Optional<LtxTrailer> trailer = Optional.empty();

  private FileScan(
      SequentialInput in,
      Findings findings,
      byte[] rawHeader,
      Layout layout,
      List<PageCodec> codecs,
      IndexMemory indexMemory,
      PageScratch scratch) {
    this.in = in;
    this.input = new HashedInput(in, findings);
    this.findings = findings;
    this.header = HeaderLayout.decode(rawHeader);
    this.layout = layout;
    this.pages =
        switch (layout) {
          case V1_RAW -> new RawPages(in, header.pageSize(), findings);
          case V1_LZ4 -> new CompressedPages(in, header.pageSize(), findings);
          case V2, V3_FRAME, V3_BLOCK ->
              new FramedPages(
                  in,
                  layout,
                  header.pageSize(),
                  new FrameDecoder(layout, header.pageSize(), codecs),
                  findings);
        };
    this.hash = scratch.hash;
    this.index = new IndexLog(indexMemory);
    this.page = scratch.page;
    this.lockPage = header.lockPageNumber();
    this.sumsDatabase = header.isSnapshot() && header.tracksChecksums();
    input.hash(rawHeader, 0, HeaderLayout.SIZE);
  }

  /**
   * Starts behind a header that was read by {@link ScanStart}.
   *
   * @param in stands at the page block; closed with this scan
   */
  static FileScan start(
      SequentialInput in,
      Findings findings,
      byte[] rawHeader,
      Layout layout,
      List<PageCodec> codecs,
      IndexMemory indexMemory,
      PageScratch scratch) {
    return new FileScan(in, findings, rawHeader, layout, codecs, indexMemory, scratch);
  }

  public LtxHeader header() {
    return header;
  }

  public Layout layout() {
    return layout;
  }

  /** Returns what messages call the source. */
  public String name() {
    return in.name();
  }

  /**
   * Moves to the next frame and checks its page number.
   *
   * @return false at the end marker, or where damage makes it impossible to go on
   */
  public boolean nextFrame() throws IOException {
    if (lost) {
      return false;
    }
    switch (pages.next()) {
      case LOST -> {
        lost = true;
        return false;
      }
      case END -> {
        ended = true;
        checkComplete(in.position() - FrameLayout.endMarkerSize(layout));
        return false;
      }
      case PAGE -> {
        checkPageNumber(pages.pageNumber(), pages.frameOffset());
        if (layout.hasIndex()) {
          index.add(pages.pageNumber(), pages.frameOffset(), pages.frameSize());
        }
        pageCount++;
        return true;
      }
    }
    throw new AssertionError();
  }

  private void checkPageNumber(long number, long offset) throws LtxFormatException {
    long previous = previousPage;
    previousPage = Math.max(previous, number);
    if (number > header.commit()) {
      findings.add(
          Reason.PAGE_NUMBER, offset, "page " + number + " is above commit " + header.commit());
    }
    if (number == lockPage) {
      findings.add(
          Reason.LOCK_PAGE, offset, "page " + number + " is the lock page, which is never stored");
    }
    if (number <= previous) {
      findings.add(Reason.PAGE_ORDER, offset, "page " + number + " follows page " + previous);
    } else if (header.isSnapshot() && number != after(previous) && number != lockPage) {
      findings.add(
          Reason.SNAPSHOT_INCOMPLETE,
          offset,
          "page " + number + " follows page " + previous + " in a snapshot, which holds all pages");
    }
  }

  private void checkComplete(long offset) throws LtxFormatException {
    if (header.isSnapshot() && after(previousPage) <= header.commit()) {
      findings.add(
          Reason.SNAPSHOT_INCOMPLETE,
          offset,
          "the snapshot ends after page " + previousPage + " of " + header.commit());
    }
  }

  private long after(long number) {
    return number + 1 == lockPage ? number + 2 : number + 1;
  }

  /**
   * Decodes the current page and hashes it.
   *
   * @return false if it is damaged and a finding was added
   */
  public boolean decodePage() throws IOException {
    byte[] frame = pages.frameArray();
    int offset = pages.frameArrayOffset();
    if (!decode(frame, offset, pages.frameSize(), pages.frameOffset(), page)) {
      pagesDamaged = true;
      return false;
    }
    pageRemainder = hash.remainder(page, 0);
    account(pages.pageNumber(), frame, offset, pages.hashedHeaderSize(), pageRemainder);
    return true;
  }

  /**
   * Decodes a frame at which this scan stood, or a copy of it; other threads may, while the scan
   * goes on.
   *
   * @param position offset of the frame in the source
   */
  boolean decode(byte[] frame, int offset, int size, long position, byte[] target)
      throws IOException {
    return pages.decode(frame, offset, size, position, target);
  }

  /** Takes a page into the checksums of the file: each page, in order, and before the end. */
  void account(long pageNumber, byte[] frame, int offset, int hashedHeaderSize, long remainder) {
    input.hash(frame, offset, hashedHeaderSize);
    input.state(hash.advance(input.state(), remainder));
    if (sumsDatabase && pageNumber != lockPage) {
      databaseSum ^= hash.pageChecksum(pageNumber, remainder);
    }
  }

  /** Returns the number of the current page. */
  public long pageNumber() {
    return pages.pageNumber();
  }

  /**
   * Returns the decoded page; overwritten by the next {@link #decodePage}, of this scan or of one
   * that shares its scratch space.
   */
  public byte[] page() {
    return page;
  }

  /** Returns the page checksum of the decoded page. */
  public long pageChecksum() {
    return hash.pageChecksum(pages.pageNumber(), pageRemainder);
  }

  /** Returns the array that holds the current frame; valid until the next {@link #nextFrame}. */
  byte[] frameArray() {
    return pages.frameArray();
  }

  /** Returns where the current frame starts in {@link #frameArray}. */
  int frameArrayOffset() {
    return pages.frameArrayOffset();
  }

  /** Returns the length of the current frame. */
  public int frameSize() {
    return pages.frameSize();
  }

  /** Returns how many bytes of the frame's header the file checksum covers. */
  int hashedHeaderSize() {
    return pages.hashedHeaderSize();
  }

  /** Returns the offset of the current frame in the source. */
  public long frameOffset() {
    return pages.frameOffset();
  }

  /** Returns how many pages have been seen. */
  public long pageCount() {
    return pageCount;
  }

  /**
   * Returns where the page index starts; -1 in layouts without one, and until {@link #finish} got
   * there.
   */
  public long indexOffset() {
    return indexOffset;
  }

  /** Checks all that follows the end marker; does nothing where the scan got lost before. */
  public void finish() throws IOException {
    if (ended) {
      input.hash(ZEROS, 0, FrameLayout.endMarkerSize(layout));
    }
    if (!lost && (!layout.hasIndex() || checkIndex())) {
      checkTrailer();
    }
  }

  /** Returns the trailer once {@link #finish} has read it. */
  public Optional<LtxTrailer> trailer() {
    return trailer;
  }

  private boolean checkIndex() throws IOException {
    indexOffset = in.position();
    return new IndexCheck(input, index, findings).run();
  }

  private void checkTrailer() throws IOException {
    if (!in.require(TrailerLayout.SIZE)) {
      input.truncated("the trailer");
      return;
    }
    long offset = in.position();
    long postApply = BigEndian.getLong(in.array(), in.offset());
    long fileChecksum =
        BigEndian.getLong(in.array(), in.offset() + TrailerLayout.FILE_CHECKSUM_OFFSET);
    input.skip(TrailerLayout.FILE_CHECKSUM_OFFSET);
    in.skip(TrailerLayout.SIZE - TrailerLayout.FILE_CHECKSUM_OFFSET);
    boolean postApplyOk = checkPostApply(postApply, offset);
    long computed = Crc64Iso.finish(input.state()) | Checksum.FLAG;
    if (!pagesDamaged && computed != fileChecksum) {
      findings.add(
          Reason.FILE_CHECKSUM,
          offset + TrailerLayout.FILE_CHECKSUM_OFFSET,
          "the file checksum is "
              + Hex.format(computed)
              + ", but the trailer says "
              + Hex.format(fileChecksum));
    }
    long database = databaseSum | Checksum.FLAG;
    if (postApplyOk && sumsDatabase && !pagesDamaged && database != postApply) {
      findings.add(
          Reason.DATABASE_CHECKSUM,
          offset,
          "the pages of the snapshot have the database checksum "
              + Hex.format(database)
              + ", but the trailer says "
              + Hex.format(postApply));
    }
    if (in.require(1)) {
      findings.add(Reason.TRAILING_BYTES, in.position(), "the file goes on behind its trailer");
    }
    if (postApplyOk && fileChecksum < 0) {
      trailer =
          Optional.of(
              new LtxTrailer(
                  postApply == 0 ? Optional.empty() : Optional.of(new Checksum(postApply)),
                  new Checksum(fileChecksum)));
    }
  }

  private boolean checkPostApply(long postApply, long offset) throws LtxFormatException {
    Optional<String> objection = PostApply.objection(header, postApply);
    if (objection.isPresent()) {
      findings.add(Reason.BAD_TRAILER, offset, objection.get());
      return false;
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    try (in) {
      index.close();
    }
  }
}

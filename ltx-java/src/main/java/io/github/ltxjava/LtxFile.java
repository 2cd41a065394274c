package io.github.ltxjava;

import io.github.ltxjava.LtxFormatException.Reason;
import io.github.ltxjava.internal.codec.FileScan;
import io.github.ltxjava.internal.codec.Findings;
import io.github.ltxjava.internal.codec.FrameDecoder;
import io.github.ltxjava.internal.codec.IndexParser;
import io.github.ltxjava.internal.codec.ParallelScan;
import io.github.ltxjava.internal.codec.RawIndex;
import io.github.ltxjava.internal.codec.ScanStart;
import io.github.ltxjava.internal.codec.TailReader;
import io.github.ltxjava.internal.format.FrameLayout;
import io.github.ltxjava.internal.format.HeaderLayout;
import io.github.ltxjava.internal.io.Closing;
import io.github.ltxjava.internal.io.EndsCache;
import io.github.ltxjava.io.ByteSource;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Reads single pages of a file by exact ranges.
 *
 * <p>Opening takes two range reads if the index fits the tail of {@value #TAIL_SIZE} bytes, else
 * one more to see its start and one for every MiB of it; after that a page is one range read.
 * Header, index and trailer are checked when the file is opened. A page is checked when it is read
 * as far as its own bytes allow: its number, and that it decompresses to exactly one page; the file
 * checksum, which covers all pages, is not. Raw version 1 files have no index and are scanned when
 * opened; compressed version 1 files cannot be read at random.
 *
 * <p>Safe for many threads.
 */
public final class LtxFile implements Closeable {

  /** How many bytes at the end of a file are read first. */
  public static final int TAIL_SIZE = 64 << 10;

  private static final int HEAD_SIZE = HeaderLayout.SIZE + FrameLayout.SIZED_HEADER_SIZE;

  /** More threads than this at once make their scratch space anew. */
  private static final int POOL_SIZE = 16;

  private final ByteSource source;
  private final LtxHeader header;
  private final Layout layout;
  private final LtxTrailer trailer;
  private final PageIndex index;
  private final FrameDecoder decoder;
  private final Findings findings;
  private final Parallelism parallelism;
  private final AtomicReferenceArray<Scratch> pool = new AtomicReferenceArray<>(POOL_SIZE);

  private LtxFile(
      ByteSource source,
      LtxHeader header,
      Layout layout,
      LtxTrailer trailer,
      PageIndex index,
      ReadOptions options) {
    this.source = source;
    this.header = header;
    this.layout = layout;
    this.trailer = trailer;
    this.index = index;
    this.decoder = new FrameDecoder(layout, header.pageSize(), options.codecs());
    this.findings = Findings.strict(source.name());
    this.parallelism = options.parallelism();
  }

  /**
   * Opens a file.
   *
   * @param source closed with the file, also when this method fails
   * @throws LtxFormatException if header, index or trailer are damaged; with {@code UNSUPPORTED}
   *     for compressed version 1 files
   * @throws IOException if the source cannot be read
   */
  public static LtxFile open(ByteSource source) throws IOException {
    return open(source, ReadOptions.DEFAULT);
  }

  /**
   * Opens a file with options.
   *
   * @param source closed with the file, also when this method fails
   * @throws LtxFormatException if header, index or trailer are damaged; with {@code UNSUPPORTED}
   *     for compressed version 1 files
   * @throws IOException if the source cannot be read
   */
  public static LtxFile open(ByteSource source, ReadOptions options) throws IOException {
    try {
      return openEnds(EndsCache.read(source, HEAD_SIZE, TAIL_SIZE), source, options);
    } catch (Throwable e) {
      Closing.afterFailure(e, source);
      throw e;
    }
  }

  private static LtxFile openEnds(EndsCache ends, ByteSource source, ReadOptions options)
      throws IOException {
    Findings strict = Findings.strict(source.name());
    ScanStart start = ScanStart.of(options, HEAD_SIZE);
    // Not closed here: closing the scan would close the source.
    FileScan scan = start.open(ends, strict).orElseThrow();
    LtxHeader header = scan.header();
    Layout layout = scan.layout();
    if (layout == Layout.V1_LZ4) {
      throw new LtxFormatException(
          Reason.UNSUPPORTED,
          source.name(),
          HeaderLayout.SIZE,
          "a compressed version 1 file has no page that can be read by itself; read it front to"
              + " back, or convert it to v3-block");
    }
    if (layout == Layout.V1_RAW) {
      RawIndex raw = RawIndex.scan(source, header, strict);
      PageIndex index =
          new PageIndex(raw.pageNumbers(), raw.offsets(), raw.pageNumbers().length, raw.end(), 0);
      return new LtxFile(source, header, layout, raw.trailer(), index, options);
    }
    TailReader tail = new TailReader(ends, header, layout, strict);
    IndexParser parsed = tail.read().orElseThrow();
    PageIndex index = PageIndex.of(parsed, tail.indexOffset(), tail.indexSize());
    return new LtxFile(source, header, layout, tail.trailer().orElseThrow(), index, options);
  }

  /** Returns what messages call the file. */
  public String name() {
    return source.name();
  }

  /** Returns the header. */
  public LtxHeader header() {
    return header;
  }

  /** Returns the layout. */
  public Layout layout() {
    return layout;
  }

  /** Returns the trailer; its file checksum has not been compared with the file. */
  public LtxTrailer trailer() {
    return trailer;
  }

  /** Returns the page index. */
  public PageIndex index() {
    return index;
  }

  /**
   * Reads a page.
   *
   * @param pageNumber its number
   * @param target receives exactly one page; the caller's, with room for it
   * @return false if the file does not hold the page; the target is untouched then
   * @throws IllegalArgumentException if the target has less room than a page
   * @throws LtxFormatException if the frame is damaged
   * @throws IOException if the source cannot be read
   */
  public boolean readPage(long pageNumber, ByteBuffer target) throws IOException {
    if (target.remaining() < header.pageSize()) {
      throw new IllegalArgumentException(
          "room for " + target.remaining() + " bytes, but a page has " + header.pageSize());
    }
    int position = index.find(pageNumber);
    if (position < 0) {
      return false;
    }
    Scratch scratch = borrow();
    try {
      readFrame(position, pageNumber, scratch);
      target.put(scratch.page);
    } finally {
      giveBack(scratch);
    }
    return true;
  }

  private void readFrame(int position, long pageNumber, Scratch scratch) throws IOException {
    long offset = index.frameOffset(position);
    int size = index.frameSize(position);
    ByteBuffer frame = scratch.frame(size);
    source.readFully(offset, frame);
    FrameDecoder.checkPageNumber(scratch.frame, 0, pageNumber, offset, findings);
    if (layout == Layout.V1_RAW) {
      System.arraycopy(
          scratch.frame, FrameLayout.SHORT_HEADER_SIZE, scratch.page, 0, scratch.page.length);
      return;
    }
    decoder.checkHeader(scratch.frame, 0, size, offset, findings);
    decoder.decode(scratch.frame, 0, size, scratch.page, offset, findings);
  }

  /**
   * Reads every page and verifies the whole file, as {@link LtxReader} does, on several threads if
   * the file was opened with {@link ReadOptions#withParallelism}.
   *
   * @param visitor takes each page once; if several threads read, in any order and on any of them
   * @throws LtxFormatException if the file is damaged; the visitor may have taken pages by then
   * @throws IOException if the source cannot be read, or the visitor throws it
   */
  public void readAll(PageVisitor visitor) throws IOException {
    new ParallelScan(source, header, layout, index, trailer, decoder, visitor).run(parallelism);
  }

  private Scratch borrow() {
    for (int i = 0; i < POOL_SIZE; i++) {
      Scratch scratch = pool.getPlain(i) == null ? null : pool.getAndSet(i, null);
      if (scratch != null) {
        return scratch;
      }
    }
    return new Scratch(header.pageSize());
  }

  private void giveBack(Scratch scratch) {
    for (int i = 0; i < POOL_SIZE; i++) {
      if (pool.getPlain(i) == null && pool.compareAndSet(i, null, scratch)) {
        return;
      }
    }
  }

  /** Releases the source. */
  @Override
  public void close() throws IOException {
    source.close();
  }

  /** What one read needs; the frame buffer grows to the largest frame, which the index bounds. */
  private static final class Scratch {
    private final byte[] page;
    private byte[] frame = new byte[0];
    private ByteBuffer frameBuffer = ByteBuffer.wrap(frame);

    Scratch(int pageSize) {
      this.page = new byte[pageSize];
    }

    ByteBuffer frame(int size) {
      if (size > frame.length) {
        // The header is read as ten bytes even where a frame is shorter.
        frame = new byte[Math.max(size, FrameLayout.SIZED_HEADER_SIZE)];
        frameBuffer = ByteBuffer.wrap(frame);
      }
      return frameBuffer.clear().limit(size);
    }
  }
}

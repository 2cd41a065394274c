package io.github.ltxjava.internal.codec;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxTrailer;
import io.github.ltxjava.WriteOptions;
import io.github.ltxjava.internal.crc.Crc64Iso;
import io.github.ltxjava.internal.crc.PageHash;
import io.github.ltxjava.internal.format.BigEndian;
import io.github.ltxjava.internal.format.FrameLayout;
import io.github.ltxjava.internal.format.HeaderLayout;
import io.github.ltxjava.internal.format.Hex;
import io.github.ltxjava.internal.format.IndexLayout;
import io.github.ltxjava.internal.format.TrailerLayout;
import io.github.ltxjava.internal.lz4.Lz4FrameOutput;
import io.github.ltxjava.io.ByteSink;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts a file together front to back: header, frames, end marker, index, trailer. The writer gives
 * it pages, the merger frames that are encoded already. Belongs to one thread; allocates nothing
 * per page.
 */
public final class FileAssembler implements Closeable {

  private static final int BUFFER_SIZE = 256 << 10;

  private final ByteSink sink;
  private final LtxHeader header;
  private final Layout layout;
  private final FrameEncoder encoder;
  private final PageHash hash;
  private final IndexLog index;
  private final @Nullable Lz4FrameOutput compressed;
  private final PageOrder order;
  private final boolean sumsDatabase;
  private final byte[] small = new byte[FrameLayout.SIZED_HEADER_SIZE];

  private byte[] buffer;
  private ByteBuffer wrapped;
  private int filled;
  private long flushed;
  private long fileState;
  private long databaseSum;
  private long pageCount;

  /**
   * Starts a file with its header.
   *
   * @param sink stays the caller's: neither committed nor closed here
   * @throws IllegalArgumentException if the layout cannot carry the header
   */
  public static FileAssembler create(ByteSink sink, LtxHeader header, WriteOptions options)
      throws IOException {
    Layout layout = options.layout();
    HeaderLayout.<IllegalArgumentException>checkFor(
        layout,
        HeaderLayout.flags(header, layout),
        header.wal(),
        (offset, detail) -> {
          throw new IllegalArgumentException(detail);
        });
    return new FileAssembler(sink, header, options);
  }

  private FileAssembler(ByteSink sink, LtxHeader header, WriteOptions options) throws IOException {
    this.sink = sink;
    this.header = header;
    this.layout = options.layout();
    this.encoder = new FrameEncoder(layout, header.pageSize(), options.codec());
    this.hash = new PageHash(header.pageSize());
    this.index = new IndexLog(options.indexMemory());
    this.order = new PageOrder(header);
    this.sumsDatabase = header.isSnapshot() && header.tracksChecksums();
    this.buffer = new byte[BUFFER_SIZE];
    this.wrapped = ByteBuffer.wrap(buffer);
    HeaderLayout.encode(header, layout, buffer);
    this.filled = HeaderLayout.SIZE;
    this.fileState = Crc64Iso.advanceByWords(Crc64Iso.INITIAL, buffer, 0, filled);
    this.compressed = layout == Layout.V1_LZ4 ? new Lz4FrameOutput(this::put) : null;
  }

  /** Returns an empty run of frames for this file. */
  FrameRun newRun(int capacity) {
    return new FrameRun(encoder, new RunHash(header.pageSize(), sumsDatabase), capacity);
  }

  /** Returns the hash whose remainders {@code add} takes. */
  public PageHash hash() {
    return hash;
  }

  /** Adds a page. */
  public void addPage(long pageNumber, byte[] page) throws IOException {
    addPage(pageNumber, page, hash.remainder(page, 0));
  }

  /** Adds a page whose remainder is known. */
  public void addPage(long pageNumber, byte[] page, long remainder) throws IOException {
    order.take(pageNumber);
    if (!layout.hasIndex()) {
      addRaw(pageNumber, page);
      account(pageNumber, small, 0, FrameLayout.SHORT_HEADER_SIZE, remainder);
      return;
    }
    makeRoom(encoder.maxFrameSize());
    int size = encoder.encode(pageNumber, page, buffer, filled);
    accountFrame(pageNumber, buffer, filled, size, remainder);
    filled += size;
  }

  /** Adds a page as a frame that is encoded in this file's layout already. */
  public void addFrame(long pageNumber, byte[] frame, int offset, int size, long remainder)
      throws IOException {
    order.take(pageNumber);
    accountFrame(pageNumber, frame, offset, size, remainder);
    put(frame, offset, size);
  }

  /** Adds pages that are encoded and hashed already. */
  void addRun(FrameRun run) throws IOException {
    long offset = position();
    for (int i = 0; i < run.count(); i++) {
      order.take(run.pageNumber(i));
      index.add(run.pageNumber(i), offset, run.frameSize(i));
      offset += run.frameSize(i);
    }
    fileState = run.hash().joinTo(fileState);
    databaseSum ^= run.hash().databaseSum();
    pageCount += run.count();
    flush();
    sink.write(run.frames());
    flushed = offset;
  }

  private void addRaw(long pageNumber, byte[] page) throws IOException {
    BigEndian.putInt(small, 0, (int) pageNumber);
    putPageBlock(small, FrameLayout.SHORT_HEADER_SIZE);
    putPageBlock(page, header.pageSize());
  }

  private void putPageBlock(byte[] bytes, int length) throws IOException {
    if (compressed != null) {
      compressed.write(bytes, 0, length);
    } else {
      put(bytes, 0, length);
    }
  }

  private void accountFrame(long pageNumber, byte[] frame, int offset, int size, long remainder)
      throws IOException {
    index.add(pageNumber, position(), size);
    // In a version 3 file either form of frame may occur; flags tell how long its header is.
    boolean sized =
        layout != Layout.V2
            && BigEndian.getUnsignedShort(frame, offset + FrameLayout.FLAGS_OFFSET) != 0;
    int headerSize = sized ? FrameLayout.SIZED_HEADER_SIZE : FrameLayout.endMarkerSize(layout);
    account(pageNumber, frame, offset, headerSize, remainder);
  }

  private void account(long pageNumber, byte[] frame, int offset, int headerSize, long remainder) {
    fileState = Crc64Iso.advanceByWords(fileState, frame, offset, headerSize);
    fileState = hash.advance(fileState, remainder);
    if (sumsDatabase) {
      databaseSum ^= hash.pageChecksum(pageNumber, remainder);
    }
    pageCount++;
  }

  /** Returns how many pages were added. */
  public long pageCount() {
    return pageCount;
  }

  /** Returns the database checksum of the pages added, for a snapshot that tracks checksums. */
  public Checksum databaseChecksum() {
    return Checksum.of(databaseSum);
  }

  /**
   * Writes all that follows the pages; the caller commits the sink.
   *
   * @param postApply the database checksum afterwards; empty if it is not tracked, or for a
   *     snapshot, which has its own
   * @throws IllegalArgumentException if the checksum is not what the header calls for
   * @throws IllegalStateException if a snapshot lacks pages
   */
  public LtxTrailer finish(Optional<Checksum> postApply) throws IOException {
    long sum = checkFinish(postApply);
    int markerSize = FrameLayout.endMarkerSize(layout);
    Arrays.fill(small, (byte) 0);
    fileState = Crc64Iso.advanceByWords(fileState, small, 0, markerSize);
    putPageBlock(small, markerSize);
    if (compressed != null) {
      compressed.finish();
    }
    if (layout.hasIndex()) {
      putIndex();
    }
    BigEndian.putLong(small, 0, sum);
    hashAndPut(small, 0, TrailerLayout.FILE_CHECKSUM_OFFSET);
    long file = Crc64Iso.finish(fileState) | Checksum.FLAG;
    BigEndian.putLong(small, 0, file);
    put(small, 0, TrailerLayout.SIZE - TrailerLayout.FILE_CHECKSUM_OFFSET);
    flush();
    return new LtxTrailer(
        sum == 0 ? Optional.empty() : Optional.of(new Checksum(sum)), new Checksum(file));
  }

  /**
   * Checks that the file may end here, before anything is written.
   *
   * @return the post-apply checksum for the trailer, or 0 for none
   * @throws IllegalArgumentException if the checksum is not what the header calls for
   * @throws IllegalStateException if a snapshot lacks pages
   */
  public long checkFinish(Optional<Checksum> given) {
    order.checkComplete();
    long computed = databaseSum | Checksum.FLAG;
    long sum = given.map(Checksum::bits).orElse(sumsDatabase ? computed : 0);
    if (given.isEmpty() && header.tracksChecksums() && header.commit() == 0) {
      sum = Checksum.FLAG;
    }
    if (given.isEmpty() && sum == 0 && header.tracksChecksums()) {
      throw new IllegalArgumentException(
          "a delta that tracks database checksums needs the post-apply checksum");
    }
    PostApply.objection(header, sum)
        .ifPresent(
            objection -> {
              throw new IllegalArgumentException(objection);
            });
    if (sumsDatabase && sum != computed) {
      throw new IllegalArgumentException(
          "post-apply checksum "
              + Hex.format(sum)
              + " given, but the pages of the snapshot have "
              + Hex.format(computed));
    }
    return sum;
  }

  private void putIndex() throws IOException {
    index.end();
    IndexLog.Cursor cursor = index.cursor();
    while (cursor.advance()) {
      hashAndPut(cursor.array(), cursor.offset(), cursor.available());
      cursor.skip(cursor.available());
    }
    BigEndian.putLong(small, 0, index.length());
    hashAndPut(small, 0, IndexLayout.SIZE_FIELD_SIZE);
  }

  private void hashAndPut(byte[] bytes, int offset, int length) throws IOException {
    fileState = Crc64Iso.advanceByWords(fileState, bytes, offset, length);
    put(bytes, offset, length);
  }

  private long position() {
    return flushed + filled;
  }

  private void put(byte[] bytes, int offset, int length) throws IOException {
    int at = offset;
    int rest = length;
    while (rest > 0) {
      if (filled == buffer.length) {
        flush();
      }
      int count = Math.min(rest, buffer.length - filled);
      System.arraycopy(bytes, at, buffer, filled, count);
      filled += count;
      at += count;
      rest -= count;
    }
  }

  private void makeRoom(int size) throws IOException {
    if (buffer.length - filled < size) {
      flush();
      if (buffer.length < size) {
        buffer = new byte[size];
        wrapped = ByteBuffer.wrap(buffer);
      }
    }
  }

  private void flush() throws IOException {
    if (filled > 0) {
      sink.write(wrapped.clear().limit(filled));
      flushed += filled;
      filled = 0;
    }
  }

  @Override
  public void close() throws IOException {
    index.close();
  }
}

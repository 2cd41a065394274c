package io.github.ltxjava.internal.codec;

import io.github.ltxjava.Layout;
import io.github.ltxjava.internal.format.BigEndian;
import io.github.ltxjava.internal.format.FrameLayout;
import io.github.ltxjava.internal.format.HeaderLayout;
import io.github.ltxjava.internal.format.IndexLayout;
import io.github.ltxjava.internal.format.TrailerLayout;
import io.github.ltxjava.internal.io.SequentialInput;
import io.github.ltxjava.internal.lz4.Lz4;
import io.github.ltxjava.io.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tells the layout of a file, which it does not store (specification, "Telling layouts apart").
 *
 * <p>An intact file of less than 4 GiB is told for certain by the eight bytes before its trailer:
 * in raw v1 the last four of them are the end marker, zero; in v2 and v3 they are the index size,
 * which is not. What the first frame looks like is only a hint, because a raw page can start with
 * any bytes.
 */
public final class LayoutDetector {

  /** Page number, flags, size field: enough to see the form of the first frame. */
  private static final int PEEK_SIZE = FrameLayout.SIZED_HEADER_SIZE;

  private static final int LZ4_MAGIC = 0x04224D18;
  private static final int MIN_RAW_SIZE =
      HeaderLayout.SIZE + FrameLayout.SHORT_HEADER_SIZE + TrailerLayout.SIZE;

  private LayoutDetector() {}

  /**
   * Lists the layouts that a file may have, the likeliest first.
   *
   * @param header the 100 bytes of the header
   * @return one layout for an intact file; more only if the structure leaves a doubt, so that the
   *     file checksum has to decide
   */
  public static List<Layout> candidates(ByteSource source, byte[] header) throws IOException {
    long size = source.size();
    byte[] peek =
        read(source, HeaderLayout.SIZE, (int) Math.min(PEEK_SIZE, size - HeaderLayout.SIZE));
    int flags = BigEndian.getInt(header, HeaderLayout.FLAGS_OFFSET);
    int pageSize = BigEndian.getInt(header, HeaderLayout.PAGE_SIZE_OFFSET);
    Optional<Layout> framed = byIndex(source, size, peek, pageSize);
    if ((flags & HeaderLayout.FLAG_COMPRESSED) != 0) {
      boolean frameFollows = peek.length >= 4 && BigEndian.getInt(peek, 0) == LZ4_MAGIC;
      return List.of(frameFollows ? Layout.V1_LZ4 : framed.orElse(Layout.V1_LZ4));
    }
    boolean raw = endsLikeRaw(source, size);
    if (framed.isPresent() && !raw) {
      return List.of(framed.get());
    }
    boolean rawLength = (size - MIN_RAW_SIZE) % (FrameLayout.SHORT_HEADER_SIZE + pageSize) == 0;
    if (raw && rawLength && framed.isEmpty()) {
      return List.of(Layout.V1_RAW);
    }
    return doubtful(framed, byFirstFrame(peek, pageSize), raw || rawLength);
  }

  private static List<Layout> doubtful(
      Optional<Layout> framed, Optional<Layout> first, boolean perhapsRaw) {
    List<Layout> result = new ArrayList<>();
    framed.ifPresent(result::add);
    first.filter(layout -> !result.contains(layout)).ifPresent(result::add);
    if (perhapsRaw || result.isEmpty()) {
      result.add(Layout.V1_RAW);
    }
    return result;
  }

  /** The layout by a page index where one has to be, if its start fits the first frame. */
  private static Optional<Layout> byIndex(ByteSource source, long size, byte[] peek, int pageSize)
      throws IOException {
    int tailSize = IndexLayout.SIZE_FIELD_SIZE + TrailerLayout.SIZE;
    long bodySize = size - HeaderLayout.SIZE - tailSize;
    if (bodySize < FrameLayout.SHORT_HEADER_SIZE + 1) {
      return Optional.empty();
    }
    long indexSize = BigEndian.getLong(read(source, size - tailSize, 8), 0);
    if (indexSize < 1 || indexSize > bodySize - FrameLayout.SHORT_HEADER_SIZE) {
      return Optional.empty();
    }
    long indexOffset = size - tailSize - indexSize;
    byte[] entry = read(source, indexOffset, (int) Math.min(indexSize, IndexLayout.MAX_ENTRY_SIZE));
    if (indexSize == 1) {
      long markerSize = indexOffset - HeaderLayout.SIZE;
      if (entry[0] != 0 || !isZero(peek, (int) Math.min(peek.length, markerSize))) {
        return Optional.empty();
      }
      return markerSize == FrameLayout.HEADER_SIZE
          ? Optional.of(Layout.V3_BLOCK)
          : markerSize == FrameLayout.SHORT_HEADER_SIZE ? Optional.of(Layout.V2) : Optional.empty();
    }
    VarintReader varints = new VarintReader(entry, 0, entry.length);
    long pageNumber = varints.next();
    long offset = varints.next();
    if (varints.failed()
        || offset != HeaderLayout.SIZE
        || peek.length < PEEK_SIZE
        || pageNumber != Integer.toUnsignedLong(BigEndian.getInt(peek, 0))) {
      return Optional.empty();
    }
    // The index vouches for v2 or v3; which of the two, the first frame shows: the magic number
    // in v2 starts with 04, the page flags of v3 do not.
    return Optional.of(byFirstFrame(peek, pageSize).orElse(Layout.V3_BLOCK));
  }

  /** The layout by the form of the first frame, if it has one; a raw page may feign any. */
  private static Optional<Layout> byFirstFrame(byte[] peek, int pageSize) {
    if (peek.length < PEEK_SIZE || BigEndian.getInt(peek, 0) == 0) {
      return Optional.empty();
    }
    if (BigEndian.getInt(peek, FrameLayout.SHORT_HEADER_SIZE) == LZ4_MAGIC) {
      return Optional.of(Layout.V2);
    }
    int flags = BigEndian.getUnsignedShort(peek, FrameLayout.FLAGS_OFFSET);
    int word = BigEndian.getInt(peek, FrameLayout.SIZE_OFFSET);
    if (flags == 0 && word == LZ4_MAGIC) {
      return Optional.of(Layout.V3_FRAME);
    }
    boolean sized = flags == FrameLayout.FLAG_LZ4_BLOCK || flags == ZstdPageCodec.FLAG;
    // Twice the bound of LZ4 leaves room for the codecs of extensions.
    return sized && word > 0 && word <= 2 * Lz4.maxBlockSize(pageSize)
        ? Optional.of(Layout.V3_BLOCK)
        : Optional.empty();
  }

  private static boolean endsLikeRaw(ByteSource source, long size) throws IOException {
    return size >= MIN_RAW_SIZE
        && BigEndian.getInt(
                read(
                    source,
                    size - TrailerLayout.SIZE - FrameLayout.SHORT_HEADER_SIZE,
                    FrameLayout.SHORT_HEADER_SIZE),
                0)
            == 0;
  }

  /**
   * Tells the layout of a stream of which the header has been consumed, by its first frame or, if
   * it has no page, by its length.
   *
   * @return empty if the caller has to tell it: a raw v1 file and a damaged one look the same
   */
  public static Optional<Layout> ofStream(SequentialInput in, byte[] header) throws IOException {
    int flags = BigEndian.getInt(header, HeaderLayout.FLAGS_OFFSET);
    if ((flags & HeaderLayout.FLAG_COMPRESSED) != 0) {
      return Optional.of(Layout.V1_LZ4);
    }
    in.require(PEEK_SIZE);
    byte[] peek = new byte[Math.min(PEEK_SIZE, in.available())];
    System.arraycopy(in.array(), in.offset(), peek, 0, peek.length);
    if (peek.length >= FrameLayout.SHORT_HEADER_SIZE && BigEndian.getInt(peek, 0) == 0) {
      return ofEmptyStream(in);
    }
    return byFirstFrame(peek, BigEndian.getInt(header, HeaderLayout.PAGE_SIZE_OFFSET));
  }

  /** Without pages, what follows the header has one length in each generation. */
  private static Optional<Layout> ofEmptyStream(SequentialInput in) throws IOException {
    int index = 1 + IndexLayout.SIZE_FIELD_SIZE + TrailerLayout.SIZE;
    if (in.require(FrameLayout.HEADER_SIZE + index)) {
      return Optional.of(Layout.V3_BLOCK);
    }
    if (in.require(FrameLayout.SHORT_HEADER_SIZE + index)) {
      return Optional.of(Layout.V2);
    }
    return in.require(FrameLayout.SHORT_HEADER_SIZE + TrailerLayout.SIZE)
        ? Optional.of(Layout.V1_RAW)
        : Optional.empty();
  }

  private static boolean isZero(byte[] bytes, int length) {
    for (int i = 0; i < length; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private static byte[] read(ByteSource source, long position, int length) throws IOException {
    byte[] bytes = new byte[Math.max(0, length)];
    source.readFully(position, ByteBuffer.wrap(bytes));
    return bytes;
  }
}

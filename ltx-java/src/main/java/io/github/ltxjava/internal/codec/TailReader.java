package io.github.ltxjava.internal.codec;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.LtxFormatException.Reason;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxTrailer;
import io.github.ltxjava.internal.format.BigEndian;
import io.github.ltxjava.internal.format.FrameLayout;
import io.github.ltxjava.internal.format.HeaderLayout;
import io.github.ltxjava.internal.format.IndexLayout;
import io.github.ltxjava.internal.format.TrailerLayout;
import io.github.ltxjava.io.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Reads trailer and page index from the end of a v2 or v3 file. */
public final class TailReader {

  private static final int PIECE_SIZE = 1 << 20;

  /** Below the index stand at least the header and the end marker. */
  private static final int MIN_FRONT_SIZE = HeaderLayout.SIZE + FrameLayout.SHORT_HEADER_SIZE;

  private final ByteSource source;
  private final LtxHeader header;
  private final Layout layout;
  private final Findings findings;
  private Optional<LtxTrailer> trailer = Optional.empty();
  private long indexOffset;
  private long indexSize;

  public TailReader(ByteSource source, LtxHeader header, Layout layout, Findings findings) {
    this.source = source;
    this.header = header;
    this.layout = layout;
    this.findings = findings;
  }

  /** Returns the index, or empty if it is damaged and findings were added. */
  public Optional<IndexParser> read() throws IOException {
    int tailSize = IndexLayout.SIZE_FIELD_SIZE + TrailerLayout.SIZE;
    long size = source.size();
    if (size < MIN_FRONT_SIZE + 1 + tailSize) {
      findings.add(
          Reason.TRUNCATED, size, "the file ends where its page index and trailer should be");
      return Optional.empty();
    }
    byte[] tail = new byte[tailSize];
    source.readFully(size - tailSize, ByteBuffer.wrap(tail));
    readTrailer(tail, size - TrailerLayout.SIZE);
    indexSize = BigEndian.getLong(tail, 0);
    if (indexSize < 1 || indexSize > size - tailSize - MIN_FRONT_SIZE) {
      findings.add(
          Reason.BAD_INDEX,
          size - tailSize,
          "the size field says "
              + Long.toUnsignedString(indexSize)
              + " bytes of page index, which does not fit a file of "
              + size
              + " bytes; the file may be cut");
      return Optional.empty();
    }
    indexOffset = size - tailSize - indexSize;
    return readIndex();
  }

  private void readTrailer(byte[] tail, long offset) throws LtxFormatException {
    long postApply = BigEndian.getLong(tail, IndexLayout.SIZE_FIELD_SIZE);
    long fileChecksum =
        BigEndian.getLong(tail, IndexLayout.SIZE_FIELD_SIZE + TrailerLayout.FILE_CHECKSUM_OFFSET);
    Optional<String> objection = PostApply.objection(header, postApply);
    if (objection.isPresent()) {
      findings.add(Reason.BAD_TRAILER, offset, objection.get());
    }
    if (fileChecksum >= 0) {
      findings.add(
          Reason.FILE_CHECKSUM,
          offset + TrailerLayout.FILE_CHECKSUM_OFFSET,
          "the file checksum lacks its top bit");
    }
    if (objection.isEmpty() && fileChecksum < 0) {
      trailer =
          Optional.of(
              new LtxTrailer(
                  postApply == 0 ? Optional.empty() : Optional.of(new Checksum(postApply)),
                  new Checksum(fileChecksum)));
    }
  }

  private Optional<IndexParser> readIndex() throws IOException {
    IndexParser parser = new IndexParser(header, layout, indexOffset, indexSize, findings);
    byte[] piece = new byte[(int) Math.min(indexSize, PIECE_SIZE)];
    long position = 0;
    while (position < indexSize && !parser.isDamaged()) {
      int length = (int) Math.min(piece.length, indexSize - position);
      source.readFully(indexOffset + position, ByteBuffer.wrap(piece, 0, length));
      position += parser.parse(piece, 0, length, position, position + length == indexSize);
    }
    return parser.isDamaged() ? Optional.empty() : Optional.of(parser);
  }

  /** Returns the trailer, or empty if it is damaged and findings were added. */
  public Optional<LtxTrailer> trailer() {
    return trailer;
  }

  /** Returns the offset of the index in the file. */
  public long indexOffset() {
    return indexOffset;
  }

  /** Returns the length of the index in bytes, its final 0 included. */
  public long indexSize() {
    return indexSize;
  }
}

package io.github.ltxjava.internal.codec;

import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.LtxFormatException.Reason;
import io.github.ltxjava.codec.PageCodec;
import io.github.ltxjava.internal.format.BigEndian;
import io.github.ltxjava.internal.format.FrameLayout;
import io.github.ltxjava.internal.lz4.Lz4Frame;
import io.github.ltxjava.internal.lz4.MalformedLz4Exception;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns one frame of a v2 or v3 file into its page. Immutable. */
public final class FrameDecoder {

  private final int pageSize;
  private final boolean version2;

  /** An array, because iterating over a list allocates for every page until it is compiled. */
  private final PageCodec[] codecs;

  public FrameDecoder(Layout layout, int pageSize, List<PageCodec> codecs) {
    this.pageSize = pageSize;
    this.version2 = layout == Layout.V2;
    this.codecs = codecs.toArray(new PageCodec[0]);
  }

  /** Returns the codec that these flags announce, or null if it is none that was accepted. */
  @Nullable PageCodec codec(int flags) {
    for (PageCodec codec : codecs) {
      if (codec.pageFlags() == flags) {
        return codec;
      }
    }
    return null;
  }

  /** Explains flags for which there is no codec. */
  Reason reasonAgainst(int flags) {
    return flags == ZstdPageCodec.FLAG ? Reason.UNSUPPORTED : Reason.BAD_PAGE_FRAME;
  }

  /** Says what is wrong with flags for which there is no codec. */
  String objectionTo(int flags) {
    return flags == ZstdPageCodec.FLAG
        ? "the page uses the extension zstd-pages, which this reader was not told to accept"
        : "page flags 0x" + Integer.toHexString(flags) + " are not defined";
  }

  /** Checks that a frame is of the page that the page index says; false if a finding was added. */
  public static boolean checkPageNumber(
      byte[] frame, int offset, long pageNumber, long position, Findings findings)
      throws LtxFormatException {
    long found = Integer.toUnsignedLong(BigEndian.getInt(frame, offset));
    if (found != pageNumber) {
      findings.add(
          Reason.BAD_INDEX,
          position,
          "the page index says page " + pageNumber + ", but the frame is of page " + found);
    }
    return found == pageNumber;
  }

  /**
   * Checks a frame's header against the length that the page index gives the frame.
   *
   * @param head from the offset, the frame's first {@link FrameLayout#SIZED_HEADER_SIZE} bytes; if
   *     the frame is shorter, all of it and then anything
   * @param position offset of the frame in the source
   * @return false if a finding was added
   */
  public boolean checkHeader(byte[] head, int offset, int length, long position, Findings findings)
      throws LtxFormatException {
    int headerSize = version2 ? FrameLayout.SHORT_HEADER_SIZE : FrameLayout.HEADER_SIZE;
    int flags =
        version2 || length < headerSize
            ? 0
            : BigEndian.getUnsignedShort(head, offset + FrameLayout.FLAGS_OFFSET);
    int minimum = flags == 0 ? headerSize + Integer.BYTES : FrameLayout.SIZED_HEADER_SIZE + 1;
    if (flags != 0 && codec(flags) == null) {
      findings.add(reasonAgainst(flags), position + FrameLayout.FLAGS_OFFSET, objectionTo(flags));
    } else if (length < minimum) {
      findings.add(
          Reason.BAD_PAGE_FRAME,
          position,
          "the page index gives this frame " + length + " bytes, but it takes " + minimum);
    } else if (flags != 0) {
      return checkSizeField(head, offset, length, position, findings);
    } else if (!Lz4Frame.canStartWith(head, offset + headerSize)) {
      findings.add(
          Reason.BAD_COMPRESSION,
          position + headerSize,
          "no LZ4 frame here: its magic number is missing");
    } else {
      return true;
    }
    return false;
  }

  private static boolean checkSizeField(
      byte[] head, int offset, int length, long position, Findings findings)
      throws LtxFormatException {
    int stated = BigEndian.getInt(head, offset + FrameLayout.SIZE_OFFSET);
    if (stated != length - FrameLayout.SIZED_HEADER_SIZE) {
      findings.add(
          Reason.BAD_PAGE_FRAME,
          position + FrameLayout.SIZE_OFFSET,
          "the size field says "
              + Integer.toUnsignedString(stated)
              + " bytes, the page index "
              + (length - FrameLayout.SIZED_HEADER_SIZE));
      return false;
    }
    return true;
  }

  /** Returns how many bytes of a frame's header the file checksum covers. */
  int hashedHeaderSize(byte[] frame, int offset) {
    if (version2) {
      return FrameLayout.SHORT_HEADER_SIZE;
    }
    int flags = BigEndian.getUnsignedShort(frame, offset + FrameLayout.FLAGS_OFFSET);
    return flags == 0 ? FrameLayout.HEADER_SIZE : FrameLayout.SIZED_HEADER_SIZE;
  }

  /**
   * Decodes a frame whose header has been checked.
   *
   * @param frame bytes with the whole frame, header included, at the offset
   * @param length the frame's length, all of which has to be used
   * @param page receives exactly one page
   * @param position offset of the frame in the source
   * @return false if a finding was added
   */
  public boolean decode(
      byte[] frame, int offset, int length, byte[] page, long position, Findings findings)
      throws LtxFormatException {
    int flags = version2 ? 0 : BigEndian.getUnsignedShort(frame, offset + FrameLayout.FLAGS_OFFSET);
    if (flags == 0) {
      int headerSize = version2 ? FrameLayout.SHORT_HEADER_SIZE : FrameLayout.HEADER_SIZE;
      try {
        Lz4Frame.decode(frame, offset + headerSize, length - headerSize, page, pageSize);
        return true;
      } catch (MalformedLz4Exception e) {
        findings.add(
            Reason.BAD_COMPRESSION,
            position + headerSize + e.offset(),
            String.valueOf(e.getMessage()));
        return false;
      }
    }
    PageCodec codec = codec(flags);
    if (codec == null) {
      findings.add(reasonAgainst(flags), position + FrameLayout.FLAGS_OFFSET, objectionTo(flags));
      return false;
    }
    int given =
        codec.decompress(
            frame,
            offset + FrameLayout.SIZED_HEADER_SIZE,
            length - FrameLayout.SIZED_HEADER_SIZE,
            page,
            pageSize);
    if (given != pageSize) {
      findings.add(
          Reason.BAD_COMPRESSION,
          position + FrameLayout.SIZED_HEADER_SIZE,
          given < 0
              ? codec.name() + " data is malformed or gives more than " + pageSize + " bytes"
              : codec.name() + " data gives " + given + " bytes, not one page of " + pageSize);
      return false;
    }
    return true;
  }
}

package io.github.ltxjava.internal.lz4;

import static io.github.ltxjava.internal.lz4.Lz4FrameHeader.getInt;
import static io.github.ltxjava.internal.lz4.Lz4FrameHeader.putInt;

import io.github.ltxjava.internal.io.SequentialInput;
import java.io.IOException;

/**
 * An LZ4 frame that holds one page.
 *
 * <p>Written in the one form that every version of the Go implementation reads: one data block of
 * at most 64 KiB, independent, content checksum, nothing else. Read in every legal form.
 */
public final class Lz4Frame {

  /** What the written form adds to a block: header, block size, end mark, content checksum. */
  public static final int OVERHEAD = Lz4FrameHeader.PLAIN_LENGTH + 12;

  private static final int STORED = 0x8000_0000;
  private static final int BLOCK_OFFSET = Lz4FrameHeader.PLAIN_LENGTH + Integer.BYTES;

  private Lz4Frame() {}

  /** Returns how long a page's frame may be that we read: generous, but bounded. */
  public static int maxSize(int pageSize) {
    return 16 * pageSize + 4096;
  }

  /** Compresses a page into a frame and returns the frame's length. */
  public static int encode(byte[] page, int pageSize, byte[] target, int offset) {
    int length = Lz4.compress(page, 0, pageSize, target, offset + BLOCK_OFFSET);
    return wrap(length, page, pageSize, target, offset);
  }

  /**
   * Makes a frame of a block that is already in its place in the target; a block that is no shorter
   * than the page is replaced by the page itself.
   */
  private static int wrap(int blockLength, byte[] page, int pageSize, byte[] target, int offset) {
    int at = offset;
    putInt(target, at, Lz4FrameHeader.MAGIC);
    System.arraycopy(
        Lz4FrameHeader.PLAIN_DESCRIPTOR, 0, target, at + 4, Lz4FrameHeader.PLAIN_DESCRIPTOR.length);
    at += Lz4FrameHeader.PLAIN_LENGTH;
    int length = blockLength;
    if (blockLength < pageSize) {
      putInt(target, at, length);
    } else {
      length = pageSize;
      putInt(target, at, length | STORED);
      System.arraycopy(page, 0, target, at + Integer.BYTES, length);
    }
    at += Integer.BYTES + length;
    putInt(target, at, 0);
    putInt(target, at + 4, Lz4.xxHash32(page, 0, pageSize));
    return at + 8 - offset;
  }

  /** Makes a frame of a page whose block is known and returns the frame's length. */
  public static int wrap(
      byte[] block,
      int blockOffset,
      int blockLength,
      byte[] page,
      int pageSize,
      byte[] target,
      int offset) {
    System.arraycopy(block, blockOffset, target, offset + BLOCK_OFFSET, blockLength);
    return wrap(blockLength, page, pageSize, target, offset);
  }

  /** Tells whether a frame has the written form, with its one block compressed or stored. */
  public static boolean isPlain(byte[] frame, int offset, int length) {
    if (length < OVERHEAD || getInt(frame, offset) != Lz4FrameHeader.MAGIC) {
      return false;
    }
    for (int i = 0; i < Lz4FrameHeader.PLAIN_DESCRIPTOR.length; i++) {
      if (frame[offset + 4 + i] != Lz4FrameHeader.PLAIN_DESCRIPTOR[i]) {
        return false;
      }
    }
    int size = getInt(frame, offset + Lz4FrameHeader.PLAIN_LENGTH);
    return (size & ~STORED) == length - OVERHEAD;
  }

  /**
   * Returns the length of the compressed block of a frame, which starts {@link #blockOffset} bytes
   * into it, or -1 if the frame does not have the written form or its block is stored.
   */
  public static int compressedBlockSize(byte[] frame, int offset, int length) {
    if (!isPlain(frame, offset, length)) {
      return -1;
    }
    int size = getInt(frame, offset + Lz4FrameHeader.PLAIN_LENGTH);
    return size < 0 ? -1 : size;
  }

  /** Where the block starts in a frame in the written form. */
  public static int blockOffset() {
    return BLOCK_OFFSET;
  }

  /**
   * Finds the end of a frame, bringing all of it into the window.
   *
   * @param skip bytes between the input's position and the frame
   * @param maxSize longest frame to accept
   * @return the frame's length, or -1 if the input ends inside the frame
   * @throws MalformedLz4Exception if this is no frame, or too long a one
   */
  public static int measure(SequentialInput in, int skip, int maxSize)
      throws IOException, MalformedLz4Exception {
    int at = 0;
    while (true) {
      if (!in.require(skip + at + 8)) {
        return -1;
      }
      int magic = getInt(in.array(), in.offset() + skip + at);
      if (!Lz4FrameHeader.isSkippable(magic)) {
        break;
      }
      at = bounded(at, getInt(in.array(), in.offset() + skip + at + 4), 8, maxSize);
    }
    int headerLength = Lz4FrameHeader.lengthOf(in.array(), in.offset() + skip + at);
    if (!in.require(skip + at + headerLength)) {
      return -1;
    }
    Lz4FrameHeader header = parseAt(in.array(), in.offset() + skip, at);
    at += header.length();
    while (true) {
      if (!in.require(skip + at + Integer.BYTES)) {
        return -1;
      }
      int size = getInt(in.array(), in.offset() + skip + at);
      if (size == 0) {
        at += Integer.BYTES + (header.contentChecksum() ? Integer.BYTES : 0);
        return in.require(skip + at) ? at : -1;
      }
      checkBlockSize(size, header, at);
      int extra = Integer.BYTES + (header.blockChecksums() ? Integer.BYTES : 0);
      at = bounded(at, size & ~STORED, extra, maxSize);
    }
  }

  private static int bounded(int at, int size, int extra, int maxSize)
      throws MalformedLz4Exception {
    if (size < 0 || size > maxSize - at - extra) {
      throw new MalformedLz4Exception(
          at, "LZ4 frame longer than the " + maxSize + " bytes that a page's frame may take");
    }
    return at + size + extra;
  }

  private static void checkBlockSize(int size, Lz4FrameHeader header, int at)
      throws MalformedLz4Exception {
    if ((size & ~STORED) > header.blockMaxSize()) {
      throw new MalformedLz4Exception(
          at,
          "LZ4 block of "
              + (size & ~STORED)
              + " bytes, above the frame's maximum of "
              + header.blockMaxSize());
    }
  }

  private static Lz4FrameHeader parseAt(byte[] bytes, int base, int at)
      throws MalformedLz4Exception {
    try {
      return Lz4FrameHeader.parse(bytes, base + at);
    } catch (MalformedLz4Exception e) {
      throw new MalformedLz4Exception(at + e.offset(), e.getMessage());
    }
  }

  /**
   * Decompresses a frame into exactly one page.
   *
   * @param length the frame's length, all of which has to be used
   * @throws MalformedLz4Exception if the frame is malformed or gives another length
   */
  public static void decode(byte[] source, int offset, int length, byte[] page, int pageSize)
      throws MalformedLz4Exception {
    int at = skipSkippable(source, offset, length);
    need(length - at >= 6, at);
    need(length - at >= Lz4FrameHeader.lengthOf(source, offset + at), at);
    Lz4FrameHeader header = parseAt(source, offset, at);
    int headerAt = at;
    at += header.length();
    int out = 0;
    while (true) {
      need(length - at >= Integer.BYTES, at);
      int size = getInt(source, offset + at);
      if (size == 0) {
        at += Integer.BYTES;
        break;
      }
      checkBlockSize(size, header, at);
      int blockLength = size & ~STORED;
      int blockAt = at + Integer.BYTES;
      int sumLength = header.blockChecksums() ? Integer.BYTES : 0;
      need(length - blockAt >= blockLength + sumLength, at);
      if (header.blockChecksums()) {
        checkBlockChecksum(source, offset + blockAt, blockLength, blockAt);
      }
      int given =
          decodeBlock(source, offset + blockAt, size, header.linked(), page, 0, out, pageSize);
      if (given < 0) {
        throw new MalformedLz4Exception(
            blockAt, "LZ4 block is malformed or gives more than " + pageSize + " bytes");
      }
      out += given;
      at = blockAt + blockLength + sumLength;
    }
    if (out != pageSize) {
      throw new MalformedLz4Exception(
          0, "LZ4 frame gives " + out + " bytes, not one page of " + pageSize);
    }
    if (header.contradicts(pageSize)) {
      throw new MalformedLz4Exception(
          headerAt + Lz4FrameHeader.CONTENT_SIZE_OFFSET,
          "LZ4 frame states a content size of another length");
    }
    if (header.contentChecksum()) {
      need(length - at >= Integer.BYTES, at);
      if (getInt(source, offset + at) != Lz4.xxHash32(page, 0, pageSize)) {
        throw new MalformedLz4Exception(at, "content checksum of the LZ4 frame is wrong");
      }
      at += Integer.BYTES;
    }
    if (at != length) {
      throw new MalformedLz4Exception(at, "bytes behind the LZ4 frame of the page");
    }
  }

  /** Tells whether these four bytes can start what {@link #decode} takes. */
  public static boolean canStartWith(byte[] bytes, int offset) {
    int magic = getInt(bytes, offset);
    return magic == Lz4FrameHeader.MAGIC || Lz4FrameHeader.isSkippable(magic);
  }

  private static int skipSkippable(byte[] source, int offset, int length)
      throws MalformedLz4Exception {
    int at = 0;
    while (length - at >= 8 && Lz4FrameHeader.isSkippable(getInt(source, offset + at))) {
      at = bounded(at, getInt(source, offset + at + 4), 8, length);
    }
    return at;
  }

  /** Decompresses or copies one data block; -1 if it is malformed or gives too much. */
  static int decodeBlock(
      byte[] source,
      int offset,
      int size,
      boolean linked,
      byte[] target,
      int historyStart,
      int targetOffset,
      int targetEnd) {
    int length = size & ~STORED;
    if ((size & STORED) != 0) {
      if (length > targetEnd - targetOffset) {
        return -1;
      }
      System.arraycopy(source, offset, target, targetOffset, length);
      return length;
    }
    if (linked) {
      return LinkedBlocks.decompress(
          source, offset, length, target, historyStart, targetOffset, targetEnd);
    }
    return Lz4.decompress(source, offset, length, target, targetOffset, targetEnd - targetOffset);
  }

  static void checkBlockChecksum(byte[] source, int offset, int length, long reported)
      throws MalformedLz4Exception {
    if (getInt(source, offset + length) != Lz4.xxHash32(source, offset, length)) {
      throw new MalformedLz4Exception(reported, "checksum of an LZ4 block is wrong");
    }
  }

  private static void need(boolean there, int at) throws MalformedLz4Exception {
    if (!there) {
      throw new MalformedLz4Exception(at, "LZ4 frame ends too early");
    }
  }
}

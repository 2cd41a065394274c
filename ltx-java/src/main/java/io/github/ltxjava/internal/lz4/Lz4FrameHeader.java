package io.github.ltxjava.internal.lz4;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The start of an LZ4 frame (LZ4 Frame Format Description 1.6.2): magic, FLG, BD, content size if
 * any, header check.
 *
 * @param length bytes up to the first data block
 * @param blockMaxSize largest content of a data block in bytes
 * @param linked whether blocks refer to the output of earlier ones
 * @param blockChecksums whether a checksum follows each block
 * @param contentChecksum whether a checksum follows the end mark
 * @param sized whether the frame states its content size
 * @param contentSize bytes of content as stated, any 64-bit number; 0 if the frame does not say
 */
record Lz4FrameHeader(
    int length,
    int blockMaxSize,
    boolean linked,
    boolean blockChecksums,
    boolean contentChecksum,
    boolean sized,
    long contentSize) {

  /** Where a stated content size is in a header. */
  static final int CONTENT_SIZE_OFFSET = 6;

  static final int MAGIC = 0x184D2204;

  /** Longest header: with content size. */
  static final int MAX_LENGTH = 15;

  /** Length without content size: the form that the Go implementation writes. */
  static final int PLAIN_LENGTH = 7;

  /** FLG, BD and header check as the Go implementation writes them: 64 40 a7. */
  static final byte[] PLAIN_DESCRIPTOR = {0x64, 0x40, (byte) 0xA7};

  private static final Lz4FrameHeader PLAIN =
      new Lz4FrameHeader(PLAIN_LENGTH, 64 << 10, false, false, true, false, 0);

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  static int getInt(byte[] bytes, int offset) {
    return (int) INT.get(bytes, offset);
  }

  static void putInt(byte[] bytes, int offset, int value) {
    INT.set(bytes, offset, value);
  }

  /** Tells whether these four bytes start a frame that carries no content. */
  static boolean isSkippable(int magic) {
    return (magic & 0xFFFF_FFF0) == 0x184D2A50;
  }

  /** Returns the length of a header by its first six bytes, or a smaller one if it is bad. */
  static int lengthOf(byte[] bytes, int offset) {
    return PLAIN_LENGTH + ((bytes[offset + 4] & 0x08) != 0 ? 8 : 0);
  }

  /** Parses a header of which {@link #lengthOf} bytes are there. */
  static Lz4FrameHeader parse(byte[] bytes, int offset) throws MalformedLz4Exception {
    if (getInt(bytes, offset) != MAGIC) {
      throw new MalformedLz4Exception(0, "no LZ4 frame here: its magic number is missing");
    }
    int flg = bytes[offset + 4] & 0xFF;
    int bd = bytes[offset + 5] & 0xFF;
    if (flg == (PLAIN_DESCRIPTOR[0] & 0xFF)
        && bd == (PLAIN_DESCRIPTOR[1] & 0xFF)
        && bytes[offset + 6] == PLAIN_DESCRIPTOR[2]) {
      return PLAIN;
    }
    if ((flg & 0xC2) != 0x40) {
      throw new MalformedLz4Exception(4, "LZ4 frame of an unknown version, FLG " + flg);
    }
    if ((flg & 0x01) != 0) {
      throw new MalformedLz4Exception(4, "LZ4 frame that needs a dictionary");
    }
    int sizeCode = bd >>> 4;
    if ((bd & 0x8F) != 0 || sizeCode < 4) {
      throw new MalformedLz4Exception(5, "LZ4 frame with a bad block size code, BD " + bd);
    }
    boolean hasSize = (flg & 0x08) != 0;
    int length = PLAIN_LENGTH + (hasSize ? Long.BYTES : 0);
    int check = Lz4.xxHash32(bytes, offset + 4, length - 5) >>> 8 & 0xFF;
    if (check != (bytes[offset + length - 1] & 0xFF)) {
      throw new MalformedLz4Exception(length - 1L, "header check of the LZ4 frame is wrong");
    }
    return new Lz4FrameHeader(
        length,
        1 << (8 + 2 * sizeCode),
        (flg & 0x20) == 0,
        (flg & 0x10) != 0,
        (flg & 0x04) != 0,
        hasSize,
        hasSize ? (long) LONG.get(bytes, offset + CONTENT_SIZE_OFFSET) : 0);
  }

  /** Tells whether the frame states a content size, and another one than this. */
  boolean contradicts(long contentLength) {
    return sized && contentSize != contentLength;
  }
}

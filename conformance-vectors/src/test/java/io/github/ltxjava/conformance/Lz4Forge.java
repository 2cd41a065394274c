package io.github.ltxjava.conformance;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import net.jpountz.xxhash.XXHashFactory;

/**
 * Makes LZ4 blocks and frames byte by byte, in every form the format allows and some that it does
 * not. The compressor is simple and always gives the same bytes, unlike a library's from one
 * release to the next.
 */
final class Lz4Forge {
  static final int MAGIC = 0x184D2204;
  private static final int MIN_MATCH = 4;
  private static final int LAST_LITERALS = 5;
  private static final int MATCH_LIMIT = 12;
  private static final int WINDOW = 65535;

  /** The form of a frame; the defaults are what the reference writes. */
  static final class Frame {
    int magic = MAGIC;
    int version = 1;
    boolean linked;
    boolean blockChecksums;
    boolean contentChecksum = true;
    boolean reservedBit;
    boolean firstBlockStored;
    Long contentSize;
    int blockSizeCode = 4;
    int blockLength = 65536;

    byte[] of(byte[] content) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.writeBytes(littleEndian(magic));
      byte[] descriptor = descriptor();
      out.writeBytes(descriptor);
      out.write(xxHash(descriptor, 0, descriptor.length) >>> 8);
      for (int from = 0; from < content.length; from += blockLength) {
        int to = Math.min(content.length, from + blockLength);
        int window = linked ? Math.max(0, from - WINDOW) : from;
        dataBlock(out, content, window, from, to);
      }
      out.writeBytes(littleEndian(0));
      if (contentChecksum) {
        out.writeBytes(littleEndian(xxHash(content, 0, content.length)));
      }
      return out.toByteArray();
    }

    private byte[] descriptor() {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.write(
          version << 6
              | (linked ? 0 : 0x20)
              | (blockChecksums ? 0x10 : 0)
              | (contentSize != null ? 0x08 : 0)
              | (contentChecksum ? 0x04 : 0)
              | (reservedBit ? 0x02 : 0));
      out.write(blockSizeCode << 4);
      if (contentSize != null) {
        out.writeBytes(
            ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(contentSize).array());
      }
      return out.toByteArray();
    }

    private void dataBlock(
        ByteArrayOutputStream out, byte[] content, int window, int from, int to) {
      byte[] block = block(content, window, from, to);
      boolean stored = block.length >= to - from || (firstBlockStored && from == 0);
      byte[] data = stored ? Arrays.copyOfRange(content, from, to) : block;
      out.writeBytes(littleEndian(stored ? data.length | 0x80000000 : data.length));
      out.writeBytes(data);
      if (blockChecksums) {
        out.writeBytes(littleEndian(xxHash(data, 0, data.length)));
      }
    }
  }

  private Lz4Forge() {}

  /** The frame that the reference writes for up to 64 KiB. */
  static byte[] frame(byte[] content) {
    return new Frame().of(content);
  }

  /** Compresses a page into a block. */
  static byte[] block(byte[] page) {
    return block(page, 0, 0, page.length);
  }

  /** Compresses part of an array; matches reach back to {@code window}. */
  static byte[] block(byte[] data, int window, int from, int to) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Map<Integer, Integer> seen = new HashMap<>();
    for (int i = window; i < from; i++) {
      remember(seen, data, i, to);
    }
    int literals = from;
    int at = from;
    while (at < to - MATCH_LIMIT) {
      Integer candidate = seen.get(four(data, at));
      remember(seen, data, at, to);
      if (candidate == null || at - candidate > WINDOW) {
        at++;
        continue;
      }
      int length = matchLength(data, candidate, at, to - LAST_LITERALS);
      sequence(out, data, literals, at, at - candidate, length);
      for (int i = at + 1; i < at + length; i++) {
        remember(seen, data, i, to);
      }
      at += length;
      literals = at;
    }
    lastLiterals(out, data, literals, to);
    return out.toByteArray();
  }

  private static void remember(Map<Integer, Integer> seen, byte[] data, int at, int to) {
    if (at + MIN_MATCH <= to) {
      seen.put(four(data, at), at);
    }
  }

  private static int four(byte[] data, int at) {
    return ByteBuffer.wrap(data, at, 4).getInt();
  }

  private static int matchLength(byte[] data, int candidate, int at, int end) {
    int length = 0;
    while (at + length < end && data[candidate + length] == data[at + length]) {
      length++;
    }
    return length;
  }

  /** Appends literals and a match. */
  static void sequence(
      ByteArrayOutputStream out, byte[] data, int from, int to, int offset, int matchLength) {
    int literals = to - from;
    out.write(Math.min(literals, 15) << 4 | Math.min(matchLength - MIN_MATCH, 15));
    length(out, literals);
    out.write(data, from, literals);
    out.write(offset);
    out.write(offset >>> 8);
    length(out, matchLength - MIN_MATCH);
  }

  static void lastLiterals(ByteArrayOutputStream out, byte[] data, int from, int to) {
    out.write(Math.min(to - from, 15) << 4);
    length(out, to - from);
    out.write(data, from, to - from);
  }

  private static void length(ByteArrayOutputStream out, int length) {
    int rest = length - 15;
    while (rest >= 0) {
      out.write(Math.min(rest, 255));
      rest -= 255;
    }
  }

  static int xxHash(byte[] data, int from, int length) {
    return XXHashFactory.safeInstance().hash32().hash(data, from, length, 0);
  }

  static byte[] littleEndian(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }
}

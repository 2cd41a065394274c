package io.github.ltxjava.testkit;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * LZ4 blocks and frames with plain loops: every byte checked before it is used, nothing fast. Says
 * what is wrong with an {@link IllegalArgumentException}.
 */
final class SlowLz4 {

  private static final int MAGIC = 0x184D2204;

  /** The content of a frame and where the frame ends. */
  record Unframed(byte[] content, int end) {}

  private SlowLz4() {}

  /** Compresses greedily, with a table of one candidate per hash. */
  static byte[] block(byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int[] table = new int[1 << 12];
    Arrays.fill(table, -1);
    int anchor = 0;
    int at = 0;
    while (at < content.length - 12) {
      int slot = (little(content, at) * 0x9E3779B1) >>> 20;
      int candidate = table[slot];
      table[slot] = at;
      if (candidate < 0
          || at - candidate > 0xFFFF
          || little(content, candidate) != little(content, at)) {
        at++;
        continue;
      }
      int match = 4;
      while (at + match < content.length - 5 && content[candidate + match] == content[at + match]) {
        match++;
      }
      sequence(out, content, anchor, at - anchor, at - candidate, match);
      at += match;
      anchor = at;
    }
    sequence(out, content, anchor, content.length - anchor, 0, 0);
    return out.toByteArray();
  }

  private static void sequence(
      ByteArrayOutputStream out, byte[] content, int from, int literals, int distance, int match) {
    int matchCode = match == 0 ? 0 : match - 4;
    out.write(Math.min(literals, 15) << 4 | Math.min(matchCode, 15));
    longLength(out, literals);
    out.write(content, from, literals);
    if (match > 0) {
      out.write(distance);
      out.write(distance >>> 8);
      longLength(out, matchCode);
    }
  }

  private static void longLength(ByteArrayOutputStream out, int length) {
    for (int rest = length - 15; rest >= 0; rest -= 255) {
      out.write(Math.min(rest, 255));
    }
  }

  /**
   * Decompresses a block behind what was decompressed before.
   *
   * @param history earlier output that matches may reach, empty for an independent block
   * @param limit most bytes that the block may give
   */
  static byte[] unblock(byte[] block, byte[] history, int limit) {
    byte[] out = Arrays.copyOf(history, history.length + limit);
    int end = history.length;
    int at = 0;
    while (true) {
      require(at < block.length, "LZ4 block does not end with literals");
      int token = block[at++] & 0xFF;
      int literals = token >>> 4;
      if (literals == 15) {
        int more;
        do {
          require(at < block.length, "length of literals is cut");
          more = block[at++] & 0xFF;
          literals += more;
        } while (more == 255);
      }
      require(literals <= block.length - at, "literals are cut");
      require(literals <= out.length - end, "LZ4 block gives more than " + limit + " bytes");
      System.arraycopy(block, at, out, end, literals);
      at += literals;
      end += literals;
      if (at == block.length) {
        require((token & 15) == 0, "last sequence of an LZ4 block has a match length");
        return Arrays.copyOfRange(out, history.length, end);
      }
      require(block.length - at >= 2, "match distance is cut");
      int distance = (block[at] & 0xFF) | (block[at + 1] & 0xFF) << 8;
      at += 2;
      int match = (token & 15) + 4;
      if (match == 19) {
        int more;
        do {
          require(at < block.length, "match length is cut");
          more = block[at++] & 0xFF;
          match += more;
        } while (more == 255);
      }
      require(distance > 0 && distance <= end, "match reaches before the start");
      require(match <= out.length - end, "LZ4 block gives more than " + limit + " bytes");
      for (int i = 0; i < match; i++, end++) {
        out[end] = out[end - distance];
      }
    }
  }

  /** Makes the frame that Go writes: blocks of 64 KiB, independent, a content checksum. */
  static byte[] frame(byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {0x04, 0x22, 0x4D, 0x18, 0x64, 0x40, (byte) 0xA7});
    for (int at = 0; at < content.length; at += 1 << 16) {
      byte[] piece = Arrays.copyOfRange(content, at, Math.min(content.length, at + (1 << 16)));
      byte[] block = block(piece);
      boolean stored = block.length >= piece.length;
      putLittle(out, stored ? piece.length | 0x8000_0000 : block.length);
      out.writeBytes(stored ? piece : block);
    }
    putLittle(out, 0);
    putLittle(out, xxHash32(content));
    return out.toByteArray();
  }

  /** Reads one frame, in any legal form, skippable frames in front of it included. */
  static Unframed unframe(byte[] bytes, int from, int limit) {
    int at = from;
    while (has(bytes, at, 8) && (little(bytes, at) & 0xFFFF_FFF0) == 0x184D2A50) {
      long length = Integer.toUnsignedLong(little(bytes, at + 4));
      require(length <= bytes.length - at - 8, "skippable frame is cut");
      at += 8 + (int) length;
    }
    require(has(bytes, at, 7) && little(bytes, at) == MAGIC, "no LZ4 frame");
    int flg = bytes[at + 4] & 0xFF;
    int bd = bytes[at + 5] & 0xFF;
    require((flg & 0xC3) == 0x40 && (bd & 0x8F) == 0 && bd >= 0x40, "LZ4 frame header");
    boolean linked = (flg & 0x20) == 0;
    boolean blockSums = (flg & 0x10) != 0;
    int headerLength = (flg & 0x08) != 0 ? 15 : 7;
    require(has(bytes, at, headerLength), "LZ4 frame header is cut");
    byte[] described = Arrays.copyOfRange(bytes, at + 4, at + headerLength - 1);
    require((byte) (xxHash32(described) >>> 8) == bytes[at + headerLength - 1], "LZ4 header check");
    long stated =
        headerLength == 15
            ? Integer.toUnsignedLong(little(bytes, at + 6)) | (long) little(bytes, at + 10) << 32
            : -1;
    at += headerLength;
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    while (true) {
      require(has(bytes, at, 4), "LZ4 frame is cut");
      int field = little(bytes, at);
      at += 4;
      if (field == 0) {
        break;
      }
      int length = field & 0x7FFF_FFFF;
      int max = 1 << (8 + 2 * (bd >>> 4));
      require(length <= max && has(bytes, at, length), "LZ4 block is cut or too long");
      byte[] block = Arrays.copyOfRange(bytes, at, at + length);
      at += length;
      byte[] history = linked ? content.toByteArray() : new byte[0];
      byte[] piece =
          field < 0 ? block : unblock(block, history, Math.min(max, limit - content.size()));
      content.writeBytes(piece);
      require(content.size() <= limit, "LZ4 frame gives more than " + limit + " bytes");
      if (blockSums) {
        require(has(bytes, at, 4) && little(bytes, at) == xxHash32(block), "LZ4 block checksum");
        at += 4;
      }
    }
    if ((flg & 0x04) != 0) {
      require(
          has(bytes, at, 4) && little(bytes, at) == xxHash32(content.toByteArray()),
          "LZ4 content checksum");
      at += 4;
    }
    require(headerLength == 7 || stated == content.size(), "LZ4 content size");
    return new Unframed(content.toByteArray(), at);
  }

  private static boolean has(byte[] bytes, int at, int length) {
    return length <= bytes.length - at;
  }

  private static void require(boolean condition, String what) {
    if (!condition) {
      throw new IllegalArgumentException(what);
    }
  }

  private static int little(byte[] bytes, int at) {
    return (bytes[at] & 0xFF)
        | (bytes[at + 1] & 0xFF) << 8
        | (bytes[at + 2] & 0xFF) << 16
        | (bytes[at + 3] & 0xFF) << 24;
  }

  private static void putLittle(ByteArrayOutputStream out, int value) {
    for (int shift = 0; shift < 32; shift += 8) {
      out.write(value >>> shift);
    }
  }

  /** Returns the xxHash32 with seed 0. */
  static int xxHash32(byte[] bytes) {
    int prime1 = 0x9E3779B1;
    int prime2 = 0x85EBCA77;
    int prime3 = 0xC2B2AE3D;
    int prime4 = 0x27D4EB2F;
    int prime5 = 0x165667B1;
    int at = 0;
    int hash = prime5;
    if (bytes.length >= 16) {
      int[] lanes = {prime1 + prime2, prime2, 0, -prime1};
      for (; bytes.length - at >= 16; at += 16) {
        for (int i = 0; i < 4; i++) {
          int mixed = lanes[i] + little(bytes, at + 4 * i) * prime2;
          lanes[i] = Integer.rotateLeft(mixed, 13) * prime1;
        }
      }
      hash =
          Integer.rotateLeft(lanes[0], 1)
              + Integer.rotateLeft(lanes[1], 7)
              + Integer.rotateLeft(lanes[2], 12)
              + Integer.rotateLeft(lanes[3], 18);
    }
    hash += bytes.length;
    for (; bytes.length - at >= 4; at += 4) {
      hash = Integer.rotateLeft(hash + little(bytes, at) * prime3, 17) * prime4;
    }
    for (; at < bytes.length; at++) {
      hash = Integer.rotateLeft(hash + (bytes[at] & 0xFF) * prime5, 11) * prime1;
    }
    hash = (hash ^ hash >>> 15) * prime2;
    hash = (hash ^ hash >>> 13) * prime3;
    return hash ^ hash >>> 16;
  }
}

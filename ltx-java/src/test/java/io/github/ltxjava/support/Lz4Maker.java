package io.github.ltxjava.support;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Makes LZ4 blocks and frames in every legal form, and in many illegal ones, without the code under
 * test: a greedy encoder, plain loops, an own xxHash32.
 */
public final class Lz4Maker {

  /** Adds up to a frame; the fields say in which form. */
  public static final class Frame {
    private int blockSizeCode = 4;
    private boolean linked;
    private boolean blockChecksums;
    private boolean contentChecksum = true;
    private boolean contentSize;
    private boolean stored;
    private int pieceSize = Integer.MAX_VALUE;
    private int skippable;
    private long contentSizeOffBy;

    /** 4 to 7: blocks of at most 64 KiB, 256 KiB, 1 MiB, 4 MiB. */
    public Frame blockSizeCode(int value) {
      blockSizeCode = value;
      return this;
    }

    /** Matches reach into the blocks before. */
    public Frame linked() {
      linked = true;
      return this;
    }

    public Frame blockChecksums() {
      blockChecksums = true;
      return this;
    }

    public Frame withoutContentChecksum() {
      contentChecksum = false;
      return this;
    }

    public Frame contentSize() {
      contentSize = true;
      return this;
    }

    /** States a content size that is off by so many bytes. */
    public Frame contentSizeOffBy(long difference) {
      contentSize = true;
      contentSizeOffBy = difference;
      return this;
    }

    /** Blocks are stored, not compressed. */
    public Frame stored() {
      stored = true;
      return this;
    }

    /** Splits the content into blocks of so many bytes. */
    public Frame pieces(int size) {
      pieceSize = size;
      return this;
    }

    /** Puts so many skippable frames in front. */
    public Frame skippable(int count) {
      skippable = count;
      return this;
    }

    /** Returns the frame around this content. */
    public byte[] of(byte[] content) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      for (int i = 0; i < skippable; i++) {
        little(out, 0x184D2A50 + i);
        little(out, 5 * i);
        out.writeBytes(new byte[5 * i]);
      }
      out.writeBytes(header(content.length));
      int max = Math.min(pieceSize, 1 << (8 + 2 * blockSizeCode));
      for (int at = 0; at < content.length; at += max) {
        int length = Math.min(max, content.length - at);
        byte[] block = block(content, linked ? 0 : at, at, length);
        boolean plain = stored || block.length >= length;
        if (plain) {
          block = slice(content, at, length);
        }
        little(out, block.length | (plain ? 0x8000_0000 : 0));
        out.writeBytes(block);
        if (blockChecksums) {
          little(out, xxHash32(block));
        }
      }
      little(out, 0);
      if (contentChecksum) {
        little(out, xxHash32(content));
      }
      return out.toByteArray();
    }

    private byte[] header(int length) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      little(out, 0x184D2204);
      int flg =
          0x40
              | (linked ? 0 : 0x20)
              | (blockChecksums ? 0x10 : 0)
              | (contentSize ? 0x08 : 0)
              | (contentChecksum ? 0x04 : 0);
      out.write(flg);
      out.write(blockSizeCode << 4);
      if (contentSize) {
        long stated = length + contentSizeOffBy;
        little(out, (int) stated);
        little(out, (int) (stated >>> 32));
      }
      byte[] soFar = out.toByteArray();
      out.write(xxHash32(slice(soFar, 4, soFar.length - 4)) >>> 8);
      return out.toByteArray();
    }
  }

  private Lz4Maker() {}

  public static Frame frame() {
    return new Frame();
  }

  /** Returns a block of literals only. */
  public static byte[] literals(byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    sequence(out, content, 0, content.length, 0, 0);
    return out.toByteArray();
  }

  /** Returns the content as one independent block. */
  public static byte[] block(byte[] content) {
    return block(content, 0, 0, content.length);
  }

  /**
   * Compresses a part of the content greedily.
   *
   * @param historyStart matches may reach back to here
   */
  public static byte[] block(byte[] content, int historyStart, int start, int length) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int end = start + length;
    int anchor = start;
    // Large enough for a history of noise, small where many little blocks are made.
    int[] table = new int[end - historyStart > 1 << 15 ? 1 << 20 : 1 << 10];
    Arrays.fill(table, -1);
    for (int i = Math.max(historyStart, start - 65_535); i < start; i++) {
      table[slot(content, i, table.length)] = i;
    }
    int at = start;
    while (at < end - 12) {
      int candidate = table[slot(content, at, table.length)];
      table[slot(content, at, table.length)] = at;
      if (candidate < 0 || at - candidate > 65_535 || !fourEqual(content, candidate, at)) {
        at++;
        continue;
      }
      int match = 4;
      while (at + match < end - 5 && content[candidate + match] == content[at + match]) {
        match++;
      }
      sequence(out, content, anchor, at - anchor, at - candidate, match);
      at += match;
      anchor = at;
    }
    sequence(out, content, anchor, end - anchor, 0, 0);
    return out.toByteArray();
  }

  private static int slot(byte[] bytes, int at, int slots) {
    int four = 0;
    for (int i = 0; i < 4; i++) {
      four = four << 8 | (at + i < bytes.length ? bytes[at + i] & 0xFF : 0);
    }
    return (four * 0x9E3779B1) >>> 12 & (slots - 1);
  }

  private static boolean fourEqual(byte[] bytes, int a, int b) {
    for (int i = 0; i < 4; i++) {
      if (bytes[a + i] != bytes[b + i]) {
        return false;
      }
    }
    return true;
  }

  /** Appends a sequence; a match of 0 makes it the last one, of literals only. */
  public static void sequence(
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
    if (length >= 15) {
      int rest = length - 15;
      for (; rest >= 255; rest -= 255) {
        out.write(255);
      }
      out.write(rest);
    }
  }

  /** Returns the xxHash32 with seed 0. */
  public static int xxHash32(byte[] bytes) {
    int at = 0;
    int h;
    if (bytes.length >= 16) {
      int[] lanes = {Integer.sum(0x9E3779B1, 0x85EBCA77), 0x85EBCA77, 0, -0x9E3779B1};
      for (; bytes.length - at >= 16; at += 16) {
        for (int lane = 0; lane < 4; lane++) {
          lanes[lane] =
              Integer.rotateLeft(lanes[lane] + word(bytes, at + 4 * lane) * 0x85EBCA77, 13)
                  * 0x9E3779B1;
        }
      }
      h =
          Integer.rotateLeft(lanes[0], 1)
              + Integer.rotateLeft(lanes[1], 7)
              + Integer.rotateLeft(lanes[2], 12)
              + Integer.rotateLeft(lanes[3], 18);
    } else {
      h = 0x165667B1;
    }
    h += bytes.length;
    for (; bytes.length - at >= 4; at += 4) {
      h = Integer.rotateLeft(h + word(bytes, at) * 0xC2B2AE3D, 17) * 0x27D4EB2F;
    }
    for (; at < bytes.length; at++) {
      h = Integer.rotateLeft(h + (bytes[at] & 0xFF) * 0x165667B1, 11) * 0x9E3779B1;
    }
    h = (h ^ h >>> 15) * 0x85EBCA77;
    h = (h ^ h >>> 13) * 0xC2B2AE3D;
    return h ^ h >>> 16;
  }

  private static int word(byte[] bytes, int at) {
    return (bytes[at] & 0xFF)
        | (bytes[at + 1] & 0xFF) << 8
        | (bytes[at + 2] & 0xFF) << 16
        | (bytes[at + 3] & 0xFF) << 24;
  }

  private static void little(ByteArrayOutputStream out, int value) {
    out.write(value);
    out.write(value >>> 8);
    out.write(value >>> 16);
    out.write(value >>> 24);
  }

  private static byte[] slice(byte[] bytes, int from, int length) {
    return Arrays.copyOfRange(bytes, from, from + length);
  }

  /** Names and makes the forms of frame that the format allows, for parameterised tests. */
  public static List<Object[]> legalForms() {
    List<Object[]> forms = new ArrayList<>();
    for (int code = 4; code <= 7; code++) {
      forms.add(new Object[] {"block size code " + code, frame().blockSizeCode(code)});
      forms.add(
          new Object[] {
            "linked, several blocks, block size code " + code,
            frame().blockSizeCode(code).linked().pieces(200)
          });
    }
    forms.add(new Object[] {"several blocks", frame().pieces(100)});
    forms.add(new Object[] {"blocks of one byte", frame().pieces(1)});
    forms.add(new Object[] {"stored", frame().stored()});
    forms.add(
        new Object[] {"stored, linked, several blocks", frame().stored().linked().pieces(77)});
    forms.add(new Object[] {"block checksums", frame().blockChecksums().pieces(300)});
    forms.add(new Object[] {"content size", frame().contentSize()});
    forms.add(new Object[] {"no content checksum", frame().withoutContentChecksum()});
    forms.add(new Object[] {"skippable frames in front", frame().skippable(3)});
    forms.add(
        new Object[] {
          "everything at once",
          frame().linked().blockChecksums().contentSize().pieces(150).skippable(2).blockSizeCode(6)
        });
    return forms;
  }
}

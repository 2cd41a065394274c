package io.github.ltxjava.conformance;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Assembles an LTX file piece by piece, right or wrong, without the library under test. Calls
 * follow the order of the bytes: header, frames, end marker, index, trailer.
 */
final class Forge {
  /** Where a frame went. */
  record Frame(long pgno, long offset, long size) {}

  private final ByteArrayOutputStream file = new ByteArrayOutputStream();
  private final ByteArrayOutputStream hashed = new ByteArrayOutputStream();
  private final List<Frame> frames = new ArrayList<>();
  private final boolean version3;
  private long indexOffset = -1;
  private long indexSize = -1;

  Forge(String layout, Content content) {
    version3 = layout.startsWith("v3");
    ByteBuffer header = ByteBuffer.allocate(100);
    header.put("LTX1".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    header.putInt((int) content.number("flags")).putInt(content.pageSize());
    header.putInt((int) content.commit());
    header.putLong(content.hex("minTXID")).putLong(content.hex("maxTXID"));
    header.putLong(content.number("timestampMillis")).putLong(content.hex("preApplyChecksum"));
    header.putLong(content.number("walOffset")).putLong(content.number("walSize"));
    header.putInt((int) content.number("walSalt1")).putInt((int) content.number("walSalt2"));
    header.putLong(content.hex("nodeID"));
    both(header.array());
  }

  /** Where the next byte goes. */
  long position() {
    return file.size();
  }

  List<Frame> frames() {
    return frames;
  }

  long indexOffset() {
    return indexOffset;
  }

  long indexSize() {
    return indexSize;
  }

  /** A frame without size field: version 2, and version 3 in frame form. */
  Forge frame(long pgno, byte[] payload, byte[] page) {
    long offset = position();
    both(ints(pgno));
    if (version3) {
      both(new byte[2]);
    }
    file.writeBytes(payload);
    hashed.writeBytes(page);
    frames.add(new Frame(pgno, offset, position() - offset));
    return this;
  }

  /** A frame with page flags and a size field: version 3. */
  Forge sized(long pgno, int flags, byte[] payload, byte[] page) {
    return sized(pgno, flags, payload.length, payload, page);
  }

  /** The same with any size field. */
  Forge sized(long pgno, int flags, long size, byte[] payload, byte[] page) {
    long offset = position();
    both(ints(pgno));
    both(new byte[] {(byte) (flags >>> 8), (byte) flags});
    both(ints(size));
    file.writeBytes(payload);
    hashed.writeBytes(page);
    frames.add(new Frame(pgno, offset, position() - offset));
    return this;
  }

  /** The whole page block of version 1 in one LZ4 frame. */
  Forge compressedBlock(Content content, Lz4Forge.Frame form) {
    byte[] block = pageBlock(content);
    file.writeBytes(form.of(block));
    hashed.writeBytes(block);
    return this;
  }

  /** The page block of version 1, end marker included. */
  static byte[] pageBlock(Content content) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (Map.Entry<Long, byte[]> page : content.pages.entrySet()) {
      block.writeBytes(ints(page.getKey()));
      block.writeBytes(page.getValue());
    }
    block.writeBytes(ints(0));
    return block.toByteArray();
  }

  Forge endMarker() {
    both(new byte[version3 ? 6 : 4]);
    return this;
  }

  /** The index of the frames as they are. */
  Forge index() {
    return index(frames, 0);
  }

  /** An index of any entries, with a size field that is off by some bytes. */
  Forge index(List<Frame> entries, long sizeError) {
    indexOffset = position();
    for (Frame entry : entries) {
      varint(entry.pgno());
      varint(entry.offset());
      varint(entry.size());
    }
    varint(0);
    indexSize = position() - indexOffset;
    both(ByteBuffer.allocate(8).putLong(indexSize + sizeError).array());
    return this;
  }

  private void varint(long value) {
    long rest = value;
    while (rest > 127) {
      both(new byte[] {(byte) (rest | 0x80)});
      rest >>>= 7;
    }
    both(new byte[] {(byte) rest});
  }

  /** The trailer, with the right file checksum. */
  Forge trailer(long postApply) {
    return trailer(postApply, 0);
  }

  /** The trailer, with some bits of the file checksum turned over. */
  Forge trailer(long postApply, long wrongBits) {
    both(ByteBuffer.allocate(8).putLong(postApply).array());
    long checksum = Hashes.crc64(0, hashed.toByteArray()) | Long.MIN_VALUE;
    file.writeBytes(ByteBuffer.allocate(8).putLong(checksum ^ wrongBits).array());
    return this;
  }

  /** Bytes that count for nothing. */
  Forge trailing(byte[] bytes) {
    file.writeBytes(bytes);
    return this;
  }

  byte[] bytes() {
    return file.toByteArray();
  }

  private void both(byte[] bytes) {
    file.writeBytes(bytes);
    hashed.writeBytes(bytes);
  }

  private static byte[] ints(long value) {
    return ByteBuffer.allocate(4).putInt((int) value).array();
  }
}

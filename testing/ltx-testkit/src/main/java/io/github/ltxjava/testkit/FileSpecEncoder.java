package io.github.ltxjava.testkit;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxHeader;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Map;

/** Writes a {@link FileSpec} as the specification says it, piece after piece. */
final class FileSpecEncoder {

  private final FileSpec spec;
  private final Layout layout;
  private final ByteArrayOutputStream file = new ByteArrayOutputStream();

  /** What the file checksum covers: like the file, but with pages as they are. */
  private final ByteArrayOutputStream hashed = new ByteArrayOutputStream();

  private final ByteArrayOutputStream index = new ByteArrayOutputStream();

  FileSpecEncoder(FileSpec spec, Layout layout) {
    this.spec = spec;
    this.layout = layout;
  }

  byte[] encode() {
    both(header(spec.header(), layout));
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (Map.Entry<Long, byte[]> page : spec.pages().entrySet()) {
      page(block, page.getKey(), page.getValue());
    }
    byte[] endMarker = new byte[isVersion3(layout) ? 6 : 4];
    block.writeBytes(endMarker);
    hashed.writeBytes(endMarker);
    file.writeBytes(
        layout == Layout.V1_LZ4 ? SlowLz4.frame(block.toByteArray()) : block.toByteArray());
    if (layout.hasIndex()) {
      varint(0);
      both(index.toByteArray());
      both(longBytes(index.size()));
    }
    both(longBytes(spec.postApply().map(Checksum::bits).orElse(0L)));
    file.writeBytes(longBytes(SlowCrc64.of(hashed.toByteArray())));
    return file.toByteArray();
  }

  private void page(ByteArrayOutputStream block, long number, byte[] page) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    byte[] data =
        switch (layout) {
          case V1_RAW, V1_LZ4 -> page;
          case V2, V3_FRAME -> SlowLz4.frame(page);
          case V3_BLOCK -> SlowLz4.block(page);
        };
    frame.writeBytes(ByteBuffer.allocate(4).putInt((int) number).array());
    if (layout == Layout.V3_FRAME) {
      frame.writeBytes(new byte[] {0, 0});
    } else if (layout == Layout.V3_BLOCK) {
      frame.writeBytes(ByteBuffer.allocate(6).putShort((short) 1).putInt(data.length).array());
    }
    hashed.writeBytes(frame.toByteArray());
    hashed.writeBytes(page);
    frame.writeBytes(data);
    varint(number);
    varint(file.size() + block.size());
    varint(frame.size());
    block.writeBytes(frame.toByteArray());
  }

  private void both(byte[] bytes) {
    file.writeBytes(bytes);
    hashed.writeBytes(bytes);
  }

  private void varint(long value) {
    long rest = value;
    while (rest >= 0x80) {
      index.write((int) (rest & 0x7F | 0x80));
      rest >>>= 7;
    }
    index.write((int) rest);
  }

  static boolean isVersion3(Layout layout) {
    return layout == Layout.V3_FRAME || layout == Layout.V3_BLOCK;
  }

  private static byte[] longBytes(long value) {
    return ByteBuffer.allocate(8).putLong(value).array();
  }

  private static byte[] header(LtxHeader header, Layout layout) {
    return ByteBuffer.allocate(100)
        .put(new byte[] {'L', 'T', 'X', '1'})
        .putInt((layout == Layout.V1_LZ4 ? 1 : 0) | (header.tracksChecksums() ? 0 : 2))
        .putInt(header.pageSize())
        .putInt((int) header.commit())
        .putLong(header.txids().min().value())
        .putLong(header.txids().max().value())
        .putLong(header.timestamp().toEpochMilli())
        .putLong(header.preApply().map(Checksum::bits).orElse(0L))
        .putLong(header.wal().offset())
        .putLong(header.wal().size())
        .putInt(header.wal().salt1())
        .putInt(header.wal().salt2())
        .putLong(header.nodeId())
        .array();
  }
}

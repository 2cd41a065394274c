package io.github.ltxjava.conformance;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxFile;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxReader;
import io.github.ltxjava.LtxTrailer;
import io.github.ltxjava.LtxWriter;
import io.github.ltxjava.ReadOptions;
import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.WalSegment;
import io.github.ltxjava.WriteOptions;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.io.ByteSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Writes and reads {@link Content} with the library under test, through its public API. */
final class JavaSide {
  private JavaSide() {}

  static void write(Content content, String layout, Path file) throws IOException {
    WriteOptions options = WriteOptions.DEFAULT.withLayout(Layout.ofLabel(layout));
    try (LtxWriter writer = LtxWriter.create(ByteSink.atomic(file), header(content), options)) {
      for (Map.Entry<Long, byte[]> page : content.pages.entrySet()) {
        writer.write(page.getKey(), ByteBuffer.wrap(page.getValue()));
      }
      if (content.tracksChecksums()) {
        writer.finish(new Checksum(content.hex("postApplyChecksum")));
      } else {
        writer.finish();
      }
    }
  }

  private static LtxHeader header(Content content) {
    long preApply = content.hex("preApplyChecksum");
    return new LtxHeader(
        content.pageSize(),
        content.commit(),
        TxidRange.of(Txid.of(content.hex("minTXID")), Txid.of(content.hex("maxTXID"))),
        Instant.ofEpochMilli(content.number("timestampMillis")),
        preApply == 0 ? Optional.empty() : Optional.of(new Checksum(preApply)),
        new WalSegment(
            content.number("walOffset"),
            content.number("walSize"),
            (int) content.number("walSalt1"),
            (int) content.number("walSalt2")),
        content.hex("nodeID"),
        content.tracksChecksums());
  }

  /** Reads a file front to back, and every page of an indexed one again by itself. */
  static Content read(Path file, String layout) throws IOException {
    ReadOptions options = ReadOptions.DEFAULT.withLayout(Layout.ofLabel(layout));
    Content content;
    try (LtxReader reader = LtxReader.open(ByteSource.open(file), options)) {
      content = read(reader, layout);
    }
    if (Layout.ofLabel(layout).hasIndex()) {
      readThroughIndex(file, content);
    }
    return content;
  }

  /** Reads a file as a stream that can only be read forward. */
  static Content readStream(Path file, String layout) throws IOException {
    ReadOptions options = ReadOptions.DEFAULT.withLayout(Layout.ofLabel(layout));
    InputStream in = Files.newInputStream(file);
    try (LtxReader reader = LtxReader.open(file.toString(), in, options)) {
      return read(reader, layout);
    }
  }

  private static Content read(LtxReader reader, String layout) throws IOException {
    Content content = new Content();
    fields(content, reader.header(), Layout.ofLabel(layout));
    while (reader.next()) {
      content.pages.put(reader.pageNumber(), bytes(reader.page()));
    }
    LtxTrailer trailer = reader.trailer();
    content.putHex("postApplyChecksum", trailer.postApply().map(Checksum::bits).orElse(0L));
    return content;
  }

  private static void readThroughIndex(Path file, Content content) throws IOException {
    try (LtxFile random = LtxFile.open(ByteSource.open(file))) {
      for (Map.Entry<Long, byte[]> page : content.pages.entrySet()) {
        ByteBuffer again = ByteBuffer.allocate(content.pageSize());
        boolean present = random.readPage(page.getKey(), again);
        if (!present || !again.flip().equals(ByteBuffer.wrap(page.getValue()))) {
          throw new AssertionError(file + ": page " + page.getKey() + " by random access");
        }
      }
    }
  }

  private static void fields(Content content, LtxHeader header, Layout layout) {
    content.put("flags", flags(header, layout));
    content.put("pageSize", header.pageSize());
    content.put("commit", header.commit());
    content.putHex("minTXID", header.txids().min().value());
    content.putHex("maxTXID", header.txids().max().value());
    content.put("timestampMillis", header.timestamp().toEpochMilli());
    content.putHex("preApplyChecksum", header.preApply().map(Checksum::bits).orElse(0L));
    content.put("walOffset", header.wal().offset());
    content.put("walSize", header.wal().size());
    content.put("walSalt1", Integer.toUnsignedLong(header.wal().salt1()));
    content.put("walSalt2", Integer.toUnsignedLong(header.wal().salt2()));
    content.putHex("nodeID", header.nodeId());
  }

  /** The flags of a header as they are in a file of this layout. */
  static int flags(LtxHeader header, Layout layout) {
    return (header.tracksChecksums() ? 0 : Content.NO_CHECKSUM)
        | (layout == Layout.V1_LZ4 ? Content.COMPRESSED : 0);
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }
}

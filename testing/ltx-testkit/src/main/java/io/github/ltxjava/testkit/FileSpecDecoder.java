package io.github.ltxjava.testkit;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.WalSegment;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads a {@link FileSpec} as the specification says it, and believes nothing. */
final class FileSpecDecoder {

  private final byte[] file;
  private final Layout layout;
  private final SortedMap<Long, byte[]> pages = new TreeMap<>();

  /** The index that the frames call for. */
  private final ByteArrayOutputStream index = new ByteArrayOutputStream();

  private final ByteArrayOutputStream hashed = new ByteArrayOutputStream();
  private int at;

  FileSpecDecoder(byte[] file, Layout layout) {
    this.file = file;
    this.layout = layout;
  }

  FileSpec decode() {
    LtxHeader header = header();
    if (layout == Layout.V1_LZ4) {
      SlowLz4.Unframed block = SlowLz4.unframe(file, at, 1 << 28);
      int end = rawPages(header, block.content(), 0);
      require(end == block.content().length, "bytes behind the end marker");
      at = block.end();
    } else if (layout == Layout.V1_RAW) {
      at = rawPages(header, file, at);
    } else {
      framedPages(header);
      checkIndex();
    }
    checkPages(header);
    Optional<Checksum> postApply = trailer(header);
    return new FileSpec(header, pages, postApply);
  }

  private LtxHeader header() {
    ByteBuffer raw = ByteBuffer.wrap(take(100));
    hashed.writeBytes(raw.array());
    require(raw.getInt() == 0x4C545831, "magic number");
    int flags = raw.getInt();
    int pageSize = raw.getInt();
    long commit = Integer.toUnsignedLong(raw.getInt());
    TxidRange txids = TxidRange.of(Txid.of(raw.getLong()), Txid.of(raw.getLong()));
    Instant timestamp = Instant.ofEpochMilli(raw.getLong());
    long preApply = raw.getLong();
    WalSegment wal = new WalSegment(raw.getLong(), raw.getLong(), raw.getInt(), raw.getInt());
    int allowed = layout == Layout.V1_RAW ? 0 : layout == Layout.V1_LZ4 ? 1 : 2;
    require((flags & ~allowed) == 0, "flags");
    require(layout != Layout.V1_LZ4 || flags == 1, "flag of compression");
    require(layout.hasIndex() || wal.offset() == 0 || wal.size() != 0, "WAL offset without size");
    return new LtxHeader(
        pageSize,
        commit,
        txids,
        timestamp,
        preApply == 0 ? Optional.empty() : Optional.of(new Checksum(preApply)),
        wal,
        raw.getLong(),
        (flags & 2) == 0);
  }

  /** Reads version 1's page block and returns where it ends. */
  private int rawPages(LtxHeader header, byte[] block, int start) {
    int position = start;
    while (true) {
      require(block.length - position >= 4, "the page block ends without an end marker");
      byte[] number = Arrays.copyOfRange(block, position, position + 4);
      position += 4;
      hashed.writeBytes(number);
      long pageNumber = Integer.toUnsignedLong(ByteBuffer.wrap(number).getInt());
      if (pageNumber == 0) {
        return position;
      }
      require(block.length - position >= header.pageSize(), "a page is cut");
      byte[] page = Arrays.copyOfRange(block, position, position + header.pageSize());
      position += header.pageSize();
      hashed.writeBytes(page);
      put(pageNumber, page);
    }
  }

  private void framedPages(LtxHeader header) {
    int headerSize = FileSpecEncoder.isVersion3(layout) ? 6 : 4;
    while (true) {
      int start = at;
      byte[] head = take(headerSize);
      hashed.writeBytes(head);
      long pageNumber = Integer.toUnsignedLong(ByteBuffer.wrap(head).getInt());
      int flags = headerSize == 6 ? ByteBuffer.wrap(head).getShort(4) & 0xFFFF : 0;
      if (pageNumber == 0) {
        require(flags == 0, "page number 0 with flags");
        return;
      }
      require(flags <= 1, "page flags");
      byte[] page = flags == 1 ? block(header.pageSize()) : frame(header.pageSize());
      require(page.length == header.pageSize(), "compressed data gives another length");
      hashed.writeBytes(page);
      put(pageNumber, page);
      varint(pageNumber);
      varint(start);
      varint(at - start);
    }
  }

  private byte[] block(int pageSize) {
    byte[] field = take(4);
    hashed.writeBytes(field);
    int size = ByteBuffer.wrap(field).getInt();
    require(size >= 1 && size <= pageSize + pageSize / 255 + 16, "size field");
    return SlowLz4.unblock(take(size), new byte[0], pageSize);
  }

  private byte[] frame(int pageSize) {
    SlowLz4.Unframed frame = SlowLz4.unframe(file, at, pageSize);
    require(frame.end() - at <= 16 * pageSize + 4096, "LZ4 frame is too long");
    at = frame.end();
    return frame.content();
  }

  private void put(long number, byte[] page) {
    require(pages.isEmpty() || number > pages.lastKey(), "page numbers do not ascend");
    pages.put(number, page);
  }

  private void checkIndex() {
    varint(0);
    byte[] expected = index.toByteArray();
    byte[] found = take(expected.length);
    require(Arrays.equals(found, expected), "the page index does not describe the frames");
    byte[] size = take(8);
    require(ByteBuffer.wrap(size).getLong() == expected.length, "index size field");
    hashed.writeBytes(found);
    hashed.writeBytes(size);
  }

  private void checkPages(LtxHeader header) {
    long lockPage = header.lockPageNumber();
    require(!pages.containsKey(lockPage), "the lock page is there");
    require(pages.isEmpty() || pages.lastKey() <= header.commit(), "a page is above the commit");
    if (header.isSnapshot()) {
      long expected = header.commit() - (header.commit() >= lockPage ? 1 : 0);
      require(pages.size() == expected, "a snapshot lacks pages");
    }
  }

  private Optional<Checksum> trailer(LtxHeader header) {
    byte[] field = take(8);
    hashed.writeBytes(field);
    long postApply = ByteBuffer.wrap(field).getLong();
    long fileChecksum = ByteBuffer.wrap(take(8)).getLong();
    require(at == file.length, "bytes behind the trailer");
    require(fileChecksum == SlowCrc64.of(hashed.toByteArray()), "file checksum");
    if (!header.tracksChecksums()) {
      require(postApply == 0, "post-apply checksum under NoChecksum");
      return Optional.empty();
    }
    require(postApply < 0, "post-apply checksum without its top bit");
    require(header.commit() > 0 || postApply == Long.MIN_VALUE, "checksum of an empty database");
    if (header.isSnapshot()) {
      long sum = 0;
      for (Map.Entry<Long, byte[]> page : pages.entrySet()) {
        sum ^= FileSpec.pageChecksum(page.getKey(), page.getValue());
      }
      require(postApply == (sum | Long.MIN_VALUE), "database checksum");
    }
    return Optional.of(new Checksum(postApply));
  }

  private byte[] take(int length) {
    require(length <= file.length - at, "the file ends at " + file.length);
    at += length;
    return Arrays.copyOfRange(file, at - length, at);
  }

  private void varint(long value) {
    long rest = value;
    while (rest >= 0x80) {
      index.write((int) (rest & 0x7F | 0x80));
      rest >>>= 7;
    }
    index.write((int) rest);
  }

  private static void require(boolean condition, String what) {
    if (!condition) {
      throw new IllegalArgumentException(what);
    }
  }
}

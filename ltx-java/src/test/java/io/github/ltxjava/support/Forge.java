package io.github.ltxjava.support;

import io.github.ltxjava.Layout;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Makes LTX files byte by byte, sound unless told otherwise, without the code under test. Fields
 * are changed freely before {@link #build}; offsets are known after it.
 */
public final class Forge {

  /** One page with its frame; null means: as it should be. */
  public static final class Frame {
    public long number;
    public int flags;
    public @Nullable Long sizeField;
    public byte[] payload;

    /** What the file checksum covers: the page, unless the test lies. */
    public byte[] page;

    private Frame(long number, int flags, byte[] payload, byte[] page) {
      this.number = number;
      this.flags = flags;
      this.payload = payload;
      this.page = page;
    }
  }

  /** One entry of the page index. */
  public record Entry(long number, long offset, long size) {}

  public Layout layout;
  public int magic = 0x4C545831;
  public int flags;
  public int pageSize;
  public long commit;
  public long minTxid = 1;
  public long maxTxid = 1;
  public long timestamp = 1000;
  public long preApply;
  public long walOffset;
  public long walSize;
  public int salt1;
  public int salt2;
  public long nodeId;
  public byte[] reserved = new byte[20];
  public final List<Frame> frames = new ArrayList<>();
  public byte @Nullable [] endMarker;

  /** Replaces the index's varints. */
  public byte @Nullable [] index;

  /** Changes the index's entries before they are encoded. */
  public UnaryOperator<List<Entry>> entries = UnaryOperator.identity();

  public @Nullable Long indexSizeField;
  public @Nullable Long postApply;
  public @Nullable Long fileChecksum;
  public byte[] trailing = {};

  /** How v1-lz4 wraps its page block. */
  public Lz4Maker.Frame pageBlockFrame = Lz4Maker.frame();

  private final List<Long> frameOffsets = new ArrayList<>();
  private long endMarkerOffset;
  private long indexOffset;
  private long indexSizeOffset;
  private long trailerOffset;

  private Forge(Layout layout, int pageSize) {
    this.layout = layout;
    this.pageSize = pageSize;
    this.flags = layout == Layout.V1_LZ4 ? 1 : 0;
  }

  /** A snapshot of these pages, numbered from 1, that tracks checksums. */
  public static Forge snapshot(Layout layout, int pageSize, byte[]... pages) {
    Forge forge = new Forge(layout, pageSize);
    forge.commit = pages.length;
    for (int i = 0; i < pages.length; i++) {
      forge.add(i + 1, pages[i]);
    }
    return forge;
  }

  /** A delta of transaction 5 with these page numbers and made-up content. */
  public static Forge delta(Layout layout, int pageSize, long commit, long... numbers) {
    Forge forge = new Forge(layout, pageSize);
    forge.commit = commit;
    forge.minTxid = 5;
    forge.maxTxid = 5;
    forge.preApply = 0x8000_0000_0000_0001L;
    forge.postApply = 0x8000_0000_0000_0002L;
    for (long number : numbers) {
      forge.add(number, Pages.text(pageSize, number));
    }
    return forge;
  }

  /** Adds a page in the layout's form. */
  public Frame add(long number, byte[] page) {
    Frame frame =
        switch (layout) {
          case V3_BLOCK -> new Frame(number, 1, Lz4Maker.block(page), page);
          case V3_FRAME, V2 -> new Frame(number, 0, Lz4Maker.frame().of(page), page);
          default -> new Frame(number, 0, page, page);
        };
    frames.add(frame);
    return frame;
  }

  /** Returns the file. */
  public byte[] build() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    long state = SlowCrc.INITIAL;
    byte[] header = header();
    out.writeBytes(header);
    state = SlowCrc.advance(state, header);
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    List<Entry> index = new ArrayList<>();
    frameOffsets.clear();
    for (Frame frame : frames) {
      long offset = header.length + block.size();
      frameOffsets.add(offset);
      byte[] head = frameHeader(frame);
      state = SlowCrc.advance(SlowCrc.advance(state, head), frame.page);
      block.writeBytes(head);
      block.writeBytes(frame.payload);
      index.add(new Entry(frame.number, offset, head.length + frame.payload.length));
    }
    endMarkerOffset = header.length + block.size();
    byte[] marker = endMarker != null ? endMarker : new byte[isVersion3() ? 6 : 4];
    block.writeBytes(marker);
    state = SlowCrc.advance(state, marker);
    out.writeBytes(
        layout == Layout.V1_LZ4 ? pageBlockFrame.of(block.toByteArray()) : block.toByteArray());
    indexOffset = out.size();
    indexSizeOffset = indexOffset;
    if (layout.hasIndex()) {
      byte[] varints = this.index != null ? this.index : encode(entries.apply(index));
      byte[] field = longs(indexSizeField != null ? indexSizeField : varints.length);
      indexSizeOffset += varints.length;
      out.writeBytes(varints);
      out.writeBytes(field);
      state = SlowCrc.advance(SlowCrc.advance(state, varints), field);
    }
    trailerOffset = out.size();
    byte[] post = longs(postApply != null ? postApply : databaseChecksum());
    state = SlowCrc.advance(state, post);
    out.writeBytes(post);
    out.writeBytes(longs(fileChecksum != null ? fileChecksum : ~state | Long.MIN_VALUE));
    out.writeBytes(trailing);
    return out.toByteArray();
  }

  private boolean isVersion3() {
    return layout == Layout.V3_BLOCK || layout == Layout.V3_FRAME;
  }

  /** The 100 bytes of the header. */
  public byte[] header() {
    return ByteBuffer.allocate(100)
        .putInt(magic)
        .putInt(flags)
        .putInt(pageSize)
        .putInt((int) commit)
        .putLong(minTxid)
        .putLong(maxTxid)
        .putLong(timestamp)
        .putLong(preApply)
        .putLong(walOffset)
        .putLong(walSize)
        .putInt(salt1)
        .putInt(salt2)
        .putLong(nodeId)
        .put(reserved)
        .array();
  }

  private byte[] frameHeader(Frame frame) {
    ByteBuffer head = ByteBuffer.allocate(10).putInt((int) frame.number);
    if (isVersion3()) {
      head.putShort((short) frame.flags);
      if (frame.flags != 0) {
        head.putInt((int) (frame.sizeField != null ? frame.sizeField : frame.payload.length));
      }
    }
    return Arrays.copyOf(head.array(), head.position());
  }

  private long databaseChecksum() {
    if ((flags & 2) != 0) {
      return 0;
    }
    long sum = 0;
    for (Frame frame : frames) {
      sum ^= SlowCrc.ofPage(frame.number, frame.page);
    }
    return sum | Long.MIN_VALUE;
  }

  /** Encodes index entries, the final 0 included. */
  public static byte[] encode(List<Entry> entries) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Entry entry : entries) {
      varint(out, entry.number());
      varint(out, entry.offset());
      varint(out, entry.size());
    }
    out.write(0);
    return out.toByteArray();
  }

  /** Appends an unsigned LEB128 number. */
  public static void varint(ByteArrayOutputStream out, long value) {
    long rest = value;
    while (Long.compareUnsigned(rest, 0x80) >= 0) {
      out.write((int) (rest | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  private static byte[] longs(long value) {
    return ByteBuffer.allocate(8).putLong(value).array();
  }

  /** Returns where a frame starts, counted from 0. */
  public long frameOffset(int i) {
    return frameOffsets.get(i);
  }

  public long endMarkerOffset() {
    return endMarkerOffset;
  }

  public long indexOffset() {
    return indexOffset;
  }

  public long indexSizeOffset() {
    return indexSizeOffset;
  }

  public long trailerOffset() {
    return trailerOffset;
  }
}

package io.github.ltxjava.internal.lz4;

import static io.github.ltxjava.internal.lz4.Lz4FrameHeader.putInt;

import java.io.IOException;
import net.jpountz.xxhash.StreamingXXHash32;

/**
 * One long LZ4 frame, written front to back in blocks of 64 KiB: the page block of compressed
 * version 1 files, in the form that LiteFS writes.
 */
public final class Lz4FrameOutput {

  private static final int BLOCK_SIZE = 64 << 10;
  private static final int STORED = 0x8000_0000;

  /** Where finished bytes go. */
  @FunctionalInterface
  public interface Target {
    void write(byte[] bytes, int offset, int length) throws IOException;
  }

  private final Target target;
  private final StreamingXXHash32 contentHash = Lz4.newXxHash32();
  private final byte[] block = new byte[BLOCK_SIZE];
  private final byte[] encoded = new byte[Integer.BYTES + Lz4.maxBlockSize(BLOCK_SIZE)];
  private int filled;

  /** Writes the frame's header. */
  public Lz4FrameOutput(Target target) throws IOException {
    this.target = target;
    byte[] header = new byte[Lz4FrameHeader.PLAIN_LENGTH];
    putInt(header, 0, Lz4FrameHeader.MAGIC);
    System.arraycopy(
        Lz4FrameHeader.PLAIN_DESCRIPTOR, 0, header, 4, Lz4FrameHeader.PLAIN_DESCRIPTOR.length);
    target.write(header, 0, header.length);
  }

  /** Appends content. */
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int at = offset;
    int rest = length;
    while (rest > 0) {
      int count = Math.min(rest, BLOCK_SIZE - filled);
      System.arraycopy(bytes, at, block, filled, count);
      filled += count;
      at += count;
      rest -= count;
      if (filled == BLOCK_SIZE) {
        flush();
      }
    }
  }

  /** Writes the last block, the end mark and the content checksum. */
  public void finish() throws IOException {
    if (filled > 0) {
      flush();
    }
    putInt(encoded, 0, 0);
    putInt(encoded, 4, contentHash.getValue());
    target.write(encoded, 0, 8);
  }

  private void flush() throws IOException {
    contentHash.update(block, 0, filled);
    int length = Lz4.compress(block, 0, filled, encoded, Integer.BYTES);
    if (length < filled) {
      putInt(encoded, 0, length);
    } else {
      length = filled;
      putInt(encoded, 0, length | STORED);
      System.arraycopy(block, 0, encoded, Integer.BYTES, length);
    }
    target.write(encoded, 0, Integer.BYTES + length);
    filled = 0;
  }
}

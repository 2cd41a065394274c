package io.github.ltxjava.internal.io;

import io.github.ltxjava.io.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A source whose first and last bytes have been read ahead, so that opening a remote file costs two
 * range reads, or one if it is small. Reads elsewhere pass through.
 */
public final class EndsCache extends ForwardingSource {

  private final long size;
  private final byte[] head;
  private final byte[] tail;

  private EndsCache(ByteSource source, long size, byte[] head, byte[] tail) {
    super(source);
    this.size = size;
    this.head = head;
    this.tail = tail;
  }

  /** Reads both ends; a file no longer than the tail is read at once. */
  public static EndsCache read(ByteSource source, int headSize, int tailSize) throws IOException {
    long size = source.size();
    byte[] tail = new byte[(int) Math.min(tailSize, size)];
    source.readFully(size - tail.length, ByteBuffer.wrap(tail));
    byte[] head = new byte[tail.length == size ? 0 : (int) Math.min(headSize, size)];
    if (head.length > 0) {
      source.readFully(0, ByteBuffer.wrap(head));
    }
    return new EndsCache(source, size, head, tail);
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void readFully(long position, ByteBuffer target) throws IOException {
    int length = target.remaining();
    long tailStart = size - tail.length;
    if (position >= tailStart && position <= size - length) {
      target.put(tail, (int) (position - tailStart), length);
    } else if (position >= 0 && position + length <= head.length) {
      target.put(head, (int) position, length);
    } else {
      source.readFully(position, target);
    }
  }
}

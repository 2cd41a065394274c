package io.github.ltxjava.internal.io;

import io.github.ltxjava.io.ByteSource;
import java.io.EOFException;
import java.nio.ByteBuffer;

/** Bytes in memory. */
public final class BufferSource implements ByteSource {

  private final String name;
  private final ByteBuffer bytes;

  public BufferSource(String name, ByteBuffer bytes) {
    this.name = name;
    this.bytes = bytes.slice().asReadOnlyBuffer();
  }

  @Override
  public long size() {
    return bytes.limit();
  }

  @Override
  public void readFully(long position, ByteBuffer target) throws EOFException {
    int length = target.remaining();
    if (position < 0 || position > bytes.limit() - length) {
      throw new EOFException("[" + name + "] ends at offset " + bytes.limit());
    }
    if (target.hasArray()) {
      int offset = target.arrayOffset() + target.position();
      bytes.get((int) position, target.array(), offset, length);
      target.position(target.limit());
    } else {
      target.put(bytes.slice((int) position, length));
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void close() {
    // Memory has nothing to release.
  }
}

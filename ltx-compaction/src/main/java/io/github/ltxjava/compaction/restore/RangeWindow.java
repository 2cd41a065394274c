package io.github.ltxjava.compaction.restore;

import io.github.ltxjava.internal.io.ForwardingSource;
import io.github.ltxjava.io.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A source of which a piece is at hand; other pieces are read from the source. The piece is set and
 * used by one thread.
 */
final class RangeWindow extends ForwardingSource {

  private static final byte[] NOTHING = {};

  private long start;
  private byte[] piece = NOTHING;

  /** Wraps a source, which is closed with this. */
  RangeWindow(ByteSource source) {
    super(source);
  }

  ByteSource source() {
    return source;
  }

  /** Sets what is at hand. */
  void set(long position, byte[] bytes) {
    start = position;
    piece = bytes;
  }

  @Override
  public void readFully(long position, ByteBuffer target) throws IOException {
    long at = position - start;
    if (at >= 0 && at + target.remaining() <= piece.length) {
      target.put(piece, (int) at, target.remaining());
    } else {
      super.readFully(position, target);
    }
  }

  @Override
  public void close() throws IOException {
    piece = NOTHING;
    super.close();
  }
}

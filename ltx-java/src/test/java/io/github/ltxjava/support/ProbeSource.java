package io.github.ltxjava.support;

import io.github.ltxjava.io.ByteSource;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Bytes in memory that count what is asked of them, and fail at a given call if told to. */
public final class ProbeSource implements ByteSource {

  private final byte[] bytes;
  private long size;
  private int failAt = -1;
  private int calls;
  private int reads;
  private int closes;
  private long bytesRead;
  private @Nullable IOException failure;

  public ProbeSource(byte[] bytes) {
    this.bytes = bytes;
    this.size = bytes.length;
  }

  /** Makes the n-th call of size or readFully fail, counted from 0. */
  public ProbeSource failingAt(int call) {
    failAt = call;
    return this;
  }

  /** Makes the source claim another size than it has. */
  public ProbeSource claiming(long value) {
    size = value;
    return this;
  }

  @Override
  public synchronized long size() throws IOException {
    count();
    return size;
  }

  @Override
  public synchronized void readFully(long position, ByteBuffer target) throws IOException {
    count();
    reads++;
    bytesRead += target.remaining();
    if (closes > 0) {
      throw new IllegalStateException("read after close");
    }
    if (position < 0 || position > bytes.length - target.remaining()) {
      throw new EOFException("read of " + target.remaining() + " bytes at " + position);
    }
    target.put(bytes, (int) position, target.remaining());
  }

  private void count() throws IOException {
    if (calls++ == failAt) {
      failure = new IOException("the medium fails at call " + failAt);
      throw failure;
    }
  }

  @Override
  public String name() {
    return "probe";
  }

  @Override
  public synchronized void close() {
    closes++;
  }

  public int calls() {
    return calls;
  }

  public int reads() {
    return reads;
  }

  public long bytesRead() {
    return bytesRead;
  }

  public int closes() {
    return closes;
  }

  /** The exception that was thrown, or null. */
  public @Nullable IOException failure() {
    return failure;
  }
}

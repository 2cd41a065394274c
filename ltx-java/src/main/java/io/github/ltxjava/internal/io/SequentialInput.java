package io.github.ltxjava.internal.io;

import io.github.ltxjava.io.ByteSource;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A window that moves forward over a source or a stream, so that parsers see contiguous bytes.
 *
 * <p>The window grows only for bytes that are really there, up to what the parser asks for; the
 * parser bounds what it asks for. An instance belongs to one thread.
 */
public final class SequentialInput implements Closeable {

  private final String name;
  private final long size;
  private final Filler filler;
  private final Closeable owner;
  private byte[] window;
  private int start;
  private int end;
  private long startPosition;
  private boolean exhausted;

  private interface Filler {
    /** Reads some bytes at a position; returns -1 at the end. */
    int read(long position, byte[] target, int offset, int length) throws IOException;
  }

  private SequentialInput(String name, long size, byte[] window, Filler filler, Closeable owner) {
    this.name = name;
    this.size = size;
    this.window = window;
    this.filler = filler;
    this.owner = owner;
  }

  /** Reads a source from its start; closing the input closes the source. */
  public static SequentialInput of(ByteSource source, int windowSize) throws IOException {
    return of(source, new byte[(int) Math.max(1, Math.min(windowSize, source.size()))]);
  }

  /**
   * Reads a source from its start, through a window that is used again; closing the input closes
   * the source.
   *
   * @param window not empty, and of no other input until this one is done with
   */
  public static SequentialInput of(ByteSource source, byte[] window) throws IOException {
    long size = source.size();
    return new SequentialInput(source.name(), size, window, new SourceFiller(source, size), source);
  }

  /** Reads a stream whose length is unknown; closing the input closes the stream. */
  public static SequentialInput of(String name, InputStream in, int windowSize) {
    return new SequentialInput(
        name,
        -1,
        new byte[windowSize],
        (position, target, offset, length) -> readSome(in, target, offset, length),
        in);
  }

  /** Some streams answer 0 when nothing is there yet; asking them for one byte makes them wait. */
  private static int readSome(InputStream in, byte[] target, int offset, int length)
      throws IOException {
    int count = in.read(target, offset, length);
    if (count != 0) {
      return count;
    }
    int next = in.read();
    if (next < 0) {
      return -1;
    }
    target[offset] = (byte) next;
    return 1;
  }

  /** Returns what messages call the source. */
  public String name() {
    return name;
  }

  /** Returns the size of the source in bytes, or -1 for a stream. */
  public long size() {
    return size;
  }

  /** Returns the offset of the next byte in the source. */
  public long position() {
    return startPosition;
  }

  /** Returns the array that holds the window; valid until the next {@link #require}. */
  public byte[] array() {
    return window;
  }

  /** Returns where the next byte is in {@link #array()}. */
  public int offset() {
    return start;
  }

  /** Returns how many bytes are in the window. */
  public int available() {
    return end - start;
  }

  /**
   * Brings at least so many bytes into the window.
   *
   * @return false if the source ends before
   */
  public boolean require(int count) throws IOException {
    while (end - start < count) {
      if (exhausted || !fill(count)) {
        return false;
      }
    }
    return true;
  }

  /** Moves over bytes that are in the window. */
  public void skip(int count) {
    assert count <= end - start;
    start += count;
    startPosition += count;
  }

  /** Moves forward to an absolute position; false if the source ends before. */
  public boolean skipTo(long position) throws IOException {
    while (startPosition < position) {
      if (!require(1)) {
        return false;
      }
      skip((int) Math.min(available(), position - startPosition));
    }
    return true;
  }

  private boolean fill(int count) throws IOException {
    if (window.length - start < count || start == end) {
      makeRoom(count);
    }
    int read = filler.read(startPosition + available(), window, end, window.length - end);
    if (read < 0) {
      exhausted = true;
      return false;
    }
    end += read;
    return true;
  }

  /** Moves the window to the front of the array; doubles the array when it is full. */
  private void makeRoom(int count) {
    if (start > 0) {
      System.arraycopy(window, start, window, 0, end - start);
      end -= start;
      start = 0;
    }
    if (end == window.length) {
      window = Arrays.copyOf(window, (int) Math.min(count, 2L * window.length));
    }
  }

  @Override
  public void close() throws IOException {
    owner.close();
  }

  /** Reads what the window has room for, as far as the source reaches. */
  private static final class SourceFiller implements Filler {
    private final ByteSource source;
    private final long size;
    private byte[] wrapped = new byte[0];
    private ByteBuffer buffer = ByteBuffer.wrap(wrapped);

    SourceFiller(ByteSource source, long size) {
      this.source = source;
      this.size = size;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // whether it is the array that is wrapped already
    public int read(long position, byte[] target, int offset, int length) throws IOException {
      int count = (int) Math.min(length, size - position);
      if (count <= 0) {
        return -1;
      }
      if (wrapped != target) {
        wrapped = target;
        buffer = ByteBuffer.wrap(target);
      }
      buffer.limit(offset + count).position(offset);
      source.readFully(position, buffer);
      return count;
    }
  }
}

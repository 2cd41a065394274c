package io.github.ltxjava.io;

import io.github.ltxjava.internal.io.BufferSource;
import io.github.ltxjava.internal.io.FileSource;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Bytes that can be read at any position: a file, an object in a store, a buffer.
 *
 * <p>One of the two interfaces that an adapter implements. Every method but {@link #close} may be
 * called by many threads at once. A source does not change while it is open.
 */
public interface ByteSource extends Closeable {

  /**
   * Returns the number of bytes.
   *
   * @throws IOException if the medium fails
   */
  long size() throws IOException;

  /**
   * Fills the buffer from its position to its limit with the bytes at {@code position}.
   *
   * @param position offset of the first byte, not negative
   * @param target the caller's buffer, on the heap or direct; its position is at its limit
   *     afterwards
   * @throws java.io.EOFException if the source ends before the buffer is full
   * @throws IOException if the medium fails
   */
  void readFully(long position, ByteBuffer target) throws IOException;

  /** Returns what messages call this source: a path, a key, a URL. */
  String name();

  /** Releases what the source holds; closing twice does nothing. */
  @Override
  void close() throws IOException;

  /**
   * Opens a file.
   *
   * @throws java.nio.file.NoSuchFileException if there is none
   * @throws IOException if it cannot be opened
   */
  static ByteSource open(Path file) throws IOException {
    return FileSource.open(file);
  }

  /**
   * Returns a source over the buffer's remaining bytes, which must not change while it is used.
   *
   * @param name what messages call it
   */
  static ByteSource of(String name, ByteBuffer bytes) {
    return new BufferSource(name, bytes);
  }
}

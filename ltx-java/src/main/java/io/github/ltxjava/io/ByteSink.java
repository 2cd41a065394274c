package io.github.ltxjava.io;

import io.github.ltxjava.internal.io.AtomicFileSink;
import io.github.ltxjava.internal.io.StreamSink;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Where a file is written front to back, and becomes visible all at once or not at all.
 *
 * <p>One of the two interfaces that an adapter implements. A sink belongs to one thread.
 */
public interface ByteSink extends Closeable {

  /**
   * Appends the buffer's remaining bytes and consumes them.
   *
   * @throws IOException if the medium fails; nothing becomes visible
   */
  void write(ByteBuffer bytes) throws IOException;

  /**
   * Makes everything written durable and then visible under its name.
   *
   * @throws IOException if that fails; nothing, or a complete file, is visible
   */
  void commit() throws IOException;

  /** Discards what was not committed and releases the sink; closing twice does nothing. */
  @Override
  void close() throws IOException;

  /** Returns what messages call this sink: a path, a key, a URL. */
  String name();

  /**
   * Returns a sink that replaces {@code file} when it is committed: a temporary file in the same
   * folder is forced to disk, renamed, and the folder forced.
   *
   * @throws IOException if the temporary file cannot be created
   */
  static ByteSink atomic(Path file) throws IOException {
    return AtomicFileSink.replacing(file);
  }

  /**
   * Like {@link #atomic}, but the commit fails if the file exists by then.
   *
   * @throws java.nio.file.FileAlreadyExistsException if it exists already
   * @throws IOException if the temporary file cannot be created
   */
  static ByteSink atomicNew(Path file) throws IOException {
    return AtomicFileSink.creating(file);
  }

  /**
   * Returns a sink that passes bytes on to a stream as they come. A stream cannot take bytes back,
   * so its reader must not believe it before it is complete; {@link #commit} flushes, and neither
   * method closes the stream.
   */
  static ByteSink to(OutputStream out) {
    return new StreamSink(out);
  }
}

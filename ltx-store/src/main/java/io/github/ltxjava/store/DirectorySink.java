package io.github.ltxjava.store;

import io.github.ltxjava.internal.io.DurableFiles;
import io.github.ltxjava.io.ByteSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;

/** A file of a {@link DirectoryStore} on its way to its name. */
final class DirectorySink implements ByteSink {

  private final Path file;
  private final TemporaryFile temporary;
  private final Instant timestamp;
  private boolean open = true;

  DirectorySink(Path file, TemporaryFile temporary, Instant timestamp) {
    this.file = file;
    this.temporary = temporary;
    this.timestamp = timestamp;
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    requireOpen();
    while (bytes.hasRemaining()) {
      temporary.channel().write(bytes);
    }
  }

  @Override
  public void commit() throws IOException {
    requireOpen();
    open = false;
    // The time before the force, which then covers both; the link while the lock is held, so that
    // nobody takes the temporary name for abandoned.
    temporary.setTime(timestamp);
    temporary.channel().force(true);
    DurableFiles.moveIfAbsent(temporary.path(), file);
    DurableFiles.forceFolderOf(file);
    temporary.release();
  }

  @Override
  public void close() throws IOException {
    open = false;
    temporary.close();
  }

  @Override
  public String name() {
    return file.toString();
  }

  private void requireOpen() {
    if (!open) {
      throw new IllegalStateException("committed or closed: " + file);
    }
  }
}

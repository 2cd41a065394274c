package io.github.ltxjava.replica;

import io.github.ltxjava.internal.io.DurableFiles;
import io.github.ltxjava.io.ByteSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A captured file: complete or not there, whatever ends the process, but not forced to the disk.
 *
 * <p>Forcing would take most of the time that writers wait for a checkpoint, and buy little: what a
 * power failure takes from these files is missing or damaged at the next start, which notices and
 * captures all pages; and only what is in a store was ever promised.
 */
final class LocalSink implements ByteSink {

  private final Path file;
  private final Path temporary;
  private final FileChannel channel;
  private boolean committed;

  private LocalSink(Path file, Path temporary, FileChannel channel) {
    this.file = file;
    this.temporary = temporary;
    this.channel = channel;
  }

  /** Starts a file that replaces the one that is there, if any. */
  static LocalSink create(Path file) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    FileChannel channel =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    return new LocalSink(file, temporary, channel);
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  @Override
  public void commit() throws IOException {
    channel.close();
    DurableFiles.replace(temporary, file);
    committed = true;
  }

  @Override
  public void close() throws IOException {
    channel.close();
    if (!committed) {
      Files.deleteIfExists(temporary);
    }
  }

  @Override
  public String name() {
    return file.toString();
  }
}

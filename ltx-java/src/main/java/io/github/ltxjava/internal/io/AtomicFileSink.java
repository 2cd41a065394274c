package io.github.ltxjava.internal.io;

import io.github.ltxjava.io.ByteSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A file that appears complete and durable or not at all: written under a temporary name, forced,
 * renamed, its folder forced.
 */
public final class AtomicFileSink implements ByteSink {

  /** How temporary files end; a crash can leave one behind, and nobody reads it. */
  public static final String TEMPORARY_SUFFIX = ".tmp";

  private final Path file;
  private final Path temporary;
  private final FileChannel channel;
  private final boolean replace;
  private boolean committed;

  private AtomicFileSink(Path file, Path temporary, FileChannel channel, boolean replace) {
    this.file = file;
    this.temporary = temporary;
    this.channel = channel;
    this.replace = replace;
  }

  /** Opens a sink whose commit replaces an existing file. */
  public static AtomicFileSink replacing(Path file) throws IOException {
    return open(file, true);
  }

  /** Opens a sink whose commit fails if the file exists. */
  public static AtomicFileSink creating(Path file) throws IOException {
    if (Files.exists(file)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    return open(file, false);
  }

  private static AtomicFileSink open(Path file, boolean replace) throws IOException {
    Path absolute = file.toAbsolutePath();
    Path name = absolute.getFileName();
    if (name == null) {
      throw new IllegalArgumentException("not a file: " + file);
    }
    String unique = Long.toHexString(ThreadLocalRandom.current().nextLong());
    Path temporary = absolute.resolveSibling("." + name + "." + unique + TEMPORARY_SUFFIX);
    FileChannel channel =
        FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    return new AtomicFileSink(absolute, temporary, channel, replace);
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  @Override
  public void commit() throws IOException {
    if (committed) {
      throw new IllegalStateException("already committed: " + file);
    }
    channel.force(true);
    channel.close();
    if (replace) {
      DurableFiles.replace(temporary, file);
    } else {
      DurableFiles.moveIfAbsent(temporary, file);
    }
    committed = true;
    DurableFiles.forceFolderOf(file);
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

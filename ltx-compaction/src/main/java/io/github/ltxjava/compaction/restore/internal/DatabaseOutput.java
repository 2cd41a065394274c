package io.github.ltxjava.compaction.restore.internal;

import io.github.ltxjava.internal.io.DurableFiles;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A database file on its way to its name: pages go to a temporary file beside it, which is forced
 * and renamed when it is complete. Pages that nobody writes are zeros.
 */
public final class DatabaseOutput implements Closeable {

  /** What SQLite keeps beside a database and would apply to whatever has the database's name. */
  private static final List<String> COMPANIONS = List.of("-journal", "-wal", "-shm");

  private static final int BUFFER_SIZE = 1 << 20;

  private final Path file;
  private final Path temporary;
  private final FileChannel channel;
  private final boolean replace;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_SIZE);
  private long bufferPosition;

  private DatabaseOutput(Path file, Path temporary, FileChannel channel, boolean replace) {
    this.file = file;
    this.temporary = temporary;
    this.channel = channel;
    this.replace = replace;
  }

  /**
   * Checks that the file may be written.
   *
   * @throws FileAlreadyExistsException if there is something that must not be replaced
   */
  public static void requireAbsent(Path file) throws FileAlreadyExistsException {
    if (Files.exists(file)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    for (String suffix : COMPANIONS) {
      Path companion = companion(file, suffix);
      if (Files.exists(companion)) {
        throw new FileAlreadyExistsException(
            companion.toString(),
            file.toString(),
            "left by another database; SQLite would apply it to the restored one");
      }
    }
  }

  /**
   * Creates the temporary file.
   *
   * @param replace whether the file may exist by the time of the commit
   */
  public static DatabaseOutput create(Path file, boolean replace) throws IOException {
    Path absolute = file.toAbsolutePath();
    Path temporary = temporaryBeside(absolute);
    FileChannel channel =
        FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    return new DatabaseOutput(absolute, temporary, channel, replace);
  }

  /** Returns a name for a hidden file in the folder of another one, which nobody else uses. */
  public static Path temporaryBeside(Path file) {
    Path name = file.getFileName();
    if (name == null) {
      throw new IllegalArgumentException("not a file: " + file);
    }
    String unique = Long.toHexString(ThreadLocalRandom.current().nextLong());
    return file.resolveSibling("." + name + "." + unique + ".tmp");
  }

  /** Writes a page at a position; what is adjacent goes to the system in one piece. */
  public void write(long position, byte[] page) throws IOException {
    write(position, page, page.length);
  }

  /**
   * Writes bytes at a position; what is adjacent goes to the system in one piece.
   *
   * @param length how many of the bytes, at most 1 MiB
   */
  public void write(long position, byte[] bytes, int length) throws IOException {
    if (position != bufferPosition + buffer.position() || length > buffer.remaining()) {
      flush();
      bufferPosition = position;
    }
    buffer.put(bytes, 0, length);
  }

  /** Drops what has been written behind this size; what is written there later follows zeros. */
  public void truncate(long size) throws IOException {
    flush();
    if (channel.size() > size) {
      channel.truncate(size);
    }
  }

  private void flush() throws IOException {
    buffer.flip();
    long position = bufferPosition;
    while (buffer.hasRemaining()) {
      position += channel.write(buffer, position);
    }
    bufferPosition = position;
    buffer.clear();
  }

  /** What has to hold of the complete file. */
  @FunctionalInterface
  public interface Check {
    /** Throws if the file is not to appear. */
    void check(Path temporary) throws IOException;
  }

  /** Gives the file its size and, once it is durable and has been checked, its name. */
  public void commit(long size, Check check) throws IOException {
    flush();
    if (channel.size() < size) {
      ByteBuffer zero = ByteBuffer.allocate(1);
      while (zero.hasRemaining()) {
        channel.write(zero, size - 1);
      }
    }
    channel.force(true);
    channel.close();
    check.check(temporary);
    if (replace) {
      // Before the database: a journal that outlives it would be applied to the new one.
      for (String suffix : COMPANIONS) {
        Files.deleteIfExists(companion(file, suffix));
      }
      DurableFiles.forceFolderOf(file);
      DurableFiles.replace(temporary, file);
    } else {
      DurableFiles.moveIfAbsent(temporary, file);
    }
    DurableFiles.forceFolderOf(file);
  }

  private static Path companion(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  /** Removes what was not committed. */
  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(temporary);
  }
}

package io.github.ltxjava.sqlite;

import io.github.ltxjava.internal.io.DurableFiles;
import io.github.ltxjava.internal.io.FileSource;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What applying does to files: the seam where tests let every single operation fail. */
interface Disk {

  /** Files as the system has them. */
  Disk REAL = new RealDisk();

  /** Uses a file that is open; whoever opened it closes it. */
  DiskFile use(Path path, FileChannel channel);

  /** Opens a file to read. */
  DiskFile open(Path path) throws IOException;

  /** Creates a file, or empties one that is there. */
  DiskFile create(Path path) throws IOException;

  void delete(Path path) throws IOException;

  /** Gives a file its final name, unless something has that name. */
  void moveIfAbsent(Path from, Path to) throws IOException;

  /** Makes creations, deletions and renames in the folder of a file durable. */
  void forceFolderOf(Path file) throws IOException;

  /** A file that is read and written by position. */
  interface DiskFile extends Closeable {

    long size() throws IOException;

    /** Fills the buffer from its position to its limit. */
    void read(long position, ByteBuffer target) throws IOException;

    /** Writes the buffer's remaining bytes. */
    void write(long position, ByteBuffer bytes) throws IOException;

    /** Cuts the file. */
    void truncate(long size) throws IOException;

    void force() throws IOException;

    @Override
    void close() throws IOException;
  }

  /** The system's files. */
  final class RealDisk implements Disk {

    private RealDisk() {}

    @Override
    public DiskFile use(Path path, FileChannel channel) {
      return new RealFile(path, channel, false);
    }

    @Override
    public DiskFile open(Path path) throws IOException {
      return new RealFile(path, FileChannel.open(path, StandardOpenOption.READ), true);
    }

    @Override
    public DiskFile create(Path path) throws IOException {
      FileChannel channel =
          FileChannel.open(
              path,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      return new RealFile(path, channel, true);
    }

    @Override
    public void delete(Path path) throws IOException {
      Files.delete(path);
    }

    @Override
    public void moveIfAbsent(Path from, Path to) throws IOException {
      DurableFiles.moveIfAbsent(from, to);
    }

    @Override
    public void forceFolderOf(Path file) throws IOException {
      DurableFiles.forceFolderOf(file);
    }
  }

  /** A file of the system. */
  record RealFile(Path path, FileChannel channel, boolean owned) implements DiskFile {

    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public void read(long position, ByteBuffer target) throws IOException {
      FileSource.readFully(channel, path.toString(), position, target);
    }

    @Override
    public void write(long position, ByteBuffer bytes) throws IOException {
      long at = position;
      while (bytes.hasRemaining()) {
        at += channel.write(bytes, at);
      }
    }

    @Override
    public void truncate(long size) throws IOException {
      channel.truncate(size);
    }

    @Override
    public void force() throws IOException {
      channel.force(true);
    }

    @Override
    public void close() throws IOException {
      if (owned) {
        channel.close();
      }
    }
  }
}

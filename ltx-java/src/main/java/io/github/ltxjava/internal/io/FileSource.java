package io.github.ltxjava.internal.io;

import io.github.ltxjava.io.ByteSource;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file, read by position. */
public final class FileSource implements ByteSource {

  private final FileChannel channel;
  private final String name;

  private FileSource(FileChannel channel, String name) {
    this.channel = channel;
    this.name = name;
  }

  public static FileSource open(Path file) throws IOException {
    return new FileSource(FileChannel.open(file, StandardOpenOption.READ), file.toString());
  }

  @Override
  public long size() throws IOException {
    return channel.size();
  }

  @Override
  public void readFully(long position, ByteBuffer target) throws IOException {
    readFully(channel, name, position, target);
  }

  /** Fills the buffer from a position of a channel, whoever it belongs to. */
  public static void readFully(FileChannel channel, String name, long position, ByteBuffer target)
      throws IOException {
    long at = position;
    while (target.hasRemaining()) {
      int count = channel.read(target, at);
      if (count < 0) {
        throw new EOFException("[" + name + "] ends at offset " + at);
      }
      at += count;
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

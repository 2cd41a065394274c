package io.github.ltxjava.generations;

import io.github.ltxjava.internal.io.FileSource;
import io.github.ltxjava.io.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A WAL that is put together from its pieces, in a temporary file: which frames count is known only
 * at its end, and it may be larger than memory.
 */
final class WalSpool implements ByteSource {

  private final Path file;
  private final FileChannel channel;
  private String name = "";
  private long size;

  private WalSpool(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  static WalSpool create(Path file) throws IOException {
    return new WalSpool(
        file,
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE));
  }

  /**
   * Forgets the WAL before and begins another.
   *
   * @param walName what messages call it
   */
  void begin(String walName) throws IOException {
    channel.truncate(0);
    size = 0;
    name = walName;
  }

  void append(byte[] bytes, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
    while (buffer.hasRemaining()) {
      size += channel.write(buffer, size);
    }
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void readFully(long position, ByteBuffer target) throws IOException {
    FileSource.readFully(channel, name, position, target);
  }

  @Override
  public String name() {
    return name;
  }

  /** Removes the file. */
  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(file);
  }
}

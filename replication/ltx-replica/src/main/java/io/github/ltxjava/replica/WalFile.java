package io.github.ltxjava.replica;

import io.github.ltxjava.internal.io.FileSource;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.sqlite.internal.WalHeader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The WAL of a database that is in use, as a file. It carries no locks, so it may be opened and
 * closed at will.
 */
final class WalFile implements Closeable {

  private final Path path;
  private @Nullable FileChannel channel;

  WalFile(Path path) {
    this.path = path;
  }

  /** Reads the header; empty if there is none, or a writer is at it. */
  Optional<WalHeader> header() throws IOException {
    FileChannel file = channel();
    if (file == null || file.size() < WalHeader.SIZE) {
      return Optional.empty();
    }
    ByteBuffer bytes = ByteBuffer.allocate(WalHeader.SIZE);
    while (bytes.hasRemaining()) {
      if (file.read(bytes, bytes.position()) < 0) {
        return Optional.empty();
      }
    }
    return WalHeader.parse(path.toString(), bytes.flip());
  }

  /** Reads bytes; false if the file ends before. */
  boolean read(long position, ByteBuffer target) throws IOException {
    FileChannel file = channel();
    long at = position;
    while (file != null && target.hasRemaining()) {
      int count = file.read(target, at);
      if (count < 0) {
        return false;
      }
      at += count;
    }
    return file != null;
  }

  /** Returns the length in bytes; 0 if there is no file. */
  long size() throws IOException {
    FileChannel file = channel();
    return file == null ? 0 : file.size();
  }

  /** Returns the file as a source that need not be closed. */
  ByteSource asSource() {
    return new Source(this);
  }

  private synchronized @Nullable FileChannel channel() throws IOException {
    if (channel == null) {
      try {
        channel = FileChannel.open(path, StandardOpenOption.READ);
      } catch (NoSuchFileException e) {
        return null;
      }
    }
    return channel;
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }

  private record Source(WalFile file) implements ByteSource {
    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void readFully(long position, ByteBuffer target) throws IOException {
      FileChannel channel = file.channel();
      if (channel == null) {
        throw new NoSuchFileException(name());
      }
      FileSource.readFully(channel, name(), position, target);
    }

    @Override
    public String name() {
      return file.path.toString();
    }

    @Override
    public void close() {
      // The file's owner closes it.
    }
  }
}

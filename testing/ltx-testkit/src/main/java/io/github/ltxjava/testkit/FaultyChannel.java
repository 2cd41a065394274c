package io.github.ltxjava.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Counts each call and passes it on; writes and reads less than it was asked to. */
final class FaultyChannel extends FileChannel {

  /** A prime, so that pieces do not end where pages do. */
  private static final int MAX_TRANSFER = 100_003;

  private final FaultyFileSystem fileSystem;
  private final FileChannel real;
  private final Path path;

  FaultyChannel(FaultyFileSystem fileSystem, FileChannel real, Path path) {
    this.fileSystem = fileSystem;
    this.real = real;
    this.path = path;
  }

  @FunctionalInterface
  private interface Transfer {
    int transfer(ByteBuffer piece) throws IOException;
  }

  private int shortened(String operation, ByteBuffer buffer, Transfer transfer) throws IOException {
    fileSystem.call(operation, path);
    int limit = buffer.limit();
    buffer.limit(Math.min(limit, buffer.position() + MAX_TRANSFER));
    try {
      return transfer.transfer(buffer);
    } finally {
      buffer.limit(limit);
    }
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    return shortened("read", target, real::read);
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    return shortened("read", target, piece -> real.read(piece, position));
  }

  @Override
  public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
    return length == 0 ? 0 : read(targets[offset]);
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    return shortened("write", source, real::write);
  }

  @Override
  public int write(ByteBuffer source, long position) throws IOException {
    return shortened("write", source, piece -> real.write(piece, position));
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    return length == 0 ? 0 : write(sources[offset]);
  }

  @Override
  public long position() throws IOException {
    return real.position();
  }

  @Override
  public FileChannel position(long position) throws IOException {
    real.position(position);
    return this;
  }

  @Override
  public long size() throws IOException {
    return real.size();
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    fileSystem.call("truncate", path);
    real.truncate(size);
    return this;
  }

  @Override
  public void force(boolean metaData) throws IOException {
    fileSystem.call("force", path);
    real.force(metaData);
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
    fileSystem.call("transfer from", path);
    return real.transferTo(position, count, target);
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long position, long count)
      throws IOException {
    fileSystem.call("transfer to", path);
    return real.transferFrom(source, position, count);
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
    fileSystem.call("map", path);
    return real.map(mode, position, size);
  }

  @Override
  public FileLock lock(long position, long size, boolean shared) throws IOException {
    fileSystem.call("lock", path);
    return real.lock(position, size, shared);
  }

  @Override
  public @Nullable FileLock tryLock(long position, long size, boolean shared) throws IOException {
    fileSystem.call("lock", path);
    return real.tryLock(position, size, shared);
  }

  @Override
  protected void implCloseChannel() throws IOException {
    real.close();
    fileSystem.call("close", path);
  }
}

package io.github.ltxjava.internal.io;

import io.github.ltxjava.io.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A source that stays the caller's: closing this does not close it.
 *
 * @param source the caller's source
 */
public record UnclosedSource(ByteSource source) implements ByteSource {

  @Override
  public long size() throws IOException {
    return source.size();
  }

  @Override
  public void readFully(long position, ByteBuffer target) throws IOException {
    source.readFully(position, target);
  }

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public void close() {
    // The caller closes it.
  }
}

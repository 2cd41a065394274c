package io.github.ltxjava.tools.cli;

import io.github.ltxjava.io.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A source that stays open when its reader closes it. */
public record BorrowedSource(ByteSource source) implements ByteSource {

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
    // Its owner closes it.
  }
}

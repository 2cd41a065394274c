package io.github.ltxjava.internal.io;

import io.github.ltxjava.io.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A source that passes everything on to another one, but for what a subclass does otherwise. */
public abstract class ForwardingSource implements ByteSource {

  protected final ByteSource source;

  /** Wraps a source, which is closed with this. */
  protected ForwardingSource(ByteSource source) {
    this.source = source;
  }

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
  public void close() throws IOException {
    source.close();
  }
}

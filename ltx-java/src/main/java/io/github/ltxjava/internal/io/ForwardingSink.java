package io.github.ltxjava.internal.io;

import io.github.ltxjava.io.ByteSink;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A sink that passes everything on to another one, but for what a subclass does otherwise. */
public abstract class ForwardingSink implements ByteSink {

  protected final ByteSink sink;

  /** Wraps a sink, which is closed with this. */
  protected ForwardingSink(ByteSink sink) {
    this.sink = sink;
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    sink.write(bytes);
  }

  @Override
  public void commit() throws IOException {
    sink.commit();
  }

  @Override
  public void close() throws IOException {
    sink.close();
  }

  @Override
  public String name() {
    return sink.name();
  }
}

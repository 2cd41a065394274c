package io.github.ltxjava.benchmarks.kernels;

import io.github.ltxjava.io.ByteSink;
import java.nio.ByteBuffer;

/** Where output goes that nobody wants. */
public final class Nowhere implements ByteSink {

  private Nowhere() {}

  /** Returns a sink that discards everything. */
  public static ByteSink sink() {
    return new Nowhere();
  }

  @Override
  public void write(ByteBuffer bytes) {
    bytes.position(bytes.limit());
  }

  @Override
  public void commit() {
    // There is nothing to make durable.
  }

  @Override
  public void close() {
    // There is nothing to release.
  }

  @Override
  public String name() {
    return "nowhere";
  }
}

package io.github.ltxjava.benchmarks.sidebyside;

import io.github.ltxjava.io.ByteSink;
import java.nio.ByteBuffer;

/** Discards and counts. */
final class CountingSink implements ByteSink {
  private long count;

  long count() {
    return count;
  }

  @Override
  public void write(ByteBuffer bytes) {
    count += bytes.remaining();
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

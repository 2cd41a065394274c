package io.github.ltxjava.testkit;

import io.github.ltxjava.io.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A source whose calls fail by a plan; the buffer of a failing read may be filled in part. */
public final class FaultInjectingSource implements ByteSource {

  private final ByteSource source;
  private final FaultPlan plan;

  /**
   * Wraps a source.
   *
   * @param source closed with this one
   */
  public FaultInjectingSource(ByteSource source, FaultPlan plan) {
    this.source = source;
    this.plan = plan;
    plan.open();
  }

  @Override
  public long size() throws IOException {
    plan.call("size of " + name());
    return source.size();
  }

  @Override
  public void readFully(long position, ByteBuffer target) throws IOException {
    try {
      plan.call("read of " + name() + " at " + position);
    } catch (IOException e) {
      source.readFully(position, target.limit(target.position() + target.remaining() / 2));
      throw e;
    }
    source.readFully(position, target);
  }

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public void close() throws IOException {
    plan.close();
    source.close();
  }
}

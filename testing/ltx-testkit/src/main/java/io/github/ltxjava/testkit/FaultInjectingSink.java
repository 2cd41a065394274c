package io.github.ltxjava.testkit;

import io.github.ltxjava.io.ByteSink;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A sink whose calls fail by a plan; of a failing write, half the bytes may have gone through. */
public final class FaultInjectingSink implements ByteSink {

  private final ByteSink sink;
  private final FaultPlan plan;

  /**
   * Wraps a sink.
   *
   * @param sink closed with this one
   */
  public FaultInjectingSink(ByteSink sink, FaultPlan plan) {
    this.sink = sink;
    this.plan = plan;
    plan.open();
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    try {
      plan.call("write to " + name());
    } catch (IOException e) {
      sink.write(bytes.limit(bytes.position() + bytes.remaining() / 2));
      throw e;
    }
    sink.write(bytes);
  }

  @Override
  public void commit() throws IOException {
    plan.call("commit of " + name());
    sink.commit();
  }

  @Override
  public void close() throws IOException {
    plan.close();
    sink.close();
  }

  @Override
  public String name() {
    return sink.name();
  }
}

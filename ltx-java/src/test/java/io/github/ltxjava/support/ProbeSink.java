package io.github.ltxjava.support;

import io.github.ltxjava.io.ByteSink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A sink in memory that counts, and fails at a given call of write or commit if told to. */
public final class ProbeSink implements ByteSink {

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private int failAt = -1;
  private int calls;
  private int commits;
  private int closes;
  private @Nullable IOException failure;

  /** Makes the n-th call of write or commit fail, counted from 0. */
  public ProbeSink failingAt(int call) {
    failAt = call;
    return this;
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    if (calls++ == failAt) {
      // A medium may take a part of the bytes before it fails.
      for (int i = 0; i < bytes.remaining() / 2; i++) {
        written.write(bytes.get());
      }
      fail();
    }
    while (bytes.hasRemaining()) {
      written.write(bytes.get());
    }
  }

  @Override
  public void commit() throws IOException {
    if (calls++ == failAt) {
      fail();
    }
    commits++;
  }

  private void fail() throws IOException {
    failure = new IOException("the medium fails at call " + failAt);
    throw failure;
  }

  @Override
  public void close() {
    closes++;
  }

  @Override
  public String name() {
    return "probe";
  }

  /** What was written, whether committed or not. */
  public byte[] bytes() {
    return written.toByteArray();
  }

  public int calls() {
    return calls;
  }

  public int commits() {
    return commits;
  }

  public int closes() {
    return closes;
  }

  public @Nullable IOException failure() {
    return failure;
  }
}

package io.github.ltxjava.internal.io;

import io.github.ltxjava.io.ByteSink;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;

/** Passes bytes on to a stream, which stays open. */
public final class StreamSink implements ByteSink {

  private final OutputStream out;
  private final WritableByteChannel channel;

  public StreamSink(OutputStream out) {
    this.out = out;
    this.channel = Channels.newChannel(out);
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    if (bytes.hasArray()) {
      out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
      bytes.position(bytes.limit());
      return;
    }
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  @Override
  public void commit() throws IOException {
    out.flush();
  }

  @Override
  public void close() {
    // The stream is the caller's.
  }

  @Override
  public String name() {
    return "stream";
  }
}

package io.github.ltxjava.sqlite;

import io.github.ltxjava.internal.io.FileSource;
import io.github.ltxjava.io.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A channel that somebody else closes, because closing it would release his locks. */
record ChannelSource(FileChannel channel, String name) implements ByteSource {

  ChannelSource(DatabaseFile file) {
    this(file.channel(), file.path().toString());
  }

  @Override
  public long size() throws IOException {
    return channel.size();
  }

  @Override
  public void readFully(long position, ByteBuffer target) throws IOException {
    FileSource.readFully(channel, name, position, target);
  }

  @Override
  public void close() {
    // The owner of the channel closes it.
  }
}

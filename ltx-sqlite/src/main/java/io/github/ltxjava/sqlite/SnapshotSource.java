package io.github.ltxjava.sqlite;

import io.github.ltxjava.io.ByteSource;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A snapshot as the bytes of a file. */
record SnapshotSource(SqliteSnapshot snapshot, String name) implements ByteSource {

  @Override
  public long size() {
    return snapshot.commit() * snapshot.pageSize();
  }

  @Override
  public void readFully(long position, ByteBuffer target) throws IOException {
    if (position + target.remaining() > size()) {
      throw new EOFException("[" + name + "] ends at offset " + size());
    }
    int pageSize = snapshot.pageSize();
    long at = position;
    while (target.hasRemaining()) {
      long page = at / pageSize + 1;
      int within = (int) (at % pageSize);
      int count = Math.min(pageSize - within, target.remaining());
      if (count == pageSize) {
        int limit = target.limit();
        snapshot.readPage(page, target.limit(target.position() + pageSize));
        target.limit(limit);
      } else {
        ByteBuffer whole = ByteBuffer.allocate(pageSize);
        snapshot.readPage(page, whole);
        target.put(whole.array(), within, count);
      }
      at += count;
    }
  }

  @Override
  public void close() {
    // The snapshot is the caller's.
  }
}

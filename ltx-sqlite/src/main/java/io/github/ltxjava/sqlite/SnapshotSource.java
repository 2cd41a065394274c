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
    int end = target.limit();
    long at = position;
    while (target.position() < end) {
      int start = target.position();
      long page = at / pageSize + 1;
      int within = (int) (at % pageSize);
      int whole = (end - start) / pageSize * pageSize;
      if (within == 0 && whole > 0) {
        snapshot.readPages(page, target.limit(start + whole));
        target.limit(end);
      } else {
        ByteBuffer content = ByteBuffer.allocate(pageSize);
        snapshot.readPage(page, content);
        target.put(content.array(), within, Math.min(pageSize - within, end - start));
      }
      at += target.position() - start;
    }
  }

  @Override
  public void close() {
    // The snapshot is the caller's.
  }
}

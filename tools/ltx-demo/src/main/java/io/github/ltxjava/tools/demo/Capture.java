package io.github.ltxjava.tools.demo;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.DatabaseChecksum;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxWriter;
import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.store.LtxStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Turns database files into LTX files by comparing what a transaction found with what it left. A
 * replica would take the changed pages from SQLite's log instead; the result is the same.
 */
final class Capture {

  /** The level that transactions enter a store at. */
  static final int LEVEL = 0;

  private final LtxStore store;
  private final int pageSize;
  private Txid next = Txid.FIRST;
  private Checksum position = Checksum.EMPTY_DATABASE;

  Capture(LtxStore store, int pageSize) {
    this.store = store;
    this.pageSize = pageSize;
  }

  /** Writes the whole database as the first transaction; returns its number of pages. */
  long snapshot(Path database) throws IOException {
    TxidRange txids = TxidRange.of(next);
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    try (ByteSource source = ByteSource.open(database)) {
      long pages = source.size() / pageSize;
      LtxHeader header = LtxHeader.snapshot(pageSize, pages, txids.max()).timestamp(now).build();
      try (LtxWriter writer = LtxWriter.create(store.create(LEVEL, txids, now), header)) {
        ByteBuffer page = ByteBuffer.allocate(pageSize);
        for (long number = 1; number <= pages; number++) {
          if (number != header.lockPageNumber()) {
            writer.write(number, read(source, number, page));
          }
        }
        position = writer.finish().postApply().orElseThrow();
      }
      next = next.next();
      return pages;
    }
  }

  /** Writes the pages that differ as the next transaction; returns how many. */
  long delta(Path before, Path after) throws IOException {
    TxidRange txids = TxidRange.of(next);
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    try (ByteSource old = ByteSource.open(before);
        ByteSource changed = ByteSource.open(after)) {
      LtxHeader header =
          LtxHeader.delta(pageSize, changed.size() / pageSize, txids, position)
              .timestamp(now)
              .build();
      DatabaseChecksum rolling = DatabaseChecksum.from(pageSize, position);
      try (LtxWriter writer = LtxWriter.create(store.create(LEVEL, txids, now), header)) {
        long written = writeChanges(old, changed, writer, rolling);
        writer.finish(rolling.value());
        position = rolling.value();
        next = next.next();
        return written;
      }
    }
  }

  private long writeChanges(
      ByteSource old, ByteSource changed, LtxWriter writer, DatabaseChecksum rolling)
      throws IOException {
    long oldPages = old.size() / pageSize;
    long newPages = changed.size() / pageSize;
    long lockPage = LtxHeader.lockPageNumber(pageSize);
    ByteBuffer before = ByteBuffer.allocate(pageSize);
    ByteBuffer after = ByteBuffer.allocate(pageSize);
    long written = 0;
    for (long number = 1; number <= Math.max(oldPages, newPages); number++) {
      if (number == lockPage) {
        continue;
      }
      boolean existed = number <= oldPages;
      boolean exists = number <= newPages;
      if (existed && exists && read(old, number, before).equals(read(changed, number, after))) {
        continue;
      }
      if (existed) {
        rolling.toggle(number, read(old, number, before));
      }
      if (exists) {
        rolling.toggle(number, read(changed, number, after));
        writer.write(number, after.rewind());
        written++;
      }
    }
    return written;
  }

  private ByteBuffer read(ByteSource source, long number, ByteBuffer page) throws IOException {
    source.readFully((number - 1) * pageSize, page.clear());
    return page.flip();
  }

  /** The checksum of the database after the last transaction, kept without reading it again. */
  Checksum position() {
    return position;
  }
}

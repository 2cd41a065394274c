package io.github.ltxjava.benchmarks.kernels;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.DatabaseChecksum;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxWriter;
import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.WriteOptions;
import io.github.ltxjava.io.ByteSink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/** A database that changes, the same way every time. */
public final class History {

  private final int pageSize;
  private final byte[][] database;
  private final SplittableRandom random = new SplittableRandom(3);
  private final DatabaseChecksum checksum;
  private Txid last = Txid.FIRST;

  /** Creates a database. */
  public History(int pageSize, int pages) {
    this.pageSize = pageSize;
    this.database = new byte[pages][];
    this.checksum = DatabaseChecksum.ofEmpty(pageSize);
    for (int i = 0; i < pages; i++) {
      database[i] = Pages.page(pageSize, i);
      checksum.toggle(i + 1L, ByteBuffer.wrap(database[i]));
    }
  }

  /** Returns a snapshot of the database as it is. */
  public byte[] snapshot() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    writeSnapshot(ByteSink.to(out));
    return out.toByteArray();
  }

  /** Writes a snapshot and returns how many pages it has. */
  public long writeSnapshot(ByteSink sink) throws IOException {
    return writeSnapshot(sink, WriteOptions.DEFAULT, () -> {});
  }

  /** Writes a snapshot, telling of each page once the writer has taken it. */
  public long writeSnapshot(ByteSink sink, WriteOptions options, Runnable listener)
      throws IOException {
    LtxHeader header = LtxHeader.snapshot(pageSize, database.length, last).build();
    ByteBuffer[] pages = new ByteBuffer[database.length];
    for (int i = 0; i < pages.length; i++) {
      pages[i] = ByteBuffer.wrap(database[i]);
    }
    try (LtxWriter writer = LtxWriter.create(sink, header, options)) {
      for (int i = 0; i < pages.length; i++) {
        writer.write(i + 1L, pages[i]);
        listener.run();
      }
      writer.finish();
    }
    return database.length;
  }

  /** Changes some pages and returns the delta. */
  public byte[] delta(int pages) throws IOException {
    Checksum before = checksum.value();
    last = last.next();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TxidRange txids = TxidRange.of(last, last);
    LtxHeader header = LtxHeader.delta(pageSize, database.length, txids, before).build();
    int step = database.length / pages;
    try (LtxWriter writer = LtxWriter.create(ByteSink.to(out), header)) {
      for (int i = 0; i < pages; i++) {
        int page = i * step + random.nextInt(step);
        byte[] content = Pages.page(pageSize, random.nextLong());
        checksum.replace(page + 1L, ByteBuffer.wrap(database[page]), ByteBuffer.wrap(content));
        database[page] = content;
        writer.write(page + 1L, ByteBuffer.wrap(content));
      }
      writer.finish(checksum.value());
    }
    return out.toByteArray();
  }
}

package io.github.ltxjava.sqlite;

import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxTrailer;
import io.github.ltxjava.LtxWriter;
import io.github.ltxjava.Txid;
import io.github.ltxjava.WriteOptions;
import io.github.ltxjava.io.ByteSink;
import java.io.IOException;
import java.time.Instant;
import java.util.function.LongConsumer;

/**
 * Writes one state of a database as an LTX snapshot, page for page as SQLite sees it.
 *
 * <p>An encoder belongs to one thread.
 */
public final class SnapshotEncoder {

  private final SqliteSnapshot snapshot;
  private Txid txid = Txid.FIRST;
  private Instant timestamp = Instant.EPOCH;
  private boolean tracksChecksums = true;
  private WriteOptions options = WriteOptions.DEFAULT;
  private LongConsumer progress = pageNumber -> {};

  private SnapshotEncoder(SqliteSnapshot snapshot) {
    this.snapshot = snapshot;
  }

  /** Starts with transaction 1, the epoch for a timestamp, checksums, and layout v3-block. */
  public static SnapshotEncoder of(SqliteSnapshot snapshot) {
    return new SnapshotEncoder(snapshot);
  }

  /** Sets the transaction whose state this is. */
  public SnapshotEncoder txid(Txid value) {
    this.txid = value;
    return this;
  }

  /** Sets the time of that transaction; it is cut to milliseconds. */
  public SnapshotEncoder timestamp(Instant value) {
    this.timestamp = value;
    return this;
  }

  /** Leaves the database checksum out, as Litestream needs it. */
  public SnapshotEncoder withoutChecksums() {
    this.tracksChecksums = false;
    return this;
  }

  /** Sets layout, compression and how many threads encode. */
  public SnapshotEncoder options(WriteOptions value) {
    this.options = value;
    return this;
  }

  /**
   * Sets a listener that gets the number of the last page written each time that some are, on the
   * thread that calls {@link #writeTo}.
   */
  public SnapshotEncoder onProgress(LongConsumer listener) {
    this.progress = listener;
    return this;
  }

  /**
   * Writes the file and commits the sink, which is closed then, also when this method fails.
   *
   * @return the trailer written
   * @throws IllegalArgumentException if the timestamp does not fit the header, or the layout cannot
   *     carry the file: version 1 has none without checksums
   * @throws IOException if the snapshot cannot be read or the sink fails; nothing is visible then
   */
  public LtxTrailer writeTo(ByteSink sink) throws IOException {
    try (sink;
        LtxWriter writer = LtxWriter.create(sink, header(), options)) {
      return writer.writeDatabase(snapshot.asSource(), progress).finish();
    }
  }

  private LtxHeader header() {
    LtxHeader.Builder header =
        LtxHeader.snapshot(snapshot.pageSize(), snapshot.commit(), txid).timestamp(timestamp);
    return tracksChecksums ? header.build() : header.withoutChecksums().build();
  }
}

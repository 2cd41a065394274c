package io.github.ltxjava;

import io.github.ltxjava.internal.format.HeaderLayout;
import java.time.Instant;
import java.util.Optional;

/**
 * The first 100 bytes of an LTX file: which transactions, of which database, made when.
 *
 * <p>A header is valid once it exists; make one with {@link #snapshot} or {@link #delta}.
 *
 * @param pageSize bytes per page: a power of two from 512 to 65,536
 * @param commit size of the database in pages after the file is applied; 0 to 2^32 − 2
 * @param txids the transactions in the file
 * @param timestamp when the last transaction was captured, in whole milliseconds
 * @param preApply the database checksum before the file is applied; empty for a snapshot and where
 *     checksums are not tracked
 * @param wal the part of the WAL that the file was made from
 * @param nodeId the node that made it, or 0
 * @param tracksChecksums whether the file carries database checksums (flag NoChecksum is clear)
 */
public record LtxHeader(
    int pageSize,
    long commit,
    TxidRange txids,
    Instant timestamp,
    Optional<Checksum> preApply,
    WalSegment wal,
    long nodeId,
    boolean tracksChecksums) {

  /** Length of an encoded header in bytes. */
  public static final int SIZE = HeaderLayout.SIZE;

  /** Smallest page size in bytes. */
  public static final int MIN_PAGE_SIZE = 512;

  /** Largest page size in bytes. */
  public static final int MAX_PAGE_SIZE = 65_536;

  /** Largest page number and commit: SQLite's limit. */
  public static final long MAX_PAGE_NUMBER = 0xFFFF_FFFEL;

  /**
   * Checks the rules that hold for every layout.
   *
   * @throws IllegalArgumentException if a field is out of range or contradicts another; the message
   *     names the field
   */
  public LtxHeader {
    timestamp = wholeMillis(timestamp);
    HeaderLayout.check(pageSize, commit, txids, preApply, wal, tracksChecksums);
  }

  private static Instant wholeMillis(Instant timestamp) {
    try {
      return Instant.ofEpochMilli(timestamp.toEpochMilli());
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "timestamp " + timestamp + " does not fit 64 bits of milliseconds since 1970", e);
    }
  }

  /**
   * Starts the header of a snapshot: a file that holds every page of the database.
   *
   * @param pageSize bytes per page
   * @param commit size of the database in pages
   * @param last the transaction whose state the snapshot holds
   */
  public static Builder snapshot(int pageSize, long commit, Txid last) {
    return new Builder(pageSize, commit, new TxidRange(Txid.FIRST, last));
  }

  /**
   * Starts the header of a delta: the pages that changed since {@code base}.
   *
   * @param pageSize bytes per page
   * @param commit size of the database in pages afterwards
   * @param txids the transactions in the file; not starting at 1
   * @param base the database checksum before them
   */
  public static Builder delta(int pageSize, long commit, TxidRange txids, Checksum base) {
    return new Builder(pageSize, commit, txids).preApply(base);
  }

  /**
   * Starts the header of a delta without database checksums, as Litestream writes them.
   *
   * @param pageSize bytes per page
   * @param commit size of the database in pages afterwards
   * @param txids the transactions in the file; not starting at 1
   */
  public static Builder delta(int pageSize, long commit, TxidRange txids) {
    return new Builder(pageSize, commit, txids).withoutChecksums();
  }

  /** Tells whether the file holds the whole database: its first transaction is 1. */
  public boolean isSnapshot() {
    return txids.isSnapshot();
  }

  /**
   * Returns the number of the page that holds SQLite's lock bytes, at 1 GiB; it is never in a file.
   */
  public long lockPageNumber() {
    return lockPageNumber(pageSize);
  }

  /** Returns the number of the lock page of a database with this page size in bytes. */
  public static long lockPageNumber(int pageSize) {
    return HeaderLayout.LOCK_BYTES_OFFSET / pageSize + 1;
  }

  /** Collects the optional fields of a header. */
  public static final class Builder {
    private final int pageSize;
    private final long commit;
    private final TxidRange txids;
    private Instant timestamp = Instant.EPOCH;
    private Optional<Checksum> preApply = Optional.empty();
    private WalSegment wal = WalSegment.NONE;
    private long nodeId;
    private boolean tracksChecksums = true;

    private Builder(int pageSize, long commit, TxidRange txids) {
      this.pageSize = pageSize;
      this.commit = commit;
      this.txids = txids;
    }

    /** Sets the time of the last transaction; it is cut to milliseconds. Default: the epoch. */
    public Builder timestamp(Instant value) {
      this.timestamp = value;
      return this;
    }

    /** Sets the part of the WAL that the file is made from. Default: none. */
    public Builder wal(WalSegment value) {
      this.wal = value;
      return this;
    }

    /** Sets the node that makes the file. Default: 0. */
    public Builder nodeId(long value) {
      this.nodeId = value;
      return this;
    }

    /** Leaves database checksums out (flag NoChecksum), as Litestream needs it. */
    public Builder withoutChecksums() {
      this.tracksChecksums = false;
      this.preApply = Optional.empty();
      return this;
    }

    private Builder preApply(Checksum value) {
      this.preApply = Optional.of(value);
      return this;
    }

    /**
     * Returns the header.
     *
     * @throws IllegalArgumentException if a field is out of range or contradicts another
     */
    public LtxHeader build() {
      return new LtxHeader(
          pageSize, commit, txids, timestamp, preApply, wal, nodeId, tracksChecksums);
    }
  }
}

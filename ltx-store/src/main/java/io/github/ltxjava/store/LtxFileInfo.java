package io.github.ltxjava.store;

import io.github.ltxjava.TxidRange;
import java.time.Instant;
import java.util.Objects;

/**
 * A file as a store lists it: what can be known without opening it.
 *
 * <p>Files sort by transactions, then by level.
 *
 * @param level 0 to 9: 0 as captured, 1 to 8 merged, 9 snapshots
 * @param txids the transactions in the file, by its name
 * @param size length in bytes
 * @param createdAt the time of the file's last transaction, as far as the store keeps it
 */
public record LtxFileInfo(int level, TxidRange txids, long size, Instant createdAt)
    implements Comparable<LtxFileInfo> {

  /** The highest level. */
  public static final int MAX_LEVEL = 9;

  /** The level of files made from the database itself, each of them the whole of it. */
  public static final int SNAPSHOT_LEVEL = 9;

  /**
   * Checks the fields.
   *
   * @throws IllegalArgumentException if the level is not from 0 to 9 or the size is negative
   */
  public LtxFileInfo {
    checkLevel(level);
    Objects.requireNonNull(txids);
    Objects.requireNonNull(createdAt);
    if (size < 0) {
      throw new IllegalArgumentException("size " + size + " is negative");
    }
  }

  /**
   * Checks a level.
   *
   * @return the level
   * @throws IllegalArgumentException if it is not from 0 to 9
   */
  public static int checkLevel(int level) {
    if (level < 0 || level > MAX_LEVEL) {
      throw new IllegalArgumentException("level " + level + " is not from 0 to " + MAX_LEVEL);
    }
    return level;
  }

  /** Returns what messages call the file, {@code level/min-max.ltx}. */
  public String name() {
    return level + "/" + txids.fileName();
  }

  @Override
  public int compareTo(LtxFileInfo other) {
    int byTxids = txids.compareTo(other.txids);
    return byTxids != 0 ? byTxids : Integer.compare(level, other.level);
  }
}

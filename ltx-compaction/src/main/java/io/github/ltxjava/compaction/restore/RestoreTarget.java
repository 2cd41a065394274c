package io.github.ltxjava.compaction.restore;

import io.github.ltxjava.Txid;
import java.time.Instant;

/** Which state of a database to restore. */
public sealed interface RestoreTarget {

  /** Returns the newest state. */
  static RestoreTarget latest() {
    return new Latest();
  }

  /** Returns the state after a transaction. */
  static RestoreTarget at(Txid txid) {
    return new AtTransaction(txid);
  }

  /** Returns the last state that is not newer than a time. */
  static RestoreTarget at(Instant time) {
    return new AtTime(time, false);
  }

  /** Returns the last state that is older than a time, which is what Litestream restores. */
  static RestoreTarget before(Instant time) {
    return new AtTime(time, true);
  }

  /** The newest state. */
  record Latest() implements RestoreTarget {
    @Override
    public String toString() {
      return "the latest state";
    }
  }

  /**
   * The state after a transaction.
   *
   * @param txid the transaction
   */
  record AtTransaction(Txid txid) implements RestoreTarget {
    @Override
    public String toString() {
      return "transaction " + txid;
    }
  }

  /**
   * The last state up to a time.
   *
   * @param time compared with the times that the store lists
   * @param strictlyBefore whether a state of exactly that time is too new
   */
  record AtTime(Instant time, boolean strictlyBefore) implements RestoreTarget {

    /** Tells whether a file of this time may be used. */
    public boolean accepts(Instant createdAt) {
      int order = createdAt.compareTo(time);
      return strictlyBefore ? order < 0 : order <= 0;
    }

    @Override
    public String toString() {
      return (strictlyBefore ? "the last state before " : "the last state at ") + time;
    }
  }
}

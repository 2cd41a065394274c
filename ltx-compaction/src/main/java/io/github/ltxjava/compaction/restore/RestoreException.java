package io.github.ltxjava.compaction.restore;

import java.io.IOException;

/**
 * Thrown when a store does not hold the state that was asked for; the message says what it does.
 */
public final class RestoreException extends IOException {

  private static final long serialVersionUID = 1L;

  /** Why there is no plan. The names are stable. */
  public enum Reason {
    /** The store holds no LTX file. */
    EMPTY,
    /** No file starts at transaction 1, so nothing holds the whole database. */
    NO_SNAPSHOT,
    /** Transactions are missing between what can be restored and newer files. */
    GAP,
    /** No files end with the transaction asked for. */
    TXID_NOT_AVAILABLE,
    /** Everything is newer than the time asked for. */
    TIME_NOT_AVAILABLE
  }

  private final Reason reason;

  /**
   * Creates an exception.
   *
   * @param reason the stable code
   * @param message what was asked for, and what there is
   */
  public RestoreException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** Returns the stable code. */
  public Reason reason() {
    return reason;
  }
}

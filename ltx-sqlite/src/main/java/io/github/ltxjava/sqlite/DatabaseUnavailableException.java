package io.github.ltxjava.sqlite;

import java.io.IOException;

/**
 * Thrown when a database cannot be used now, though its files may be sound; nothing has changed.
 */
public final class DatabaseUnavailableException extends IOException {

  private static final long serialVersionUID = 1L;

  /** Why the database cannot be used. */
  public enum Reason {
    /** Another process holds a lock, and did so until the timeout. */
    LOCKED,
    /** A crash left a rollback journal that has to be rolled back first. */
    HOT_JOURNAL,
    /** The WAL holds transactions that are not in the database file yet. */
    WAL_NOT_EMPTY,
    /** The locks that are needed cannot be taken on a file that is not writable. */
    READ_ONLY,
    /**
     * This process has the file open already. POSIX drops all locks of a process on a file when any
     * of its descriptors is closed, so going on would take the other user's locks away.
     */
    OPEN_IN_THIS_PROCESS,
    /** A journal or WAL lies beside a database that does not exist. */
    LEFTOVER_FILE
  }

  private final Reason reason;

  DatabaseUnavailableException(Reason reason, Object database, String detail) {
    super("[" + database + "] " + detail);
    this.reason = reason;
  }

  /** Returns why. */
  public Reason reason() {
    return reason;
  }
}

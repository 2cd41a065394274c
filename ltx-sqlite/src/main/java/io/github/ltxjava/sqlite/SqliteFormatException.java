package io.github.ltxjava.sqlite;

import java.io.IOException;

/**
 * Thrown when a file of a SQLite database does not hold what it should: what is wrong, and where.
 */
public final class SqliteFormatException extends IOException {

  private static final long serialVersionUID = 1L;

  private final String source;
  private final long offset;

  /**
   * Says what is wrong.
   *
   * @param source the name of the file
   * @param offset where in it, in bytes from its start
   */
  public SqliteFormatException(String source, long offset, String detail) {
    super("[" + source + "] at offset " + offset + ": " + detail);
    this.source = source;
    this.offset = offset;
  }

  /** Returns the name of the file. */
  public String source() {
    return source;
  }

  /** Returns where in the file, in bytes from its start. */
  public long offset() {
    return offset;
  }
}

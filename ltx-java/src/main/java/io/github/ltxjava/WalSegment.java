package io.github.ltxjava;

/**
 * The part of a SQLite write-ahead log that a file was made from; {@link #NONE} if it was not.
 *
 * @param offset byte offset of the first frame in the WAL; not negative
 * @param size number of bytes; not negative
 * @param salt1 the WAL's first salt, an unsigned number
 * @param salt2 the WAL's second salt, an unsigned number
 */
public record WalSegment(long offset, long size, int salt1, int salt2) {

  /** No WAL: all fields zero. */
  public static final WalSegment NONE = new WalSegment(0, 0, 0, 0);
}

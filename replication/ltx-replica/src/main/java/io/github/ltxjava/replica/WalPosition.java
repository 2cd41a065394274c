package io.github.ltxjava.replica;

import io.github.ltxjava.sqlite.internal.WalHeader;
import org.jspecify.annotations.Nullable;

/**
 * How far a WAL has been captured.
 *
 * @param header of the WAL that the frames are in; null if it starts with the next transaction
 * @param frames how many of its frames are captured
 * @param checksum the running checksum after the last of them
 */
record WalPosition(@Nullable WalHeader header, int frames, long checksum) {

  /** Nothing captured of whatever the WAL holds next. */
  static final WalPosition START = new WalPosition(null, 0, 0);

  /** The beginning of a WAL. */
  static WalPosition startOf(WalHeader header) {
    return new WalPosition(header, 0, header.checksum());
  }

  /** Tells whether a header is that of the WAL that the frames are in. */
  boolean isIn(WalHeader other) {
    return header != null && header.salt1() == other.salt1() && header.salt2() == other.salt2();
  }
}

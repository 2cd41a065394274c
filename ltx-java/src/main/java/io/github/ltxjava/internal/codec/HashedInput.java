package io.github.ltxjava.internal.codec;

import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.LtxFormatException.Reason;
import io.github.ltxjava.internal.crc.Crc64Iso;
import io.github.ltxjava.internal.io.SequentialInput;
import java.io.IOException;

/** The input of a scan together with the file checksum of what has gone by. */
final class HashedInput {

  final SequentialInput in;
  private final Findings findings;
  private long state = Crc64Iso.INITIAL;

  HashedInput(SequentialInput in, Findings findings) {
    this.in = in;
    this.findings = findings;
  }

  /** Hashes bytes that have gone by already. */
  void hash(byte[] bytes, int offset, int length) {
    state = Crc64Iso.advanceByWords(state, bytes, offset, length);
  }

  /** Returns the state of the checksum. */
  long state() {
    return state;
  }

  /** Takes a state that has advanced over a page. */
  void state(long value) {
    state = value;
  }

  /** Moves over bytes in the window, hashing them as they are. */
  void skip(int length) {
    hash(in.array(), in.offset(), length);
    in.skip(length);
  }

  /** Moves to a position, hashing everything before it, as far as the input reaches. */
  void skipTo(long position) throws IOException {
    while (in.position() < position && in.require(1)) {
      skip((int) Math.min(in.available(), position - in.position()));
    }
  }

  /** Reports that the input ends too early; always false, for the caller to return. */
  boolean truncated(String expected) throws LtxFormatException {
    findings.add(
        Reason.TRUNCATED,
        in.position() + in.available(),
        "the file ends where " + expected + " should be");
    return false;
  }
}

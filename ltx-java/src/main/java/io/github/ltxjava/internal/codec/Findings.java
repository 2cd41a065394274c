package io.github.ltxjava.internal.codec;

import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.LtxFormatException.Reason;

/**
 * Takes what a scan finds wrong. The strict kind throws, so that a reader stops at the first
 * damage; the collecting kind returns, and the scan goes on where it can.
 */
@FunctionalInterface
public interface Findings {

  /**
   * Takes a finding.
   *
   * @param offset of the first wrong byte in the source
   */
  void add(Reason reason, long offset, String detail) throws LtxFormatException;

  /** Returns findings that throw, naming the source. */
  static Findings strict(String source) {
    return (reason, offset, detail) -> {
      throw new LtxFormatException(reason, source, offset, detail);
    };
  }
}

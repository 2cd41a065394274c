package io.github.ltxjava.conformance;

import java.util.List;

/** Thrown by an {@link LtxImplementation} that refuses a file or a chain, with what it found. */
public final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<Finding> findings;

  /**
   * Creates one without reason codes.
   *
   * @param message what the implementation says
   */
  public RefusedException(String message) {
    this(message, List.of());
  }

  /**
   * Creates one.
   *
   * @param message what the implementation says
   * @param findings what is wrong, in the order of discovery; empty when not known
   */
  public RefusedException(String message, List<Finding> findings) {
    super(message);
    this.findings = List.copyOf(findings);
  }

  /** Returns what is wrong, in the order of discovery. */
  public List<Finding> findings() {
    return findings;
  }
}

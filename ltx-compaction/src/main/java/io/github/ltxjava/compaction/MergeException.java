package io.github.ltxjava.compaction;

import java.io.IOException;

/** Thrown when files that are sound by themselves cannot be merged; names the files. */
public final class MergeException extends IOException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message which files, and why they do not go together
   */
  public MergeException(String message) {
    super(message);
  }
}

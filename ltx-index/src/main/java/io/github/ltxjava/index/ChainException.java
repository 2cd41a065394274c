package io.github.ltxjava.index;

import java.io.IOException;

/**
 * Thrown when files that are sound by themselves do not form one history of one database; the
 * message names them.
 */
public final class ChainException extends IOException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message which files, and why they do not go together
   */
  public ChainException(String message) {
    super(message);
  }
}

package io.github.ltxjava.replica;

import java.io.IOException;

/**
 * Thrown when another writer has written to a store what this replica was about to write. Nothing
 * was overwritten; the message says what is known of the other.
 */
public final class FencedException extends IOException {

  private static final long serialVersionUID = 1L;

  FencedException(String message) {
    super(message);
  }
}

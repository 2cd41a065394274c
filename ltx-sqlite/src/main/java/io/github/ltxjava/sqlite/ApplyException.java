package io.github.ltxjava.sqlite;

import java.io.IOException;

/** Thrown when LTX files are sound but do not fit the database; it is as it was before. */
public final class ApplyException extends IOException {

  private static final long serialVersionUID = 1L;

  ApplyException(String file, String detail) {
    super("[" + file + "] cannot be applied: " + detail);
  }
}

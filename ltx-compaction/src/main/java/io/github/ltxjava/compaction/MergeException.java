package io.github.ltxjava.compaction;

import java.io.IOException;

/** Thrown when files that are sound by themselves cannot be merged; names the files. */
public final class MergeException extends IOException {

  private static final long serialVersionUID = 1L;

  MergeException(String message) {
    super(message);
  }
}

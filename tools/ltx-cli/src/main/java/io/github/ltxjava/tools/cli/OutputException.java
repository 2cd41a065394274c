package io.github.ltxjava.tools.cli;

import java.io.IOException;

/** What a command prints cannot be written: the disk is full, the reader of a pipe has gone. */
public final class OutputException extends IOException {

  private static final long serialVersionUID = 1L;

  OutputException(IOException cause) {
    super("cannot write the output: " + cause.getMessage(), cause);
  }
}

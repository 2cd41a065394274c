package io.github.ltxjava.tools.ltx;

import java.io.IOException;

/** Ends a command with a message for the user and an exit code. */
final class CommandException extends IOException {

  private static final long serialVersionUID = 1L;

  private final int code;

  CommandException(int code, String message) {
    super(message);
    this.code = code;
  }

  /** Returns an {@link io.github.ltxjava.tools.cli.ExitCode}. */
  int code() {
    return code;
  }
}

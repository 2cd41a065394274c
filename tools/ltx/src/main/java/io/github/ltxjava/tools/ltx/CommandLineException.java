package io.github.ltxjava.tools.ltx;

/** The command line is wrong; the message says in what way. */
final class CommandLineException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String command;

  /**
   * Creates an exception.
   *
   * @param command whose help text explains it, such as {@code ltx merge}
   */
  CommandLineException(String command, String message, Exception cause) {
    super(message, cause);
    this.command = command;
  }

  String command() {
    return command;
  }
}

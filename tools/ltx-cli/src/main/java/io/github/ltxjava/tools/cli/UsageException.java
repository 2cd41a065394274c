package io.github.ltxjava.tools.cli;

/** The command line is wrong; the message says what to do instead. */
public final class UsageException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Creates an exception with a message for the user. */
  public UsageException(String message) {
    super(message);
  }
}

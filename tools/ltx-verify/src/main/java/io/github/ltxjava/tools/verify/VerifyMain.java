package io.github.ltxjava.tools.verify;

/** Starts {@link VerifyCommand}. */
public final class VerifyMain {

  private VerifyMain() {}

  /** Verifies files and exits with an {@link io.github.ltxjava.tools.cli.ExitCode}. */
  public static void main(String[] args) {
    System.exit(VerifyCommand.main(args));
  }
}

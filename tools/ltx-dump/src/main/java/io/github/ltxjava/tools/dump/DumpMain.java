package io.github.ltxjava.tools.dump;

/** Starts {@link DumpCommand}. */
public final class DumpMain {

  private DumpMain() {}

  /** Dumps a file and exits with an {@link io.github.ltxjava.tools.cli.ExitCode}. */
  public static void main(String[] args) {
    System.exit(DumpCommand.main(args));
  }
}

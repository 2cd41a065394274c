package io.github.ltxjava.tools.cli;

/** What every command returns to the shell. */
public final class ExitCode {

  /** Done; every file looked at is sound. */
  public static final int OK = 0;

  /** A file is damaged, or what was asked for cannot be had from it. */
  public static final int DAMAGED = 1;

  /** The command line is wrong. */
  public static final int USAGE = 2;

  /** A file cannot be read or written. */
  public static final int IO = 3;

  private ExitCode() {}
}

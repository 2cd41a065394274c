package io.github.ltxjava.tools;

import io.github.ltxjava.tools.ltx.Ltx;

/** Starts {@link Ltx}. */
public final class LtxMain {

  private LtxMain() {}

  /** Runs a command and exits with an {@link io.github.ltxjava.tools.cli.ExitCode}. */
  public static void main(String[] args) {
    System.exit(Ltx.main(args));
  }
}

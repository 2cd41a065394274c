package io.github.ltxjava.tools.ltx;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Option;

/** What all subcommands have. */
abstract class LtxCommand implements Callable<Integer> {

  private final Session session;

  @Option(
      names = {"-h", "-help", "--help"},
      usageHelp = true,
      description = "Print this text.")
  @SuppressWarnings("UnusedVariable") // picocli looks at it
  private boolean help;

  LtxCommand(Session session) {
    this.session = session;
  }

  final Terminal terminal() {
    return session.terminal();
  }

  final Cancellation cancellation() {
    return session.cancellation();
  }

  final Progress progress(String what) {
    return new Progress(terminal(), cancellation(), what);
  }

  /**
   * Does the work.
   *
   * @return an {@link io.github.ltxjava.tools.cli.ExitCode}
   * @throws IOException if it fails; turned into a message and an exit code by {@link Ltx}
   */
  @Override
  public abstract Integer call() throws IOException;
}

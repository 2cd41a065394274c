package io.github.ltxjava.tools.ltx;

import io.github.ltxjava.tools.cli.ExitCode;
import java.io.IOException;

/** Prints the version. */
final class VersionCommand extends LtxCommand {

  VersionCommand(Session session) {
    super(session, "version", "Prints the version.");
    example("ltx version");
  }

  @Override
  int run() throws IOException {
    terminal().out().line(text());
    return ExitCode.OK;
  }

  static String text() {
    String version = VersionCommand.class.getPackage().getImplementationVersion();
    return "ltx " + (version == null ? "(not packaged)" : version);
  }
}

package io.github.ltxjava.tools.ltx;

import io.github.ltxjava.tools.cli.ExitCode;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** Prints the version. */
@Command(
    name = "version",
    header = "Prints the version.",
    footer = {"", "Example: ltx version"})
final class VersionCommand extends LtxCommand {

  VersionCommand(Session session) {
    super(session);
  }

  @Override
  public Integer call() throws IOException {
    terminal().out().line(text());
    return ExitCode.OK;
  }

  static String text() {
    String version = VersionCommand.class.getPackage().getImplementationVersion();
    return "ltx " + (version == null ? "(not packaged)" : version);
  }

  /** For {@code --version}. */
  static final class Provider implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {text()};
    }
  }
}

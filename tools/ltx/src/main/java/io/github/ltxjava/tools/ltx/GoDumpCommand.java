package io.github.ltxjava.tools.ltx;

import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.tools.cli.UsageException;
import io.github.ltxjava.tools.dump.DumpCommand;
import io.github.ltxjava.tools.dump.DumpOptions;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Dumps a file, and prints what the Go program prints unless an option asks for another form. */
@Command(
    name = "dump",
    header = "Prints all that a file holds.",
    description = {
      "Every page is printed in hexadecimal; with one of the options, the file is printed as",
      "ltx-dump does."
    },
    footer = {"", "Example: ltx dump --pages snapshot.ltx"})
final class GoDumpCommand extends LtxCommand {

  @Spec private CommandSpec spec;

  @Option(names = "--json", description = "Print one JSON object with every page.")
  private boolean json;

  @Option(names = "--pages", description = "Print a line for every page.")
  private boolean pages;

  @Option(names = "--page", paramLabel = "N", description = "Print page N alone.")
  private @Nullable String page;

  @Option(names = "--summary", description = "Print no page, only how many there are.")
  private boolean summary;

  @Parameters(paramLabel = "FILE", description = "The file to dump.")
  private String file;

  GoDumpCommand(Session session) {
    super(session);
  }

  @Override
  public Integer call() throws IOException {
    try (ByteSource source = Targets.source(file)) {
      if (!json && !pages && page == null && !summary) {
        return new GoDump(terminal().out(), cancellation()).print(source);
      }
      DumpOptions options = DumpOptions.DEFAULT;
      options = json ? options.withJson() : options;
      options = pages ? options.withPages() : options;
      options = page == null ? options : options.withPage(page);
      return DumpCommand.run(source, options, terminal().out(), terminal().err());
    } catch (UsageException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
  }
}

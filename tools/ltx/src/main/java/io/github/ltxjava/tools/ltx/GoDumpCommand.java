package io.github.ltxjava.tools.ltx;

import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.tools.cli.UsageException;
import io.github.ltxjava.tools.dump.DumpCommand;
import io.github.ltxjava.tools.dump.DumpOptions;
import java.io.IOException;

/** Dumps a file, and prints what the Go program prints unless an option asks for another form. */
final class GoDumpCommand extends LtxCommand {

  private final Argument<Boolean> json =
      flag("--json").description("Print one JSON object with every page.");
  private final Argument<Boolean> pages =
      flag("--pages").description("Print a line for every page.");
  private final Argument<String> page =
      option("--page").label("N").description("Print page N alone.");
  private final Argument<Boolean> summary =
      flag("--summary").description("Print no page, only how many there are.");
  private final Argument<String> file = parameter("FILE").description("The file to dump.");

  GoDumpCommand(Session session) {
    super(session, "dump", "Prints all that a file holds.");
    description(
        "Every page is printed in hexadecimal; with one of the options, the file is printed as",
        "ltx-dump does.");
    example("ltx dump --pages snapshot.ltx");
  }

  @Override
  int run() throws IOException, UsageException {
    String number = page.orNull();
    try (ByteSource source = Targets.source(file.get())) {
      if (!json.get() && !pages.get() && number == null && !summary.get()) {
        return new GoDump(terminal().out(), cancellation()).print(source);
      }
      DumpOptions options = DumpOptions.DEFAULT;
      options = json.get() ? options.withJson() : options;
      options = pages.get() ? options.withPages() : options;
      options = number == null ? options : options.withPage(number);
      return DumpCommand.run(source, options, terminal().out(), terminal().err());
    }
  }
}

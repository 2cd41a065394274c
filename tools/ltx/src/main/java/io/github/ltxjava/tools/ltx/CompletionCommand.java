package io.github.ltxjava.tools.ltx;

import io.github.ltxjava.tools.cli.ExitCode;
import java.io.IOException;

/** Prints a completion script. */
final class CompletionCommand extends LtxCommand {

  CompletionCommand(Session session) {
    super(
        session,
        "completion",
        "Prints a script that lets bash or zsh complete commands and options.");
    footer("To use it in bash: source <(ltx completion)");
    example("ltx completion");
  }

  @Override
  int run() throws IOException {
    terminal().out().text(FullParser.completion(session()));
    return ExitCode.OK;
  }
}

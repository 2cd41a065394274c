package io.github.ltxjava.tools.ltx;

import io.github.ltxjava.tools.cli.ExitCode;
import java.io.IOException;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints a completion script. */
@Command(
    name = "completion",
    header = "Prints a script that lets bash or zsh complete commands and options.",
    footer = {"", "To use it in bash: source <(ltx completion)", "", "Example: ltx completion"})
final class CompletionCommand extends LtxCommand {

  @Spec private CommandSpec spec;

  CompletionCommand(Session session) {
    super(session);
  }

  @Override
  public Integer call() throws IOException {
    terminal().out().text(AutoComplete.bash("ltx", spec.root().commandLine()));
    return ExitCode.OK;
  }
}

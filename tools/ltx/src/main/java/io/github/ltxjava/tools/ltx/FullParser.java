package io.github.ltxjava.tools.ltx;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Reads every command line, by picocli: answers questions for help, and says what is wrong. Command
 * lines that need neither are read by {@link PlainParser}.
 */
final class FullParser {

  private final CommandLine root;

  FullParser(Session session) {
    root = commandLine(session);
  }

  @SuppressWarnings("DefaultCharset") // the terminal's own
  private static CommandLine commandLine(Session session) {
    CommandSpec spec = CommandSpec.create().name("ltx");
    spec.versionProvider(new Version());
    spec.addOption(LtxCommand.helpOption());
    spec.addOption(
        OptionSpec.builder("-V", "-version", "--version")
            .versionHelp(true)
            .description("Print the version.")
            .build());
    spec.usageMessage()
        .description("Reads, writes, checks, merges and restores LTX files.")
        .synopsisSubcommandLabel("COMMAND")
        .optionListHeading("%nOptions:%n")
        .commandListHeading("%nCommands:%n")
        .footer(
            "",
            "Exit code: 0 done, 1 a file is damaged or does not fit, 2 the command line is wrong,",
            "3 a file cannot be read or written. ltx COMMAND --help explains a command.",
            "",
            "Example: ltx list 0000000000000001-0000000000000001.ltx");
    for (String name : Ltx.COMMANDS) {
      spec.addSubcommand(name, Objects.requireNonNull(Ltx.command(name, session)).spec());
    }
    spec.addSubcommand("help", CommandSpec.forAnnotatedObject(new CommandLine.HelpCommand()));
    Terminal terminal = session.terminal();
    Ansi colours = terminal.coloursOutput() ? Ansi.ON : Ansi.OFF;
    return new CommandLine(spec)
        .setExpandAtFiles(false)
        .setPosixClusteredShortOptionsAllowed(false)
        .setUsageHelpAutoWidth(false)
        .setUsageHelpWidth(90)
        .setColorScheme(CommandLine.Help.defaultColorScheme(colours))
        .setOut(new PrintWriter(new OutputWriter(terminal.out()), true))
        .setErr(new PrintWriter(terminal.err(), true));
  }

  /**
   * Returns the command to run, which has its values; or null if nothing is left to do, because the
   * command line was a question.
   *
   * @throws CommandLineException if the command line is wrong
   */
  @Nullable LtxCommand parse(String[] words) throws CommandLineException {
    try {
      ParseResult parsed = root.parseArgs(words);
      if (CommandLine.executeHelpRequest(parsed) != null) {
        return null;
      }
      if (!parsed.hasSubcommand()) {
        throw new ParameterException(root, "a command is missing");
      }
      return (LtxCommand) parsed.subcommand().commandSpec().userObject();
    } catch (ParameterException e) {
      CommandLine command = e.getCommandLine();
      throw new CommandLineException(
          command.getCommandSpec().qualifiedName(), message(e, command), e);
    }
  }

  private static String message(ParameterException e, CommandLine command) {
    if (!(e instanceof UnmatchedArgumentException) || command.getParent() != null) {
      return String.valueOf(e.getMessage());
    }
    String unknown = ((UnmatchedArgumentException) e).getUnmatched().get(0);
    StringWriter guesses = new StringWriter();
    UnmatchedArgumentException.printSuggestions(e, new PrintWriter(guesses, true));
    return "there is no command "
        + unknown
        + (guesses.toString().isBlank() ? "" : ". " + guesses.toString().strip());
  }

  /** Returns a script that completes commands and options in bash and zsh. */
  static String completion(Session session) {
    return AutoComplete.bash("ltx", new FullParser(session).root);
  }

  private static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {VersionCommand.text()};
    }
  }
}

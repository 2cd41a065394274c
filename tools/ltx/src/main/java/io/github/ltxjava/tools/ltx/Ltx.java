package io.github.ltxjava.tools.ltx;

import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.compaction.MergeException;
import io.github.ltxjava.compaction.restore.RestoreException;
import io.github.ltxjava.sqlite.ApplyException;
import io.github.ltxjava.sqlite.SqliteFormatException;
import io.github.ltxjava.tools.cli.ExitCode;
import io.github.ltxjava.tools.cli.Messages;
import io.github.ltxjava.tools.cli.OutputException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.channels.ClosedByInterruptException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The ltx command. */
@Command(
    name = "ltx",
    description = "Reads, writes, checks, merges and restores LTX files.",
    versionProvider = VersionCommand.Provider.class,
    synopsisSubcommandLabel = "COMMAND",
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "Exit code: 0 done, 1 a file is damaged or does not fit, 2 the command line is wrong,",
      "3 a file cannot be read or written. ltx COMMAND --help explains a command.",
      "",
      "Example: ltx list 0000000000000001-0000000000000001.ltx"
    })
public final class Ltx implements Runnable {

  /** What shells return for a program that was interrupted. */
  private static final int INTERRUPTED = 130;

  private static final Map<String, Function<Session, Object>> COMMANDS = new LinkedHashMap<>();

  static {
    COMMANDS.put("apply", ApplyCommand::new);
    COMMANDS.put("checksum", ChecksumCommand::new);
    COMMANDS.put("convert", ConvertCommand::new);
    COMMANDS.put("diff", DiffCommand::new);
    COMMANDS.put("dump", GoDumpCommand::new);
    COMMANDS.put("encode-db", EncodeDbCommand::new);
    COMMANDS.put("extract", ExtractCommand::new);
    COMMANDS.put("list", ListCommand::new);
    COMMANDS.put("merge", MergeCommand::new);
    COMMANDS.put("restore", RestoreCommand::new);
    COMMANDS.put("verify", GoVerifyCommand::new);
    COMMANDS.put("completion", CompletionCommand::new);
    COMMANDS.put("version", VersionCommand::new);
  }

  @Option(
      names = {"-h", "-help", "--help"},
      usageHelp = true,
      description = "Print this text.")
  @SuppressWarnings("UnusedVariable") // picocli looks at it
  private boolean help;

  @Option(
      names = {"-V", "-version", "--version"},
      versionHelp = true,
      description = "Print the version.")
  @SuppressWarnings("UnusedVariable") // picocli looks at it
  private boolean version;

  @Spec private CommandSpec spec;

  private Ltx() {}

  /** Runs with a command line, on the process's streams. */
  public static int main(String[] args) {
    Cancellation cancellation = Cancellation.watchProcess();
    try {
      return run(args, new Session(Terminal.ofProcess(), cancellation));
    } finally {
      cancellation.finish();
    }
  }

  /** Runs with a command line. */
  static int run(String[] args, Session session) {
    Terminal terminal = session.terminal();
    try {
      int code = commandLine(args, session).execute(args);
      terminal.out().flush();
      return code;
    } catch (OutputException e) {
      return fail(terminal, ExitCode.IO, Messages.of(e));
    }
  }

  @SuppressWarnings("DefaultCharset") // the terminal's own
  private static CommandLine commandLine(String[] args, Session session) {
    CommandLine root = new CommandLine(new Ltx());
    String wanted = args.length == 0 ? "" : args[0];
    Function<Session, Object> only = COMMANDS.get(wanted);
    // Making one command takes a tenth of the time that making all of them takes.
    if (only != null && !wanted.equals("completion")) {
      root.addSubcommand(wanted, only.apply(session));
    } else {
      COMMANDS.forEach((name, maker) -> root.addSubcommand(name, maker.apply(session)));
      root.addSubcommand("help", new CommandLine.HelpCommand());
    }
    Terminal terminal = session.terminal();
    Ansi colours = terminal.coloursOutput() ? Ansi.ON : Ansi.OFF;
    return root.setExpandAtFiles(false)
        .setPosixClusteredShortOptionsAllowed(false)
        .setUsageHelpAutoWidth(false)
        .setUsageHelpWidth(90)
        .setColorScheme(CommandLine.Help.defaultColorScheme(colours))
        .setOut(writer(terminal))
        .setErr(new PrintWriter(terminal.err(), true))
        .setParameterExceptionHandler((e, words) -> explain(e, terminal))
        .setExecutionExceptionHandler((e, command, parsed) -> fail(e, terminal));
  }

  private static PrintWriter writer(Terminal terminal) {
    return new PrintWriter(new OutputWriter(terminal.out()), true);
  }

  /** Without a command there is nothing to do but to say which there are. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }

  private static int explain(ParameterException e, Terminal terminal) {
    CommandLine command = e.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    String message = String.valueOf(e.getMessage());
    if (e instanceof UnmatchedArgumentException && command.getParent() == null) {
      message = "there is no command " + ((UnmatchedArgumentException) e).getUnmatched().get(0);
      StringWriter guesses = new StringWriter();
      UnmatchedArgumentException.printSuggestions(e, new PrintWriter(guesses, true));
      message += guesses.toString().isBlank() ? "" : ". " + guesses.toString().strip();
    }
    return fail(
        terminal,
        ExitCode.USAGE,
        name,
        message + (message.endsWith("?") ? " See " : "; see ") + name + " --help");
  }

  private static int fail(Exception e, Terminal terminal) {
    if (e instanceof CancellationException
        || e instanceof ClosedByInterruptException
        || e instanceof InterruptedIOException) {
      return fail(terminal, INTERRUPTED, "interrupted; nothing was left behind");
    }
    if (e instanceof CommandException failure) {
      return fail(terminal, failure.code(), String.valueOf(failure.getMessage()));
    }
    if (isAboutContent(e)) {
      return fail(terminal, ExitCode.DAMAGED, String.valueOf(e.getMessage()));
    }
    if (e instanceof IOException failure) {
      return fail(terminal, ExitCode.IO, Messages.of(failure));
    }
    StackTraceElement[] trace = e.getStackTrace();
    return fail(
        terminal,
        ExitCode.IO,
        "internal error, which is a bug; please report it with the command line: "
            + e
            + (trace.length == 0 ? "" : " at " + trace[0]));
  }

  /** Tells a file that holds the wrong thing from one that cannot be read. */
  private static boolean isAboutContent(Exception e) {
    return e instanceof LtxFormatException
        || e instanceof SqliteFormatException
        || e instanceof ApplyException
        || e instanceof MergeException
        || e instanceof RestoreException;
  }

  private static int fail(Terminal terminal, int code, String message) {
    return fail(terminal, code, "ltx", message);
  }

  private static int fail(Terminal terminal, int code, String name, String message) {
    String start = terminal.coloursErrors() ? "\u001b[1;31m" + name + ":\u001b[0m " : name + ": ";
    terminal.err().println(start + Messages.oneLine(message));
    return code;
  }
}

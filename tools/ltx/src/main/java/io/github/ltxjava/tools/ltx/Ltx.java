package io.github.ltxjava.tools.ltx;

import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.compaction.restore.RestoreException;
import io.github.ltxjava.generations.GenerationFormatException;
import io.github.ltxjava.index.ChainException;
import io.github.ltxjava.sqlite.ApplyException;
import io.github.ltxjava.sqlite.SqliteFormatException;
import io.github.ltxjava.tools.cli.ExitCode;
import io.github.ltxjava.tools.cli.Messages;
import io.github.ltxjava.tools.cli.OutputException;
import io.github.ltxjava.tools.cli.UsageException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** The ltx command. */
public final class Ltx {

  /** All commands, as help texts list them. */
  static final List<String> COMMANDS =
      List.of(
          "apply",
          "checksum",
          "convert",
          "diff",
          "dump",
          "encode-db",
          "extract",
          "levels",
          "list",
          "merge",
          "replicate",
          "restore",
          "restore-points",
          "status",
          "verify",
          "verify-replica",
          "completion",
          "version");

  /** What shells return for a program that was interrupted. */
  private static final int INTERRUPTED = 130;

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
      LtxCommand command = parse(args, session);
      int code = command == null ? ExitCode.OK : run(command, terminal);
      terminal.out().flush();
      return code;
    } catch (CommandLineException e) {
      String message = String.valueOf(e.getMessage());
      String hint = (message.endsWith("?") ? " See " : "; see ") + e.command() + " --help";
      return fail(terminal, ExitCode.USAGE, e.command(), message + hint);
    } catch (OutputException e) {
      return fail(terminal, ExitCode.IO, Messages.of(e));
    }
  }

  private static @Nullable LtxCommand parse(String[] args, Session session)
      throws CommandLineException {
    LtxCommand command = args.length == 0 ? null : command(args[0], session);
    return command != null && PlainParser.parse(command, args)
        ? command
        : new FullParser(session).parse(args);
  }

  /** Returns a command by its name, which may be wrong. */
  static @Nullable LtxCommand command(String name, Session session) {
    return switch (name) {
      case "apply" -> new ApplyCommand(session);
      case "checksum" -> new ChecksumCommand(session);
      case "convert" -> new ConvertCommand(session);
      case "diff" -> new DiffCommand(session);
      case "dump" -> new GoDumpCommand(session);
      case "encode-db" -> new EncodeDbCommand(session);
      case "extract" -> new ExtractCommand(session);
      case "levels" -> new LevelsCommand(session);
      case "list" -> new ListCommand(session);
      case "merge" -> new MergeCommand(session);
      case "replicate" -> new ReplicateCommand(session);
      case "restore" -> new RestoreCommand(session);
      case "restore-points" -> new RestorePointsCommand(session);
      case "status" -> new StatusCommand(session);
      case "verify" -> new GoVerifyCommand(session);
      case "verify-replica" -> new VerifyReplicaCommand(session);
      case "completion" -> new CompletionCommand(session);
      case "version" -> new VersionCommand(session);
      default -> null;
    };
  }

  private static int run(LtxCommand command, Terminal terminal) throws CommandLineException {
    try {
      return command.run();
    } catch (UsageException e) {
      throw new CommandLineException("ltx " + command.name(), String.valueOf(e.getMessage()), e);
    } catch (IOException | RuntimeException e) {
      return fail(e, terminal);
    }
  }

  private static int fail(Exception e, Terminal terminal) {
    if (e instanceof UncheckedIOException && e.getCause() instanceof IOException cause) {
      return fail(cause, terminal);
    }
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
        || e instanceof ChainException
        || e instanceof RestoreException
        || e instanceof GenerationFormatException;
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

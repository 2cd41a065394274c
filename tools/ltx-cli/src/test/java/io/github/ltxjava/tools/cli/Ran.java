package io.github.ltxjava.tools.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * What a command did.
 *
 * @param code what it returned to the shell
 * @param out what it printed
 * @param err what it complained about
 */
public record Ran(int code, String out, String err) {

  /** A command, given its streams. */
  @FunctionalInterface
  public interface Command {
    /** Runs and returns the exit code. */
    int run(Output out, PrintStream err);
  }

  /** Runs a command and collects what it prints. */
  public static Ran of(Command command) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream errStream = new PrintStream(err, true, StandardCharsets.UTF_8);
    int code = command.run(new Output(out), errStream);
    return new Ran(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}

package io.github.ltxjava.tools.ltx;

import io.github.ltxjava.tools.cli.UsageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What all subcommands have. A command declares its options and parameters as fields, by {@link
 * #flag}, {@link #option}, {@link #parameter} and {@link #parameters}, and describes itself in its
 * constructor. (picocli's annotations say the same, but reading them takes longer than a short
 * command.)
 */
abstract class LtxCommand {

  private final Session session;
  private final String name;
  private final String header;
  private String[] description = {};
  private final List<String> footer = new ArrayList<>();
  private final List<Argument<?>> arguments = new ArrayList<>();

  LtxCommand(Session session, String name, String header) {
    this.session = session;
    this.name = name;
    this.header = header;
  }

  /** Adds an option without a value. */
  final Argument<Boolean> flag(String... names) {
    return add(new Argument<String>(names)).flag();
  }

  /** Adds an option with a value. */
  final Argument<String> option(String... names) {
    return add(new Argument<>(names));
  }

  /** Adds a parameter; parameters come in the order in which they are added. */
  final Argument<String> parameter(String label) {
    return add(new Argument<String>()).label(label);
  }

  /** Adds one or more parameters of a kind, after which there can be no other. */
  final Argument<List<String>> parameters(String label) {
    return add(new Argument<String>()).label(label).several();
  }

  private Argument<String> add(Argument<String> argument) {
    arguments.add(argument);
    return argument;
  }

  /** Says in the help text what the command does, beyond its one line. */
  final void description(String... lines) {
    description = lines;
  }

  /** Adds a line, apart from what is above it, to the end of the help text. */
  final void footer(String line) {
    footer.add("");
    footer.add(line);
  }

  /** Shows a command line at the end of the help text. */
  final void example(String commandLine) {
    footer("Example: ".concat(commandLine));
  }

  final String name() {
    return name;
  }

  final List<Argument<?>> arguments() {
    return arguments;
  }

  /** Describes the command to picocli. */
  final CommandSpec spec() {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(this).name(name);
    spec.usageMessage()
        .header(header)
        .description(description)
        .footer(footer.toArray(new String[0]));
    spec.addOption(helpOption());
    for (Argument<?> argument : arguments) {
      argument.addTo(spec);
    }
    return spec;
  }

  static OptionSpec helpOption() {
    return OptionSpec.builder("-h", "-help", "--help")
        .usageHelp(true)
        .description("Print this text.")
        .build();
  }

  final Session session() {
    return session;
  }

  final Terminal terminal() {
    return session.terminal();
  }

  final Cancellation cancellation() {
    return session.cancellation();
  }

  final Progress progress(String what) {
    return progress(what, "page");
  }

  final Progress progress(String what, String unit) {
    return new Progress(terminal(), cancellation(), what, unit);
  }

  /**
   * Does the work.
   *
   * @return an {@link io.github.ltxjava.tools.cli.ExitCode}
   * @throws UsageException if the command line is wrong, where only the command can tell
   * @throws IOException if it fails; turned into a message and an exit code by {@link Ltx}
   */
  abstract int run() throws IOException, UsageException;
}

package io.github.ltxjava.tools.ltx;

import io.github.ltxjava.LtxVerifier;
import io.github.ltxjava.LtxVerifier.Depth;
import io.github.ltxjava.ReadOptions;
import io.github.ltxjava.Verification;
import io.github.ltxjava.digest.DigestAlgorithm;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.tools.cli.ExitCode;
import io.github.ltxjava.tools.cli.FileArguments;
import io.github.ltxjava.tools.cli.Messages;
import io.github.ltxjava.tools.cli.OutputException;
import io.github.ltxjava.tools.cli.Processors;
import io.github.ltxjava.tools.cli.UsageException;
import io.github.ltxjava.tools.verify.VerifyCommand;
import io.github.ltxjava.tools.verify.VerifyOptions;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Verifies files, and prints what the Go program prints unless an option asks for more. */
@Command(
    name = "verify",
    header = "Verifies files.",
    description = {
      "Prints \"ok\", or a line for each damaged file and a count; with any of the options, what",
      "ltx-verify prints. A folder stands for all *.ltx files in it and below."
    },
    footer = {"", "Example: ltx verify 1.ltx 2.ltx 3.ltx"})
final class GoVerifyCommand extends LtxCommand {

  @Spec private CommandSpec spec;

  @Option(names = "--json", description = "Print a JSON array.")
  private boolean json;

  @Option(names = "--structure", description = "Do not read page data.")
  private boolean structure;

  @Option(
      names = "--digest",
      paramLabel = "NAME",
      arity = "0..1",
      fallbackValue = "blake3",
      description =
          "Also print digests of the file and of its content: --digest=blake3 or"
              + " --digest=sha256.")
  private @Nullable String digest;

  @Option(names = "--list", description = "Print a line for every file.")
  private boolean list;

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "The files to verify.")
  private List<String> files = List.of();

  GoVerifyCommand(Session session) {
    super(session);
  }

  @Override
  public Integer call() throws IOException {
    if (!json && !structure && digest == null && !list) {
      return verify();
    }
    VerifyOptions options = VerifyOptions.DEFAULT;
    options = json ? options.withJson() : options;
    options = structure ? options.withStructure() : options;
    try {
      options = digest == null ? options : options.withDigest(DigestAlgorithm.ofLabel(digest));
      options.check();
    } catch (IllegalArgumentException | UsageException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
    return VerifyCommand.run(files, options, terminal().out(), terminal().err());
  }

  private int verify() throws OutputException {
    int code = ExitCode.OK;
    int sound = 0;
    int unsound = 0;
    for (String argument : files) {
      try {
        for (String file : FileArguments.expand(argument)) {
          int one = verify(file);
          code = Math.max(code, one);
          sound += one == ExitCode.OK ? 1 : 0;
          unsound += one == ExitCode.OK ? 0 : 1;
        }
      } catch (IOException e) {
        if (e instanceof OutputException failure) {
          throw failure;
        }
        report(argument, Messages.withoutFile(e));
        code = ExitCode.IO;
        unsound++;
      }
    }
    if (unsound == 0) {
      terminal().out().line("ok");
    } else {
      terminal().out().number(sound).text(" ok, ").number(unsound).line(" invalid");
    }
    return code;
  }

  private int verify(String file) throws OutputException {
    Verification found;
    try (ByteSource source = ByteSource.open(Targets.path(file));
        Processors processors = Processors.all()) {
      ReadOptions options = ReadOptions.DEFAULT.withParallelism(processors.forSize(source.size()));
      found = LtxVerifier.verify(source, Depth.FULL, options);
    } catch (IOException e) {
      report(file, Messages.withoutFile(e));
      return ExitCode.IO;
    }
    if (found.isSound()) {
      return ExitCode.OK;
    }
    report(file, Messages.withoutFile(found.findings().get(0).toException()));
    return ExitCode.DAMAGED;
  }

  private void report(String file, String message) throws OutputException {
    terminal().out().line(Messages.oneLine(file + ": " + message));
  }
}

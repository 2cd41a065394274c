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

/** Verifies files, and prints what the Go program prints unless an option asks for more. */
final class GoVerifyCommand extends LtxCommand {

  private final Argument<Boolean> json = flag("--json").description("Print a JSON array.");
  private final Argument<Boolean> structure =
      flag("--structure").description("Do not read page data.");
  private final Argument<String> digest =
      option("--digest")
          .label("NAME")
          .optionalValue("blake3")
          .description(
              "Also print digests of the file and of its content: --digest=blake3 or"
                  + " --digest=sha256.");
  private final Argument<Boolean> list = flag("--list").description("Print a line for every file.");
  private final Argument<List<String>> files =
      parameters("FILE").description("The files to verify.");

  GoVerifyCommand(Session session) {
    super(session, "verify", "Verifies files.");
    description(
        "Prints \"ok\", or a line for each damaged file and a count; with any of the options, what",
        "ltx-verify prints. A folder stands for all *.ltx files in it and below.");
    example("ltx verify 1.ltx 2.ltx 3.ltx");
  }

  @Override
  int run() throws IOException, UsageException {
    String algorithm = digest.orNull();
    if (!json.get() && !structure.get() && algorithm == null && !list.get()) {
      return verify();
    }
    VerifyOptions options = VerifyOptions.DEFAULT;
    options = json.get() ? options.withJson() : options;
    options = structure.get() ? options.withStructure() : options;
    try {
      options =
          algorithm == null ? options : options.withDigest(DigestAlgorithm.ofLabel(algorithm));
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
    options.check();
    return VerifyCommand.run(files.get(), options, terminal().out(), terminal().err());
  }

  private int verify() throws OutputException {
    int code = ExitCode.OK;
    int sound = 0;
    int unsound = 0;
    for (String argument : files.get()) {
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
      // An interrupt fails the read, which says nothing about the file.
      cancellation().check();
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

package io.github.ltxjava.tools.verify;

import io.github.ltxjava.LtxVerifier;
import io.github.ltxjava.ReadOptions;
import io.github.ltxjava.Verification;
import io.github.ltxjava.digest.DigestAlgorithm;
import io.github.ltxjava.digest.LtxDigest;
import io.github.ltxjava.internal.io.UnclosedSource;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.tools.cli.ExitCode;
import io.github.ltxjava.tools.cli.FileArguments;
import io.github.ltxjava.tools.cli.Messages;
import io.github.ltxjava.tools.cli.Output;
import io.github.ltxjava.tools.cli.OutputException;
import io.github.ltxjava.tools.cli.Processors;
import io.github.ltxjava.tools.cli.UsageException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells sound files from damaged ones. Its memory is that of a reader: about 9 bytes a page of the
 * largest file.
 */
public final class VerifyCommand {

  /** The code in the findings of a file that cannot be read; no reason of the format is so. */
  static final String IO_CODE = "IO";

  private static final String USAGE =
      """
      Usage: ltx-verify [--json] [--structure] [--digest [blake3|sha256]] FILE...

      Checks LTX files, every byte of them, and says of each whether it is sound and, if
      not, what is wrong and where. A folder stands for all *.ltx files in it and below.

        --json        a JSON array instead of text
        --structure   only header, frame headers, index and trailer; no page data
        --digest      also print the digest of every sound file and that of its content,
                      which is the same whatever the layout; blake3 unless told otherwise
        --help        this text
        --version     the version

      Exit code: 0 all files are sound, 1 some are damaged, 2 the command line is
      wrong, 3 some cannot be read.

      Example: ltx-verify --digest sha256 0000000000000001-0000000000000001.ltx
      """;

  private VerifyCommand() {}

  /** Runs with a command line, on the process's streams. */
  public static int main(String[] args) {
    return run(args, Output.standard(), System.err);
  }

  /**
   * Runs with a command line.
   *
   * @return an {@link ExitCode}
   */
  public static int run(String[] args, Output out, PrintStream err) {
    VerifyOptions options = VerifyOptions.DEFAULT;
    List<String> files = new ArrayList<>();
    boolean onlyFiles = false;
    try {
      for (int i = 0; i < args.length; i++) {
        String arg = args[i];
        if (onlyFiles || !arg.startsWith("-") || arg.equals("-")) {
          files.add(arg);
          continue;
        }
        switch (arg) {
          case "--" -> onlyFiles = true;
          case "--json" -> options = options.withJson();
          case "--structure" -> options = options.withStructure();
          case "--digest" -> {
            boolean named = i + 1 < args.length && isAlgorithm(args[i + 1]);
            options = options.withDigest(algorithm(named ? args[++i] : "blake3"));
          }
          case "--help", "-h" -> {
            return print(USAGE, out, err);
          }
          case "--version", "-V" -> {
            return print("ltx-verify " + version() + "\n", out, err);
          }
          default -> {
            if (!arg.startsWith("--digest=")) {
              throw new UsageException("unknown option " + arg);
            }
            options = options.withDigest(algorithm(arg.substring("--digest=".length())));
          }
        }
      }
      if (files.isEmpty()) {
        throw new UsageException("a FILE is missing");
      }
      options.check();
    } catch (UsageException e) {
      err.println(Messages.oneLine("ltx-verify: " + e.getMessage() + "; see ltx-verify --help"));
      return ExitCode.USAGE;
    }
    return run(files, options, out, err);
  }

  /** A file of such a name is given as {@code ./sha256}. */
  private static boolean isAlgorithm(String word) {
    return word.equals("blake3") || word.equals("sha256");
  }

  private static DigestAlgorithm algorithm(String label) throws UsageException {
    try {
      return DigestAlgorithm.ofLabel(label);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Verifies files.
   *
   * @param files names of files and folders
   * @return an {@link ExitCode}; {@code IO} wins over {@code DAMAGED}
   */
  public static int run(List<String> files, VerifyOptions options, Output out, PrintStream err) {
    VerifyFormat format = options.json() ? new JsonReports(out) : new TextReports(out);
    int code = ExitCode.OK;
    try {
      format.begin();
      for (String argument : files) {
        code = Math.max(code, verifyAll(argument, options, format));
      }
      format.end();
      return code;
    } catch (OutputException e) {
      err.println("ltx-verify: " + Messages.of(e));
      return ExitCode.IO;
    }
  }

  private static int verifyAll(String argument, VerifyOptions options, VerifyFormat format)
      throws OutputException {
    List<String> files;
    try {
      files = FileArguments.expand(argument);
    } catch (IOException e) {
      format.file(FileReport.unreadable(argument, Messages.withoutFile(e)));
      return ExitCode.IO;
    }
    int code = ExitCode.OK;
    for (String file : files) {
      FileReport report = verify(file, options);
      code = Math.max(code, codeOf(report));
      format.file(report);
    }
    return code;
  }

  private static int codeOf(FileReport report) {
    if (report.verification() == null) {
      return ExitCode.IO;
    }
    return report.isSound() ? ExitCode.OK : ExitCode.DAMAGED;
  }

  private static FileReport verify(String file, VerifyOptions options) {
    try (ByteSource source = ByteSource.open(Path.of(file));
        Processors processors = Processors.all()) {
      ReadOptions reading = ReadOptions.DEFAULT.withParallelism(processors.forSize(source.size()));
      Verification verification = LtxVerifier.verify(source, options.depth(), reading);
      if (options.digest().isEmpty() || !verification.isSound()) {
        return new FileReport(file, verification, null, null, null);
      }
      DigestAlgorithm algorithm = options.digest().get();
      return new FileReport(
          file,
          verification,
          null,
          LtxDigest.ofFile(source, algorithm).toString(),
          LtxDigest.ofContent(new UnclosedSource(source), algorithm).toString());
    } catch (IOException e) {
      return FileReport.unreadable(file, Messages.withoutFile(e));
    }
  }

  private static int print(String text, Output out, PrintStream err) {
    try {
      out.text(text).flush();
      return ExitCode.OK;
    } catch (OutputException e) {
      err.println("ltx-verify: " + Messages.of(e));
      return ExitCode.IO;
    }
  }

  private static String version() {
    String version = VerifyCommand.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }
}

package io.github.ltxjava.tools.dump;

import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxFile;
import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.LtxFormatException.Reason;
import io.github.ltxjava.ReadOptions;
import io.github.ltxjava.Verification.Finding;
import io.github.ltxjava.internal.codec.FileScan;
import io.github.ltxjava.internal.codec.Findings;
import io.github.ltxjava.internal.codec.ScanStart;
import io.github.ltxjava.internal.format.BigEndian;
import io.github.ltxjava.internal.format.HeaderLayout;
import io.github.ltxjava.internal.io.UnclosedSource;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.tools.cli.ExitCode;
import io.github.ltxjava.tools.cli.Messages;
import io.github.ltxjava.tools.cli.Output;
import io.github.ltxjava.tools.cli.OutputException;
import io.github.ltxjava.tools.cli.UsageException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Prints what a file holds. Of a damaged one it prints what can be read, then what is wrong.
 *
 * <p>Its memory is that of a reader: about 9 bytes a page.
 */
public final class DumpCommand {

  /** Stops where every page of a large file is damaged in the same way. */
  private static final int MAX_FINDINGS = 100;

  private static final String USAGE =
      """
      Usage: ltx-dump [--json] [--pages] [--page N] FILE

      Prints what an LTX file holds: header, pages, page index and trailer. All of the
      file is checked; of a damaged one, what can be read is printed, then what is wrong.

        --json     one JSON object, with every page, instead of text
        --pages    a line for every page
        --page N   page N alone, in hexadecimal; of a B-tree page, its type and cells
        --help     this text
        --version  the version

      Exit code: 0 the file is sound, 1 it is damaged or lacks page N, 2 the command
      line is wrong, 3 the file cannot be read.

      Example: ltx-dump --pages 0000000000000001-0000000000000001.ltx
      """;

  private DumpCommand() {}

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
    DumpOptions options = DumpOptions.DEFAULT;
    @Nullable String file = null;
    boolean onlyFiles = false;
    try {
      for (int i = 0; i < args.length; i++) {
        String arg = args[i];
        if (onlyFiles || !arg.startsWith("-") || arg.equals("-")) {
          if (file != null) {
            throw new UsageException("give one FILE, not also \"" + arg + "\"");
          }
          file = arg;
          continue;
        }
        switch (arg) {
          case "--" -> onlyFiles = true;
          case "--json" -> options = options.withJson();
          case "--pages" -> options = options.withPages();
          case "--page" -> {
            if (++i == args.length) {
              throw new UsageException("--page needs a page number");
            }
            options = options.withPage(args[i]);
          }
          case "--help", "-h" -> {
            return print(USAGE, out, err);
          }
          case "--version", "-V" -> {
            return print("ltx-dump " + version() + "\n", out, err);
          }
          default -> {
            if (!arg.startsWith("--page=")) {
              throw new UsageException("unknown option " + arg);
            }
            options = options.withPage(arg.substring("--page=".length()));
          }
        }
      }
      if (file == null) {
        throw new UsageException("a FILE is missing");
      }
    } catch (UsageException e) {
      err.println(Messages.oneLine("ltx-dump: " + e.getMessage() + "; see ltx-dump --help"));
      return ExitCode.USAGE;
    }
    return run(file, options, out, err);
  }

  /**
   * Dumps the file of this name.
   *
   * @return an {@link ExitCode}
   */
  public static int run(String file, DumpOptions options, Output out, PrintStream err) {
    try (ByteSource source = ByteSource.open(Path.of(file))) {
      return run(source, options, out, err);
    } catch (InvalidPathException e) {
      err.println(Messages.oneLine("ltx-dump: " + file + ": " + e.getReason()));
      return ExitCode.IO;
    } catch (IOException e) {
      err.println(Messages.oneLine("ltx-dump: " + Messages.of(e)));
      return ExitCode.IO;
    }
  }

  /**
   * Dumps a file.
   *
   * @param source stays open; it is the caller's
   * @return an {@link ExitCode}
   */
  public static int run(ByteSource source, DumpOptions options, Output out, PrintStream err) {
    try {
      int code =
          options.page() == 0
              ? dumpFile(source, options, out, err)
              : dumpPage(source, options, out, err);
      out.flush();
      return code;
    } catch (OutputException e) {
      err.println("ltx-dump: " + Messages.of(e));
      return ExitCode.IO;
    } catch (IOException e) {
      return failReading(source, e, out, err);
    }
  }

  private static int failReading(
      ByteSource source, IOException cause, Output out, PrintStream err) {
    String message = source.name() + ": " + Messages.withoutFile(cause);
    try {
      out.flush();
    } catch (OutputException e) {
      message += "; " + Messages.of(e);
    }
    err.println(Messages.oneLine("ltx-dump: " + message));
    return ExitCode.IO;
  }

  private static int dumpFile(ByteSource source, DumpOptions options, Output out, PrintStream err)
      throws IOException {
    DumpFormat format = options.json() ? new JsonDump(out) : new TextDump(out, options.pages());
    List<Finding> findings = new ArrayList<>();
    format.begin(source.name(), source.size());
    Optional<FileScan> opened = Optional.empty();
    try {
      opened = start(source, (reason, at, detail) -> add(source, findings, reason, at, detail));
      format.header(rawHeader(source), opened.map(FileScan::layout));
      if (opened.isPresent()) {
        scan(opened.get(), format);
      }
    } catch (LtxFormatException tooMany) {
      findings.add(
          new Finding(
              source.name(), tooMany.reason(), tooMany.offset(), "and more, not looked for"));
    }
    format.end(opened, findings);
    out.flush();
    for (Finding finding : findings) {
      err.println(Messages.oneLine(String.valueOf(finding.toException().getMessage())));
    }
    return findings.isEmpty() ? ExitCode.OK : ExitCode.DAMAGED;
  }

  private static void scan(FileScan scan, DumpFormat format) throws IOException {
    format.beginPages();
    while (scan.nextFrame()) {
      format.page(scan, scan.decodePage());
    }
    scan.finish();
  }

  private static void add(
      ByteSource source, List<Finding> findings, Reason reason, long offset, String detail)
      throws LtxFormatException {
    Finding finding = new Finding(source.name(), reason, offset, detail);
    if (findings.size() == MAX_FINDINGS) {
      throw finding.toException();
    }
    findings.add(finding);
  }

  private static Optional<FileScan> start(ByteSource source, Findings findings) throws IOException {
    ScanStart start = ScanStart.of(ReadOptions.DEFAULT, ScanStart.DEFAULT_WINDOW_SIZE);
    return start.open(source, findings);
  }

  /** Returns the header's bytes, which may break any rule; empty if there is no header. */
  private static Optional<byte[]> rawHeader(ByteSource source) throws IOException {
    if (source.size() < HeaderLayout.SIZE) {
      return Optional.empty();
    }
    byte[] raw = new byte[HeaderLayout.SIZE];
    source.readFully(0, ByteBuffer.wrap(raw));
    return BigEndian.getInt(raw, HeaderLayout.MAGIC_OFFSET) == HeaderLayout.MAGIC
        ? Optional.of(raw)
        : Optional.empty();
  }

  private static int dumpPage(ByteSource source, DumpOptions options, Output out, PrintStream err)
      throws IOException {
    PageDump page;
    try {
      page = findPage(source, options.page());
    } catch (LtxFormatException e) {
      err.println(Messages.oneLine(String.valueOf(e.getMessage())));
      return ExitCode.DAMAGED;
    }
    if (page == null) {
      err.println(
          Messages.oneLine(
              "ltx-dump: page "
                  + options.page()
                  + " is not in "
                  + source.name()
                  + "; ltx-dump --pages lists those that are"));
      return ExitCode.DAMAGED;
    }
    if (options.json()) {
      page.json(out);
    } else {
      page.text(out);
    }
    return ExitCode.OK;
  }

  /** Reads a page by the index or, where there is none that can be used, by looking for it. */
  private static @Nullable PageDump findPage(ByteSource source, long number) throws IOException {
    try {
      return readPage(LtxFile.open(new UnclosedSource(source)), number);
    } catch (LtxFormatException e) {
      return searchPage(source, number);
    }
  }

  private static @Nullable PageDump readPage(LtxFile file, long number) throws IOException {
    byte[] page = new byte[file.header().pageSize()];
    if (!file.readPage(number, ByteBuffer.wrap(page))) {
      return null;
    }
    int position = file.index().find(number);
    boolean framed = file.layout().hasIndex();
    return new PageDump(
        number,
        page,
        framed ? file.index().frameOffset(position) : -1,
        framed ? file.index().frameSize(position) : -1);
  }

  private static @Nullable PageDump searchPage(ByteSource source, long number) throws IOException {
    FileScan scan = start(source, Findings.strict(source.name())).orElseThrow();
    while (scan.nextFrame()) {
      if (scan.pageNumber() == number) {
        scan.decodePage();
        boolean framed = scan.layout() != Layout.V1_LZ4 && scan.layout() != Layout.V1_RAW;
        return new PageDump(
            number, scan.page(), framed ? scan.frameOffset() : -1, framed ? scan.frameSize() : -1);
      }
    }
    return null;
  }

  private static int print(String text, Output out, PrintStream err) {
    try {
      out.text(text).flush();
      return ExitCode.OK;
    } catch (OutputException e) {
      err.println("ltx-dump: " + Messages.of(e));
      return ExitCode.IO;
    }
  }

  private static String version() {
    String version = DumpCommand.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }
}

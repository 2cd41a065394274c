package io.github.ltxjava.tools.ltx;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxReader;
import io.github.ltxjava.internal.format.Hex;
import io.github.ltxjava.tools.cli.ExitCode;
import io.github.ltxjava.tools.cli.FileArguments;
import io.github.ltxjava.tools.cli.Messages;
import java.io.IOException;
import java.util.List;

/** Prints a table of files. */
final class ListCommand extends LtxCommand {

  private static final List<String> COLUMNS =
      List.of(
          "min_txid",
          "max_txid",
          "commit",
          "pages",
          "preapply",
          "postapply",
          "timestamp",
          "wal_offset",
          "wal_size",
          "wal_salt");
  private static final String NO_CHECKSUM = "0000000000000000";

  private final Argument<Boolean> tsv =
      flag("-tsv", "--tsv").description("Print tab-separated values.");
  private final Argument<List<String>> files = parameters("FILE").description("The files to list.");

  ListCommand(Session session) {
    super(session, "list", "Lists header and trailer fields of files in a table.");
    description(
        "Every file is verified; one that is damaged is reported instead. A folder stands for all",
        "*.ltx files in it and below.");
    example("ltx list -tsv 1.ltx 2.ltx 3.ltx");
  }

  @Override
  int run() throws IOException {
    Table rows = new Table(COLUMNS);
    int code = ExitCode.OK;
    for (String argument : files.get()) {
      try {
        for (String file : FileArguments.expand(argument)) {
          code = Math.max(code, add(file, rows));
        }
      } catch (IOException e) {
        report(argument, e);
        code = ExitCode.IO;
      }
    }
    if (tsv.get()) {
      rows.printTabSeparated(terminal().out());
    } else {
      rows.print(terminal().out());
    }
    return code;
  }

  private int add(String file, Table rows) {
    try (LtxReader reader = LtxReader.open(Targets.source(file))) {
      while (reader.next()) {
        cancellation().check();
      }
      rows.add(row(reader));
      return ExitCode.OK;
    } catch (LtxFormatException e) {
      report(file, e);
      return ExitCode.DAMAGED;
    } catch (IOException e) {
      report(file, e);
      return ExitCode.IO;
    }
  }

  private void report(String file, IOException e) {
    terminal().err().println(Messages.oneLine(file + ": " + Messages.withoutFile(e)));
  }

  private static List<String> row(LtxReader reader) {
    LtxHeader header = reader.header();
    long millis = header.timestamp().toEpochMilli();
    return List.of(
        header.txids().min().toString(),
        header.txids().max().toString(),
        Long.toString(header.commit()),
        Long.toString(reader.pageCount()),
        header.preApply().map(Checksum::toString).orElse(NO_CHECKSUM),
        reader.trailer().postApply().map(Checksum::toString).orElse(NO_CHECKSUM),
        millis == 0 ? "" : GoTimes.ofSeconds(millis),
        Long.toString(header.wal().offset()),
        Long.toString(header.wal().size()),
        hex(header.wal().salt1()) + " " + hex(header.wal().salt2()));
  }

  private static String hex(int salt) {
    return Hex.format(Integer.toUnsignedLong(salt)).substring(8);
  }
}

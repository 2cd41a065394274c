package io.github.ltxjava.tools.ltx;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxReader;
import io.github.ltxjava.tools.cli.ExitCode;
import io.github.ltxjava.tools.cli.Output;
import io.github.ltxjava.tools.cli.OutputException;
import io.github.ltxjava.tools.cli.Timestamps;
import java.io.IOException;
import java.util.Optional;

/** Compares what two files say. */
final class DiffCommand extends LtxCommand {

  private static final int DIFFERENT = 1;

  private final Argument<String> first = parameter("FILE").description("A file.");
  private final Argument<String> second =
      parameter("FILE").description("The file to compare it with.");

  private long differences;

  DiffCommand(Session session) {
    super(session, "diff", "Compares what two files say.");
    description(
        "Header fields, pages and the post-apply checksum are compared. Layout and compression do",
        "not count, so a converted file does not differ.",
        "",
        "Exit code: 0 they say the same, 1 they differ, 2 the command line is wrong, 3 one of",
        "them is damaged or cannot be read.");
    example("ltx diff before.ltx after.ltx");
  }

  @Override
  int run() throws IOException {
    try (LtxReader a = LtxReader.open(Targets.source(first.get()));
        LtxReader b = LtxReader.open(Targets.source(second.get()))) {
      headers(a.header(), b.header());
      pages(a, b);
      field(
          "post-apply checksum",
          checksum(a.trailer().postApply()),
          checksum(b.trailer().postApply()));
      return differences == 0 ? ExitCode.OK : DIFFERENT;
    } catch (LtxFormatException e) {
      throw new CommandException(ExitCode.IO, String.valueOf(e.getMessage()));
    }
  }

  private void headers(LtxHeader a, LtxHeader b) throws OutputException {
    field("page size", a.pageSize(), b.pageSize());
    field("commit", a.commit(), b.commit());
    field("min TXID", a.txids().min(), b.txids().min());
    field("max TXID", a.txids().max(), b.txids().max());
    field(
        "timestamp",
        Timestamps.format(a.timestamp().toEpochMilli()),
        Timestamps.format(b.timestamp().toEpochMilli()));
    field("database checksums", tracked(a), tracked(b));
    field("pre-apply checksum", checksum(a.preApply()), checksum(b.preApply()));
    field("WAL offset", a.wal().offset(), b.wal().offset());
    field("WAL size", a.wal().size(), b.wal().size());
    field("WAL salt 1", hex(a.wal().salt1()), hex(b.wal().salt1()));
    field("WAL salt 2", hex(a.wal().salt2()), hex(b.wal().salt2()));
    field("node ID", Long.toHexString(a.nodeId()), Long.toHexString(b.nodeId()));
  }

  private static String tracked(LtxHeader header) {
    return header.tracksChecksums() ? "tracked" : "not tracked";
  }

  private static String checksum(Optional<Checksum> checksum) {
    return checksum.map(Checksum::toString).orElse("none");
  }

  private static String hex(int salt) {
    return Integer.toHexString(salt);
  }

  private void field(String name, Object a, Object b) throws OutputException {
    if (!a.equals(b)) {
      differs().text(name).text(": ").text(a.toString()).text(" / ").line(b.toString());
    }
  }

  private Output differs() {
    differences++;
    return terminal().out();
  }

  /** Walks through both files by page number. */
  private void pages(LtxReader a, LtxReader b) throws IOException {
    boolean moreA = a.next();
    boolean moreB = b.next();
    while (moreA || moreB) {
      cancellation().check();
      long numberA = moreA ? a.pageNumber() : Long.MAX_VALUE;
      long numberB = moreB ? b.pageNumber() : Long.MAX_VALUE;
      if (numberA == numberB) {
        if (!a.page().equals(b.page())) {
          page(numberA, "differs");
        }
      } else if (numberA < numberB) {
        page(numberA, "only in the first file");
      } else {
        page(numberB, "only in the second file");
      }
      moreA = numberA <= numberB ? a.next() : moreA;
      moreB = numberB <= numberA ? b.next() : moreB;
    }
  }

  private void page(long number, String what) throws OutputException {
    differs().text("page ").number(number).text(": ").line(what);
  }
}

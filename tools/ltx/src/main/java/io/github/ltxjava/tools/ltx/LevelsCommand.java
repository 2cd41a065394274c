package io.github.ltxjava.tools.ltx;

import io.github.ltxjava.compaction.policy.LevelCheck;
import io.github.ltxjava.compaction.policy.LevelCheck.Finding;
import io.github.ltxjava.store.LtxFileInfo;
import io.github.ltxjava.store.LtxStore;
import io.github.ltxjava.tools.cli.ExitCode;
import io.github.ltxjava.tools.cli.JsonWriter;
import io.github.ltxjava.tools.cli.Messages;
import io.github.ltxjava.tools.cli.OutputException;
import io.github.ltxjava.tools.cli.Timestamps;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Prints what each level of a store holds. */
final class LevelsCommand extends LtxCommand {

  private final Argument<Boolean> json = flag("--json").description("Print JSON.");
  private final Argument<String> storeName = parameter("STORE").description(Stores.DESCRIPTION);

  LevelsCommand(Session session) {
    super(session, "levels", "Shows what each level of a store holds.");
    description(
        "Level 0 has the files as captured, 1 to 8 merged ones, 9 snapshots. Times are those of",
        "the first and the last file of a level. No file is opened; verify-replica does that.",
        "Transactions missing within a level matter only if no other level has them.");
    example("ltx levels replica");
  }

  /** What a level holds; there is at least one file. */
  private record Level(int number, List<LtxFileInfo> files, Instant oldest, Instant newest) {

    static Level of(LtxStore store, int number, List<LtxFileInfo> files) throws IOException {
      List<LtxFileInfo> ends = List.of(files.get(0), files.get(files.size() - 1));
      List<LtxFileInfo> exact = store.withExactTimestamps(ends);
      // One that has just been deleted keeps the time of the listing.
      List<LtxFileInfo> known = exact.size() == 2 ? exact : ends;
      return new Level(number, files, known.get(0).createdAt(), known.get(1).createdAt());
    }

    long bytes() {
      return files.stream().mapToLong(LtxFileInfo::size).sum();
    }

    String firstTxid() {
      return files.get(0).txids().min().toString();
    }

    String lastTxid() {
      return files.stream()
          .map(file -> file.txids().max())
          .reduce((one, other) -> one.compareTo(other) > 0 ? one : other)
          .orElseThrow()
          .toString();
    }

    List<Finding> findings() {
      return number == LtxFileInfo.SNAPSHOT_LEVEL ? List.of() : LevelCheck.check(files, number);
    }
  }

  @Override
  int run() throws IOException {
    List<Level> levels = new ArrayList<>();
    try (LtxStore store = Stores.reading(storeName.get())) {
      List<LtxFileInfo> all = store.listAll();
      for (int number = 0; number <= LtxFileInfo.MAX_LEVEL; number++) {
        cancellation().check();
        int level = number;
        List<LtxFileInfo> files = all.stream().filter(file -> file.level() == level).toList();
        if (!files.isEmpty()) {
          levels.add(Level.of(store, number, files));
        }
      }
    }
    if (json.get()) {
      printJson(levels);
    } else if (!levels.isEmpty()) {
      printTable(levels);
    }
    if (levels.isEmpty()) {
      throw new CommandException(
          ExitCode.DAMAGED, Stores.label(storeName.get()) + ": there are no LTX files");
    }
    return ExitCode.OK;
  }

  private void printTable(List<Level> levels) throws OutputException {
    Table table =
        new Table(
            List.of("level", "files", "bytes", "first_txid", "last_txid", "oldest", "newest"));
    for (Level level : levels) {
      table.add(
          List.of(
              Integer.toString(level.number()),
              Integer.toString(level.files().size()),
              Long.toString(level.bytes()),
              level.firstTxid(),
              level.lastTxid(),
              Timestamps.format(level.oldest().toEpochMilli()),
              Timestamps.format(level.newest().toEpochMilli())));
    }
    table.print(terminal().out());
    for (Level level : levels) {
      for (Finding finding : level.findings()) {
        terminal().out().line(Messages.oneLine(text(finding)));
      }
    }
  }

  /** Says in a line what is between two files. */
  static String text(Finding finding) {
    String where =
        "between " + finding.previous().name() + " and " + finding.next().txids().fileName();
    return finding.kind() == LevelCheck.Kind.GAP
        ? "transactions are missing " + where
        : "transactions are there twice " + where;
  }

  private void printJson(List<Level> levels) throws OutputException {
    JsonWriter out = new JsonWriter(terminal().out());
    out.object().name("store").value(Stores.label(storeName.get())).name("levels").array();
    for (Level level : levels) {
      out.object().name("level").value(level.number());
      out.name("files").value(level.files().size()).name("bytes").value(level.bytes());
      out.name("firstTxid").value(level.firstTxid()).name("lastTxid").value(level.lastTxid());
      out.name("oldest").value(Timestamps.format(level.oldest().toEpochMilli()));
      out.name("newest").value(Timestamps.format(level.newest().toEpochMilli()));
      out.name("findings").array();
      for (Finding finding : level.findings()) {
        out.inlineObject().name("kind").value(finding.kind().name());
        out.name("after").value(finding.previous().name());
        out.name("before").value(finding.next().name()).endObject();
      }
      out.endArray().endObject();
    }
    out.endArray().endObject();
  }
}

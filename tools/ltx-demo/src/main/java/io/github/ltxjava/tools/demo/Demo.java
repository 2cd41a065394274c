package io.github.ltxjava.tools.demo;

import io.github.ltxjava.DatabaseChecksum;
import io.github.ltxjava.LtxVerifier;
import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.Verification;
import io.github.ltxjava.compaction.MergeResult;
import io.github.ltxjava.compaction.Merger;
import io.github.ltxjava.compaction.restore.RestoreTarget;
import io.github.ltxjava.compaction.restore.Restorer;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.store.DirectoryStore;
import io.github.ltxjava.store.LtxFileInfo;
import io.github.ltxjava.tools.cli.ExitCode;
import io.github.ltxjava.tools.cli.Output;
import io.github.ltxjava.tools.dump.DumpCommand;
import io.github.ltxjava.tools.dump.DumpOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The main job, told step by step: a database becomes LTX files in a directory, the files are
 * looked at, checked and merged, and the database comes back from them, as it is and as it was.
 */
final class Demo {

  /** The level that transactions are merged into. */
  private static final int MERGED_LEVEL = 1;

  /** What happens to the database, transaction by transaction; the last one makes it shrink. */
  private static final List<Transaction> TRANSACTIONS =
      List.of(
          new Transaction(
              "a table is added", "create table ltx_demo(id integer primary key, text text)"),
          new Transaction(
              "1,000 rows are inserted",
              "with recursive n(i) as (select 1 union all select i + 1 from n where i < 1000)"
                  + " insert into ltx_demo select i, 'row ' || i || ' ' || hex(randomblob(200))"
                  + " from n"),
          new Transaction(
              "ten of them change", "update ltx_demo set text = upper(text) where id % 100 = 7"),
          new Transaction("most of them go", "delete from ltx_demo where id > 50"),
          new Transaction("VACUUM makes the file smaller", "vacuum"));

  private final Path folder;
  private final PrintStream out;
  private final PrintStream err;

  /** Something that happens to the database. */
  private record Transaction(String what, String sql) {}

  Demo(Path folder, PrintStream out, PrintStream err) {
    this.folder = folder;
    this.out = out;
    this.err = err;
  }

  /** Runs all steps; returns whether every check held. */
  boolean run(Optional<Path> original) throws IOException, SQLException {
    Files.createDirectories(folder);
    Path file = folder.resolve("work.db");
    step("1. A SQLite database");
    try (WorkDatabase database =
            original.isPresent()
                ? WorkDatabase.copyOf(original.get(), file)
                : WorkDatabase.create(file);
        DirectoryStore store = DirectoryStore.open(folder.resolve("store"))) {
      int pageSize = database.pageSize();
      say(
          "%s: %,d pages of %,d bytes%s",
          file,
          Files.size(file) / pageSize,
          pageSize,
          original
              .map(path -> ", SQLite's own copy of " + path + ", which is only read")
              .orElse(", made by SQLite just now"));

      List<Path> states = capture(database, store, pageSize);
      dump(store);
      boolean sound = verify(store);
      LtxFileInfo merged = merge(store);
      boolean restored = restore(store, states);
      goOn(store, merged);
      return sound && restored;
    }
  }

  private List<Path> capture(WorkDatabase database, DirectoryStore store, int pageSize)
      throws IOException, SQLException {
    step("2. Its transactions as LTX files");
    say("An LTX file holds the pages that a transaction changed, compressed and checksummed.");
    say("The first holds the whole database and is called a snapshot; the others are deltas.");
    Capture capture = new Capture(store, pageSize);
    List<Path> states = new ArrayList<>();
    states.add(database.saveAs(folder.resolve("after-1.db")));
    long pages = capture.snapshot(states.get(0));
    tell(store, 1, "the whole database", pages);
    for (Transaction transaction : TRANSACTIONS) {
      int txid = states.size() + 1;
      Path before = states.get(states.size() - 1);
      database.execute(transaction.sql());
      states.add(database.saveAs(folder.resolve("after-" + txid + ".db")));
      tell(store, txid, transaction.what(), capture.delta(before, states.get(txid - 1)));
    }
    try (ByteSource source = ByteSource.open(states.get(states.size() - 1))) {
      say(
          "checksum of the database, kept from delta to delta: %s; computed anew: %s",
          capture.position(), DatabaseChecksum.of(source, pageSize));
    }
    return states;
  }

  private void tell(DirectoryStore store, int txid, String what, long pages) throws IOException {
    LtxFileInfo file = file(store, txid);
    say("%s  %-29s %,5d pages, %,9d bytes", file.txids().fileName(), what, pages, file.size());
  }

  private static LtxFileInfo file(DirectoryStore store, int txid) throws IOException {
    return store.list(Capture.LEVEL, Txid.of(txid)).get(0);
  }

  private void dump(DirectoryStore store) throws IOException {
    step("3. What a file holds: ltx-dump");
    Path delta = store.path(Capture.LEVEL, TxidRange.of(Txid.of(4)));
    out.flush();
    int code = DumpCommand.run(delta.toString(), DumpOptions.DEFAULT, new Output(out), err);
    if (code != ExitCode.OK) {
      throw new IOException(delta + ": ltx-dump ended with exit code " + code);
    }
  }

  private boolean verify(DirectoryStore store) throws IOException {
    step("4. Whether the files are sound: ltx-verify");
    boolean allSound = true;
    for (LtxFileInfo file : store.list(Capture.LEVEL, Txid.FIRST)) {
      try (ByteSource source = store.open(file)) {
        Verification found = LtxVerifier.verify(source, LtxVerifier.Depth.FULL);
        boolean sound = found instanceof Verification.Sound;
        say("%s  %s", file.txids().fileName(), sound ? "sound" : "DAMAGED: " + found);
        allSound &= sound;
      }
    }
    return allSound;
  }

  private LtxFileInfo merge(DirectoryStore store) throws IOException {
    step("5. Many files into one: ltx merge");
    List<LtxFileInfo> files = store.list(Capture.LEVEL, Txid.FIRST);
    TxidRange all =
        TxidRange.of(files.get(0).txids().min(), files.get(files.size() - 1).txids().max());
    List<ByteSource> inputs = new ArrayList<>();
    long inputBytes = 0;
    for (LtxFileInfo file : files) {
      inputs.add(store.open(file));
      inputBytes += file.size();
    }
    MergeResult result =
        Merger.of(inputs)
            .writeTo(store.create(MERGED_LEVEL, all, files.get(files.size() - 1).createdAt()));
    LtxFileInfo merged = store.list(MERGED_LEVEL, Txid.FIRST).get(0);
    say(
        "%d files, %,d bytes, %,d pages  ->  %s, %,d bytes, %,d pages",
        files.size(),
        inputBytes,
        result.pagesRead(),
        all.fileName(),
        merged.size(),
        result.pagesWritten());
    say("The newest copy of each page stays; nothing is compressed again.");
    return merged;
  }

  private boolean restore(DirectoryStore store, List<Path> states) throws IOException {
    step("6. The database back from the files: ltx restore");
    Path latest = folder.resolve("restored.db");
    Restorer.from(store).restoreTo(latest);
    boolean same = compare("the database as it is", latest, states.get(states.size() - 1));

    int earlier = states.size() - 2;
    Path asItWas = folder.resolve("restored-at-" + earlier + ".db");
    Restorer.from(store).target(RestoreTarget.at(Txid.of(earlier))).restoreTo(asItWas);
    String what = "the database as it was after transaction " + earlier;
    return compare(what, asItWas, states.get(earlier - 1)) && same;
  }

  private boolean compare(String what, Path restored, Path expected) throws IOException {
    long difference = Files.mismatch(restored, expected);
    say(
        "%s: %,d bytes, %s",
        what,
        Files.size(restored),
        difference < 0 ? "equal byte for byte" : "DIFFERENT from offset " + difference);
    return difference < 0;
  }

  private void goOn(DirectoryStore store, LtxFileInfo merged) {
    step("Go on");
    Path file = store.path(merged.level(), merged.txids());
    say("bin/ltx-dump --pages %s", file);
    say("bin/ltx-verify %s", file);
    say("bin/ltx restore -o back.db %s", folder.resolve("store"));
    say("sqlite3 %s 'select * from ltx_demo limit 3'", folder.resolve("restored.db"));
  }

  private void step(String title) {
    out.printf("%n%s%n", title);
  }

  private void say(String format, Object... args) {
    out.printf("   " + format + "%n", args);
  }
}

package io.github.ltxjava.tools.ltx;

import io.github.ltxjava.Parallelism;
import io.github.ltxjava.ReadOptions;
import io.github.ltxjava.Txid;
import io.github.ltxjava.compaction.restore.RestoreTarget;
import io.github.ltxjava.compaction.restore.Restorer;
import io.github.ltxjava.generations.GenerationRestorer;
import io.github.ltxjava.generations.ReplicaFormat;
import io.github.ltxjava.store.DirectoryStore;
import io.github.ltxjava.store.LtxStore;
import io.github.ltxjava.store.generations.DirectoryGenerations;
import io.github.ltxjava.store.generations.GenerationFile;
import io.github.ltxjava.store.generations.GenerationStore;
import io.github.ltxjava.tools.cli.ExitCode;
import io.github.ltxjava.tools.cli.Processors;
import io.github.ltxjava.tools.cli.UsageException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;

/** Restores a database from a store. */
final class RestoreCommand extends LtxCommand {

  /** Ranges of a file that are read at once. */
  private static final int REQUESTS = 8;

  private final Argument<String> output =
      option("-o", "--output")
          .label("DB")
          .description("The database file to make. Needed, but for --dry-run.");
  private final Argument<String> txid =
      option("-txid", "--txid")
          .label("HEX16")
          .description("Restore the state after this transaction: 16 hexadecimal digits.");
  private final Argument<String> timestamp =
      option("-timestamp", "--timestamp")
          .label("TIME")
          .description(
              "Restore the last state that is not newer than this time, such as"
                  + " 2026-11-25T08:30:00Z.");
  private final Argument<Boolean> strictlyBefore =
      flag("--strictly-before")
          .description(
              "With --timestamp: a state of exactly that time is too new, as it is to Litestream.");
  private final Argument<Boolean> force =
      flag("-f", "--force")
          .description(
              "Replace DB if it exists, and remove its journal and WAL. Nobody may have it open.");
  private final Argument<IntegrityCheck> integrityCheck =
      option("-integrity-check", "--integrity-check")
          .label("HOW")
          .as(IntegrityCheck.class, IntegrityCheck::ofLabel)
          .defaultValue("none")
          .description(
              "Have SQLite check the database before it appears: none (the default), quick (its"
                  + " structure), full (indexes too).");
  private final Argument<Boolean> byRanges =
      flag("--by-ranges")
          .description(
              "Read only the parts of files that are needed, for a STORE on a slow network. Of"
                  + " files read in part the checksum is not verified.");
  private final Argument<Boolean> dryRun =
      flag("-dry-run", "--dry-run")
          .description("Print the files that would be used, and restore nothing.");
  private final Argument<Boolean> json =
      flag("-json", "--json").description("Print as JSON what would be or was restored.");
  private final Argument<String> storeName = parameter("STORE").description(Stores.DESCRIPTION);

  RestoreCommand(Session session) {
    super(session, "restore", "Restores a database from a store.");
    description(
        "STORE is in Litestream's layout; a folder is the one that holds ltx/0, ltx/1 and so on,",
        "or the generations that Litestream 0.3 wrote.",
        "Every file used is verified; the database is visible when it is complete. Without",
        "--txid and --timestamp it is the newest state.");
    example("ltx restore -o restored.db replica");
  }

  @Override
  int run() throws IOException, UsageException {
    RestoreTarget target = target();
    if (output.orNull() == null && !dryRun.get()) {
      throw new UsageException("-o DB is missing, the database file to make");
    }
    try {
      if (Stores.isFolder(storeName.get())) {
        restoreFolder(Stores.folder(storeName.get()), target);
      } else {
        try (LtxStore store = Stores.reading(storeName.get())) {
          restore(store, target);
        }
      }
      return ExitCode.OK;
    } catch (FileAlreadyExistsException e) {
      throw Targets.exists(String.valueOf(e.getFile()));
    }
  }

  /** A folder may hold generations, beside LTX files or alone. */
  private void restoreFolder(Path folder, RestoreTarget target) throws IOException {
    try (GenerationStore generations = DirectoryGenerations.open(folder)) {
      List<GenerationFile> old = generations.list();
      try (LtxStore store =
          old.isEmpty() ? DirectoryStore.openExisting(folder) : DirectoryStore.open(folder)) {
        if (!old.isEmpty()
            && ReplicaFormat.choose(store.listAll(), old, target) == ReplicaFormat.GENERATIONS) {
          restore(generations, target);
        } else {
          restore(store, target);
        }
      }
    }
  }

  private void restore(LtxStore store, RestoreTarget target) throws IOException {
    try (Processors processors = Processors.all();
        Progress progress = progress("restore")) {
      // How much there is to read is known later; a thread is started when it has something to do.
      Parallelism parallelism = processors.forSize(Long.MAX_VALUE);
      Restorer restorer =
          Restorer.from(store)
              .target(target)
              .reading(ReadOptions.DEFAULT.withParallelism(parallelism))
              .check(integrityCheck.get()::check)
              .cancelWhen(cancellation()::isRequested)
              .onProgress(now -> progress.update(now.pagesWritten(), now.commit()));
      if (force.get()) {
        restorer.overwrite();
      }
      if (byRanges.get()) {
        restorer.byRanges(REQUESTS);
      }
      if (dryRun.get()) {
        report().plan(restorer.plan());
      } else {
        report().result(restorer.restoreTo(database()));
      }
    }
  }

  private void restore(GenerationStore store, RestoreTarget target) throws IOException {
    try (Progress progress = progress("restore", "byte")) {
      GenerationRestorer restorer =
          GenerationRestorer.from(store)
              .target(target)
              .check(integrityCheck.get()::check)
              .cancelWhen(cancellation()::isRequested)
              .onProgress(now -> progress.update(now.bytesRead(), now.size()));
      if (force.get()) {
        restorer.overwrite();
      }
      if (dryRun.get()) {
        report().plan(restorer.plan());
      } else {
        report().result(restorer.restoreTo(database()));
      }
    }
  }

  private RestoreTarget target() throws UsageException {
    String last = txid.orNull();
    String newest = timestamp.orNull();
    if (last != null && newest != null) {
      throw new UsageException("use --txid or --timestamp, not both");
    }
    if (strictlyBefore.get() && newest == null) {
      throw new UsageException("--strictly-before needs --timestamp");
    }
    if (last != null) {
      try {
        return RestoreTarget.at(Txid.parse(last));
      } catch (IllegalArgumentException e) {
        throw new UsageException("--txid: " + e.getMessage());
      }
    }
    if (newest == null) {
      return RestoreTarget.latest();
    }
    Instant time = time(newest);
    return strictlyBefore.get() ? RestoreTarget.before(time) : RestoreTarget.at(time);
  }

  private Instant time(String text) throws UsageException {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new UsageException(
          "--timestamp: \"" + text + "\" is not a time such as 2026-11-25T08:30:00Z");
    }
  }

  private Path database() throws CommandException {
    return Targets.path(output.get());
  }

  private RestoreReport report() {
    return new RestoreReport(terminal(), json.get());
  }
}

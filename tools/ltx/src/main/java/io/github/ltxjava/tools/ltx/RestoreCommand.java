package io.github.ltxjava.tools.ltx;

import io.github.ltxjava.Parallelism;
import io.github.ltxjava.ReadOptions;
import io.github.ltxjava.Txid;
import io.github.ltxjava.compaction.restore.RestoreResult;
import io.github.ltxjava.compaction.restore.RestoreTarget;
import io.github.ltxjava.compaction.restore.Restorer;
import io.github.ltxjava.store.DirectoryStore;
import io.github.ltxjava.store.LtxFileInfo;
import io.github.ltxjava.store.LtxStore;
import io.github.ltxjava.tools.cli.ExitCode;
import io.github.ltxjava.tools.cli.Messages;
import io.github.ltxjava.tools.cli.Processors;
import io.github.ltxjava.tools.cli.UsageException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** Restores a database from a store. */
final class RestoreCommand extends LtxCommand {

  private final Argument<String> output =
      option("-o", "--output").label("DB").required().description("The database file to make.");
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
  private final Argument<String> storeName =
      parameter("STORE").description("The folder to restore from.");

  RestoreCommand(Session session) {
    super(session, "restore", "Restores a database from a store.");
    description(
        "STORE is a folder in Litestream's layout, the one that holds ltx/0, ltx/1 and so on.",
        "Every file used is verified; the database is visible when it is complete. Without",
        "--txid and --timestamp it is the newest state.");
    example("ltx restore -o restored.db replica");
  }

  @Override
  int run() throws IOException, UsageException {
    RestoreTarget target = target();
    try (LtxStore store = open();
        Processors processors = Processors.all();
        Progress progress = progress("restore")) {
      // How much there is to read is known later; a thread is started when it has something to do.
      Parallelism parallelism = processors.forSize(Long.MAX_VALUE);
      Restorer restorer =
          Restorer.from(store)
              .target(target)
              .reading(ReadOptions.DEFAULT.withParallelism(parallelism))
              .cancelWhen(cancellation()::isRequested)
              .onProgress(now -> progress.update(now.pagesWritten(), now.commit()));
      if (force.get()) {
        restorer.overwrite();
      }
      report(restorer.restoreTo(Targets.path(output.get())));
      return ExitCode.OK;
    } catch (FileAlreadyExistsException e) {
      throw Targets.exists(String.valueOf(e.getFile()));
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

  private LtxStore open() throws IOException {
    String name = storeName.get();
    if (name.contains("://")) {
      throw new CommandException(
          ExitCode.USAGE, name + ": only folders can be restored from yet, not URLs");
    }
    return DirectoryStore.openExisting(Targets.path(name));
  }

  private void report(RestoreResult result) throws IOException {
    for (LtxFileInfo file : result.damaged()) {
      terminal()
          .err()
          .println(
              Messages.oneLine(
                  "ltx: warning: "
                      + file.txids().fileName()
                      + " of level "
                      + file.level()
                      + " is damaged; others were used instead"));
    }
    terminal()
        .out()
        .line(
            "restored transaction "
                + result.plan().txid()
                + ", "
                + result.header().commit()
                + " pages, from "
                + result.plan().files().size()
                + " file(s)");
  }
}

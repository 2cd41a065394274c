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
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Restores a database from a store. */
@Command(
    name = "restore",
    header = "Restores a database from a store.",
    description = {
      "STORE is a folder in Litestream's layout, the one that holds ltx/0, ltx/1 and so on.",
      "Every file used is verified; the database is visible when it is complete. Without",
      "--txid and --timestamp it is the newest state."
    },
    footer = {"", "Example: ltx restore -o restored.db replica"})
final class RestoreCommand extends LtxCommand {

  @Spec private CommandSpec spec;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DB",
      required = true,
      description = "The database file to make.")
  private String output;

  @Option(
      names = {"-txid", "--txid"},
      paramLabel = "HEX16",
      description = "Restore the state after this transaction: 16 hexadecimal digits.")
  private @Nullable String txid;

  @Option(
      names = {"-timestamp", "--timestamp"},
      paramLabel = "TIME",
      description =
          "Restore the last state that is not newer than this time, such as"
              + " 2026-11-25T08:30:00Z.")
  private @Nullable String timestamp;

  @Option(
      names = "--strictly-before",
      description =
          "With --timestamp: a state of exactly that time is too new, as it is to Litestream.")
  private boolean strictlyBefore;

  @Option(
      names = {"-f", "--force"},
      description =
          "Replace DB if it exists, and remove its journal and WAL. Nobody may have it open.")
  private boolean force;

  @Parameters(paramLabel = "STORE", description = "The folder to restore from.")
  private String storeName;

  RestoreCommand(Session session) {
    super(session);
  }

  @Override
  public Integer call() throws IOException {
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
      if (force) {
        restorer.overwrite();
      }
      report(restorer.restoreTo(Targets.path(output)));
      return ExitCode.OK;
    } catch (FileAlreadyExistsException e) {
      throw Targets.exists(String.valueOf(e.getFile()));
    }
  }

  private RestoreTarget target() {
    if (txid != null && timestamp != null) {
      throw new ParameterException(spec.commandLine(), "use --txid or --timestamp, not both");
    }
    if (strictlyBefore && timestamp == null) {
      throw new ParameterException(spec.commandLine(), "--strictly-before needs --timestamp");
    }
    if (txid != null) {
      try {
        return RestoreTarget.at(Txid.parse(txid));
      } catch (IllegalArgumentException e) {
        throw new ParameterException(spec.commandLine(), "--txid: " + e.getMessage());
      }
    }
    if (timestamp == null) {
      return RestoreTarget.latest();
    }
    Instant time = time(timestamp);
    return strictlyBefore ? RestoreTarget.before(time) : RestoreTarget.at(time);
  }

  private Instant time(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new ParameterException(
          spec.commandLine(),
          "--timestamp: \"" + text + "\" is not a time such as 2026-11-25T08:30:00Z",
          e);
    }
  }

  private LtxStore open() throws IOException {
    if (storeName.contains("://")) {
      throw new CommandException(
          ExitCode.USAGE, storeName + ": only folders can be restored from yet, not URLs");
    }
    return DirectoryStore.openExisting(Targets.path(storeName));
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

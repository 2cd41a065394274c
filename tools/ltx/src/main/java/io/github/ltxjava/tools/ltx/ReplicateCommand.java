package io.github.ltxjava.tools.ltx;

import io.github.ltxjava.compaction.policy.Level;
import io.github.ltxjava.compaction.policy.RetentionPolicy;
import io.github.ltxjava.replica.FencedException;
import io.github.ltxjava.replica.Replica;
import io.github.ltxjava.replica.ReplicaOptions;
import io.github.ltxjava.store.LtxStore;
import io.github.ltxjava.tools.cli.ExitCode;
import io.github.ltxjava.tools.cli.Messages;
import io.github.ltxjava.tools.cli.Output;
import io.github.ltxjava.tools.cli.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Keeps stores up to date with a database, until it is told to stop. */
final class ReplicateCommand extends LtxCommand {

  /** After all is uploaded, or cannot be, closing takes hardly any time. */
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final Argument<Boolean> once =
      flag("-once", "--once").description("Upload what is committed by now, and end.");
  private final Argument<Duration> timeout =
      duration("--timeout", "30s", "How long to wait for the last uploads at the end");
  private final Argument<Duration> snapshotInterval =
      duration("--snapshot-interval", "24h", "How often to write a snapshot; 0s: when needed");
  private final Argument<Duration> snapshotRetention =
      duration(
          "--snapshot-retention",
          "24h",
          "How long to keep snapshots, and what can be restored between them; 0s: for ever");
  private final Argument<Duration> level0Retention =
      duration(
          "--l0-retention", "5m", "How long to keep every transaction once merged; 0s: for ever");
  private final Argument<String> levels =
      option("--levels")
          .label("TIMES")
          .defaultValue("30s,5m,1h")
          .description("How often to merge into level 1, 2, ... (30s,5m,1h).");
  private final Argument<String> metricsAddress =
      option("--metrics")
          .label("[HOST:]PORT")
          .description("Serve /metrics for Prometheus; on this machine's loopback without HOST.");
  private final Argument<Boolean> json =
      flag("--json").description("Print events as JSON, one object a line.");
  private final Argument<Boolean> verbose =
      flag("--verbose").description("Print an event for every transaction, too.");
  private final Argument<Boolean> quiet =
      flag("-q", "--quiet").description("Print no events, only what ends the command.");
  private final Argument<String> databaseName =
      parameter("DB").description("The database file; it is put into WAL mode.");
  private final Argument<List<String>> storeNames =
      parameters("STORE").description(Stores.DESCRIPTION);

  ReplicateCommand(Session session) {
    super(session, "replicate", "Keeps stores up to date with a database that is in use.");
    description(
        "Runs until SIGINT or SIGTERM, and then uploads what is left; a second signal ends it at",
        "once. Durations are such as 500ms, 30s, 5m, 24h or 1h30m. Events go to the standard",
        "error. Litestream can restore from the stores, and go on with them.");
    footer(
        "Exit code: 0 everything committed is in all stores, 1 another writer is at work in one,"
            + " 2 the command line is wrong, 3 something is missing in a store or cannot be read.");
    example("ltx replicate --once --quiet app.db backup");
  }

  private Argument<Duration> duration(String name, String defaultValue, String description) {
    return option(name)
        .label("TIME")
        .as(Duration.class, Durations::parse)
        .defaultValue(defaultValue)
        .description(description + " (" + defaultValue + ").");
  }

  @Override
  int run() throws IOException, UsageException {
    Path database = Targets.path(databaseName.get());
    ReplicaOptions options = options();
    if (quiet.get() && (verbose.get() || json.get())) {
      throw new UsageException("--quiet goes with neither --verbose nor --json");
    }
    Map<String, LtxStore> stores = new LinkedHashMap<>();
    try (StopSignals signals = once.get() ? null : StopSignals.watch()) {
      for (String name : storeNames.get()) {
        open(name, stores);
      }
      EventPrinter events = events(stores.size(), signals);
      Replica.Builder builder = Replica.of(database).options(options).listener(events);
      stores.forEach(builder::store);
      try (Replica replica = builder.start();
          Metrics metrics = metrics(replica)) {
        if (signals != null) {
          events.say(
              "started",
              databaseName.get() + ": replicating to " + String.join(", ", stores.keySet()));
          if (metrics != null) {
            events.say("metrics", "metrics at " + metrics.url());
          }
          signals.await();
        }
        finish(replica);
        return ExitCode.OK;
      }
    } finally {
      closeAll(stores);
    }
  }

  /** Uploads what is committed by now. */
  private void finish(Replica replica) throws IOException {
    try {
      String txid = replica.sync(timeout.get()).toString();
      terminal().out().line("transaction " + txid + " is in all stores");
      terminal().out().flush();
    } catch (FencedException e) {
      throw new CommandException(ExitCode.DAMAGED, String.valueOf(e.getMessage()));
    } catch (TimeoutException e) {
      throw new CommandException(
          ExitCode.IO, e.getMessage() + ", after " + timeout.get().toMillis() + " ms");
    }
  }

  private EventPrinter events(int storeCount, @Nullable StopSignals signals) {
    EventPrinter.Detail detail =
        quiet.get()
            ? EventPrinter.Detail.NONE
            : verbose.get() ? EventPrinter.Detail.ALL : EventPrinter.Detail.NOTABLE;
    return new EventPrinter(
        new Output(terminal().err()),
        detail,
        json.get(),
        InstantSource.system(),
        storeCount,
        () -> {
          if (signals != null) {
            signals.stop();
          }
        });
  }

  private @Nullable Metrics metrics(Replica replica) throws IOException, UsageException {
    String address = metricsAddress.orNull();
    return address == null
        ? null
        : Metrics.serve(Metrics.address(address), databaseName.get(), replica::status);
  }

  private ReplicaOptions options() throws UsageException {
    return ReplicaOptions.DEFAULT
        .withLevels(levels())
        .withSnapshotInterval(snapshotInterval.get())
        .withRetention(new RetentionPolicy(level0Retention.get(), snapshotRetention.get()))
        .withCloseTimeout(CLOSE_TIMEOUT);
  }

  private List<Level> levels() throws UsageException {
    List<Level> all = new ArrayList<>();
    try {
      for (String interval : levels.get().split(",", -1)) {
        all.add(new Level(all.size() + 1, Durations.parse(interval)));
      }
      return all;
    } catch (IllegalArgumentException e) {
      throw new UsageException("--levels: " + e.getMessage());
    }
  }

  /** Opens a store; two that differ in parameters alone are told apart by a number. */
  private void open(String word, Map<String, LtxStore> stores) throws IOException, UsageException {
    List<String> words = storeNames.get();
    if (words.indexOf(word) != words.lastIndexOf(word)) {
      throw new UsageException("the store " + Stores.label(word) + " is named twice");
    }
    String name = Stores.label(word);
    if (stores.containsKey(name)) {
      name = name + " (" + (stores.size() + 1) + ")";
    }
    stores.put(name, Stores.writing(word));
  }

  private void closeAll(Map<String, LtxStore> stores) {
    for (LtxStore store : stores.values()) {
      try {
        store.close();
      } catch (IOException e) {
        terminal().err().println(Messages.oneLine("ltx: warning: " + Messages.of(e)));
      }
    }
  }
}

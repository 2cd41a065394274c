package io.github.ltxjava.tools.ltx;

import io.github.ltxjava.Txid;
import io.github.ltxjava.compaction.restore.RestoreException;
import io.github.ltxjava.compaction.restore.RestorePlanner;
import io.github.ltxjava.compaction.restore.RestoreTarget;
import io.github.ltxjava.store.LtxFileInfo;
import io.github.ltxjava.store.LtxStore;
import io.github.ltxjava.tools.cli.ExitCode;
import io.github.ltxjava.tools.cli.JsonWriter;
import io.github.ltxjava.tools.cli.OutputException;
import io.github.ltxjava.tools.cli.Timestamps;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Prints which states of a database a store can give back. */
final class RestorePointsCommand extends LtxCommand {

  private final Argument<Boolean> json = flag("--json").description("Print JSON.");
  private final Argument<String> storeName = parameter("STORE").description(Stores.DESCRIPTION);

  RestorePointsCommand(Session session) {
    super(session, "restore-points", "Lists the states that can be restored from a store.");
    description(
        "One line is one state, for restore --txid or --timestamp, the oldest first. The column",
        "step counts transactions since the state before: more than one where only merged files",
        "are left, and 0 for the first. Files are not opened.");
    footer(
        "Exit code: 0 done, 1 there is nothing, or transactions are missing, so that the newest"
            + " state cannot be had.");
    example("ltx restore-points replica");
  }

  /**
   * A state.
   *
   * @param time from which on {@code restore --timestamp} gives it
   * @param level of the file that ends with it
   * @param step transactions since the state before; 0 for the first
   */
  private record Point(Txid txid, Instant time, int level, long step) {
    String timeText() {
      // Upwards, so that what is printed does not fall short of it.
      return Timestamps.format(time.plusNanos(999_999).toEpochMilli());
    }
  }

  @Override
  int run() throws IOException {
    List<LtxFileInfo> files;
    try (LtxStore store = Stores.reading(storeName.get())) {
      files = store.withExactTimestamps(store.listAll());
    }
    List<Point> points = points(files);
    String problem = null;
    try {
      RestorePlanner.plan(files, RestoreTarget.latest());
    } catch (RestoreException e) {
      problem = e.getMessage();
    }
    if (json.get()) {
      printJson(points, problem);
    } else if (!points.isEmpty()) {
      print(points);
    }
    if (problem != null) {
      throw new CommandException(ExitCode.DAMAGED, Stores.label(storeName.get()) + ": " + problem);
    }
    return ExitCode.OK;
  }

  private static List<Point> points(List<LtxFileInfo> files) {
    List<LtxFileInfo> byEnd = new ArrayList<>(files);
    byEnd.sort(Comparator.comparing(file -> file.txids().max()));
    NavigableMap<Txid, Point> points = new TreeMap<>();
    for (LtxFileInfo file : byEnd) {
      Instant time = time(file, points);
      if (time != null) {
        Txid txid = file.txids().max();
        Map.Entry<Txid, Point> before = points.lowerEntry(txid);
        long step = before == null ? 0 : txid.value() - before.getKey().value();
        points.merge(
            txid,
            new Point(txid, time, file.level(), step),
            (one, other) -> other.time().isBefore(one.time()) ? other : one);
      }
    }
    return List.copyOf(points.values());
  }

  /**
   * Returns from which time on a file gives a state: all files that it takes have to be that old.
   * Null if it gives none, as nothing leads to it.
   */
  private static @Nullable Instant time(LtxFileInfo file, NavigableMap<Txid, Point> points) {
    Instant created = file.createdAt();
    if (file.txids().isSnapshot()) {
      return created;
    }
    Txid before = Txid.of(file.txids().min().value() - 1);
    return points.subMap(before, true, file.txids().max(), false).values().stream()
        .map(Point::time)
        .min(Comparator.naturalOrder())
        .map(base -> base.isAfter(created) ? base : created)
        .orElse(null);
  }

  private void print(List<Point> points) throws OutputException {
    Table table = new Table(List.of("txid", "time", "level", "step"));
    for (Point point : points) {
      table.add(
          List.of(
              point.txid().toString(),
              point.timeText(),
              Integer.toString(point.level()),
              Long.toString(point.step())));
    }
    table.print(terminal().out());
  }

  private void printJson(List<Point> points, @Nullable String problem) throws OutputException {
    JsonWriter out = new JsonWriter(terminal().out());
    out.object().name("store").value(Stores.label(storeName.get())).name("points").array();
    for (Point point : points) {
      out.inlineObject().name("txid").value(point.txid().toString());
      out.name("time").value(point.timeText()).name("level").value(point.level());
      out.name("step").value(point.step()).endObject();
    }
    out.endArray();
    if (problem != null) {
      out.name("problem").value(problem);
    }
    out.endObject();
  }
}

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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
   * @param file the earliest file that ends with it
   * @param step transactions since the state before; 0 for the first
   */
  private record Point(Txid txid, LtxFileInfo file, long step) {
    String time() {
      return Timestamps.format(file.createdAt().toEpochMilli());
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
    Map<Txid, LtxFileInfo> ends = new HashMap<>();
    for (LtxFileInfo file : files) {
      ends.merge(
          file.txids().max(),
          file,
          (one, other) -> other.createdAt().isBefore(one.createdAt()) ? other : one);
    }
    List<Point> points = new ArrayList<>();
    for (Txid txid : RestorePlanner.availableTxids(files)) {
      long step =
          points.isEmpty() ? 0 : txid.value() - points.get(points.size() - 1).txid().value();
      LtxFileInfo file = ends.get(txid);
      if (file != null) {
        points.add(new Point(txid, file, step));
      }
    }
    return points;
  }

  private void print(List<Point> points) throws OutputException {
    Table table = new Table(List.of("txid", "time", "level", "step"));
    for (Point point : points) {
      table.add(
          List.of(
              point.txid().toString(),
              point.time(),
              Integer.toString(point.file().level()),
              Long.toString(point.step())));
    }
    table.print(terminal().out());
  }

  private void printJson(List<Point> points, @Nullable String problem) throws OutputException {
    JsonWriter out = new JsonWriter(terminal().out());
    out.object().name("store").value(Stores.label(storeName.get())).name("points").array();
    for (Point point : points) {
      out.inlineObject().name("txid").value(point.txid().toString());
      out.name("time").value(point.time()).name("level").value(point.file().level());
      out.name("step").value(point.step()).endObject();
    }
    out.endArray();
    if (problem != null) {
      out.name("problem").value(problem);
    }
    out.endObject();
  }
}

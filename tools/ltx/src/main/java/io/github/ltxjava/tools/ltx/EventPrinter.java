package io.github.ltxjava.tools.ltx;

import io.github.ltxjava.TxidRange;
import io.github.ltxjava.compaction.policy.CompactionJob;
import io.github.ltxjava.replica.ReplicaEvent;
import io.github.ltxjava.replica.ReplicaListener;
import io.github.ltxjava.store.LtxFileInfo;
import io.github.ltxjava.tools.cli.JsonWriter;
import io.github.ltxjava.tools.cli.Messages;
import io.github.ltxjava.tools.cli.Output;
import io.github.ltxjava.tools.cli.OutputException;
import io.github.ltxjava.tools.cli.Timestamps;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Prints what happens to a replica, a line each: a text, or a JSON object. */
final class EventPrinter implements ReplicaListener {

  /** How much to print. */
  enum Detail {
    /** Nothing. */
    NONE,
    /** What happens seldom: snapshots, failures, losses. */
    NOTABLE,
    /** Every transaction, too. */
    ALL
  }

  private final Output out;
  private final Detail detail;
  private final boolean json;
  private final InstantSource clock;
  private final Runnable whenAllFenced;
  private final int storeCount;
  private final Set<String> fenced = ConcurrentHashMap.newKeySet();

  /**
   * Creates a printer.
   *
   * @param out used under the lock of this object
   * @param storeCount how many stores there are
   * @param whenAllFenced runs once no store takes anything any more
   */
  EventPrinter(
      Output out,
      Detail detail,
      boolean json,
      InstantSource clock,
      int storeCount,
      Runnable whenAllFenced) {
    this.out = out;
    this.detail = detail;
    this.json = json;
    this.clock = clock;
    this.storeCount = storeCount;
    this.whenAllFenced = whenAllFenced;
  }

  /** A line to print; the fields are those of the JSON. */
  private static final class Line {
    private final String event;
    private final String text;
    private final Map<String, Object> fields = new LinkedHashMap<>();

    Line(String event, String text) {
      this.event = event;
      this.text = text;
    }

    Line with(String name, Object value) {
      fields.put(name, value);
      return this;
    }
  }

  @Override
  public void on(ReplicaEvent event) {
    if (event instanceof ReplicaEvent.Fenced fence) {
      fenced(fence);
    } else if (detail == Detail.ALL || (detail == Detail.NOTABLE && isNotable(event))) {
      print(line(event));
    }
  }

  private void fenced(ReplicaEvent.Fenced event) {
    // It is told again when the replica is closed.
    if (!fenced.add(event.store())) {
      return;
    }
    if (detail != Detail.NONE) {
      String message = String.valueOf(event.failure().getMessage());
      print(
          new Line("fenced", event.store() + ": nothing is written any more: " + message)
              .with("store", event.store())
              .with("message", message));
    }
    if (fenced.size() == storeCount) {
      whenAllFenced.run();
    }
  }

  /** Says something that is no event of a replica. */
  void say(String event, String text) {
    if (detail != Detail.NONE) {
      print(new Line(event, text).with("message", text));
    }
  }

  private static boolean isNotable(ReplicaEvent event) {
    return event instanceof ReplicaEvent.AllPagesCaptured
        || event instanceof ReplicaEvent.Retrying
        || (event instanceof ReplicaEvent.Uploaded uploaded
            && uploaded.file().level() == LtxFileInfo.SNAPSHOT_LEVEL);
  }

  private static Line line(ReplicaEvent event) {
    if (event instanceof ReplicaEvent.Captured captured) {
      String txid = captured.txid().toString();
      return new Line("captured", "captured up to transaction " + txid).with("txid", txid);
    }
    if (event instanceof ReplicaEvent.AllPagesCaptured all) {
      String txid = all.txid().toString();
      return new Line("all-pages-captured", "captured all pages as " + txid + ": " + all.reason())
          .with("txid", txid)
          .with("message", all.reason());
    }
    if (event instanceof ReplicaEvent.Checkpointed checkpoint) {
      return new Line(
              "checkpointed",
              checkpoint.complete() ? "checkpointed the WAL" : "checkpointed a part of the WAL")
          .with("complete", checkpoint.complete());
    }
    if (event instanceof ReplicaEvent.Uploaded uploaded) {
      LtxFileInfo file = uploaded.file();
      return files(uploaded.store() + ": uploaded " + file.name(), file.txids())
          .with("store", uploaded.store())
          .with("level", file.level());
    }
    if (event instanceof ReplicaEvent.Retrying retrying) {
      String message = String.valueOf(retrying.failure().getMessage());
      return new Line(
              "retrying",
              retrying.where()
                  + ": failed, attempt "
                  + retrying.attempts()
                  + ", and is tried again: "
                  + message)
          .with("where", retrying.where())
          .with("attempts", retrying.attempts())
          .with("message", message);
    }
    if (event instanceof ReplicaEvent.Compacted compacted) {
      return compacted(compacted.store(), compacted.job());
    }
    throw new IllegalStateException("an event of an unknown kind: " + event);
  }

  private static Line files(String text, TxidRange txids) {
    return new Line("uploaded", text)
        .with("minTxid", txids.min().toString())
        .with("maxTxid", txids.max().toString());
  }

  private static Line compacted(String store, CompactionJob job) {
    if (job instanceof CompactionJob.Merge merge) {
      String text = merge.inputs().size() + " file(s) into one of level " + merge.level();
      return new Line("merged", store + ": merged " + text)
          .with("store", store)
          .with("level", merge.level())
          .with("files", merge.inputs().size());
    }
    if (job instanceof CompactionJob.Expire expire) {
      return new Line("deleted", store + ": deleted " + expire.files().size() + " file(s)")
          .with("store", store)
          .with("files", expire.files().size());
    }
    return new Line("snapshot", store + ": merged a snapshot").with("store", store);
  }

  private synchronized void print(Line line) {
    String time = Timestamps.format(clock.millis());
    try {
      if (json) {
        JsonWriter writer = new JsonWriter(out);
        writer.inlineObject().name("time").value(time).name("event").value(line.event);
        for (Map.Entry<String, Object> field : line.fields.entrySet()) {
          writer.name(field.getKey());
          if (field.getValue() instanceof Integer number) {
            writer.value(number);
          } else if (field.getValue() instanceof Boolean truth) {
            writer.value(truth);
          } else {
            writer.value(field.getValue().toString());
          }
        }
        writer.endObject();
      } else {
        out.line(time + " " + Messages.oneLine(line.text));
      }
      out.flush();
    } catch (OutputException e) {
      // Nobody listens any more, which is no reason to stop replicating.
      return;
    }
  }
}

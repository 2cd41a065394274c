package io.github.ltxjava.tools.ltx;

import io.github.ltxjava.compaction.restore.RestorePlan;
import io.github.ltxjava.compaction.restore.RestoreResult;
import io.github.ltxjava.compaction.restore.SkippedFile;
import io.github.ltxjava.compaction.restore.SkippedFile.Cause;
import io.github.ltxjava.generations.GenerationPlan;
import io.github.ltxjava.generations.GenerationResult;
import io.github.ltxjava.store.LtxFileInfo;
import io.github.ltxjava.store.generations.GenerationFile;
import io.github.ltxjava.tools.cli.JsonWriter;
import io.github.ltxjava.tools.cli.Messages;
import io.github.ltxjava.tools.cli.Output;
import io.github.ltxjava.tools.cli.OutputException;
import java.util.List;

/** Prints what would be or was restored, for people or as JSON. */
final class RestoreReport {

  private static final int SIZE_WIDTH = 14;

  private final Terminal terminal;
  private final boolean json;

  RestoreReport(Terminal terminal, boolean json) {
    this.terminal = terminal;
    this.json = json;
  }

  void plan(RestorePlan plan) throws OutputException {
    if (json) {
      JsonWriter out = new JsonWriter(terminal.out()).object();
      members(out, plan);
      out.endObject();
      return;
    }
    Output out = terminal.out();
    out.text("level  min_txid          max_txid  ")
        .aligned("size", SIZE_WIDTH + 8)
        .line("  created");
    for (LtxFileInfo file : plan.files()) {
      out.aligned(Integer.toString(file.level()), 5);
      out.text("  " + file.txids().min() + "  " + file.txids().max());
      out.aligned(Long.toString(file.size()), SIZE_WIDTH).line("  " + file.createdAt());
    }
    out.line(
        "would restore transaction "
            + plan.txid()
            + " of "
            + plan.createdAt()
            + " from "
            + plan.files().size()
            + " file(s), "
            + plan.size()
            + " bytes");
  }

  void plan(GenerationPlan plan) throws OutputException {
    if (json) {
      JsonWriter out = new JsonWriter(terminal.out()).object();
      members(out, plan);
      out.endObject();
      return;
    }
    Output out = terminal.out();
    int width = plan.files().stream().mapToInt(file -> file.key().length()).max().orElse(0);
    out.padded("file", width).aligned("size", SIZE_WIDTH).line("  created");
    for (GenerationFile file : plan.files()) {
      out.padded(file.key(), width).aligned(Long.toString(file.size()), SIZE_WIDTH);
      out.line("  " + file.createdAt());
    }
    out.line(
        "would restore the state of "
            + plan.createdAt()
            + " from "
            + plan.files().size()
            + " file(s), "
            + plan.size()
            + " bytes");
  }

  void result(RestoreResult result) throws OutputException {
    for (SkippedFile skipped : result.skipped()) {
      warn(
          skipped.cause() == Cause.DAMAGED
              ? "["
                  + skipped.file().name()
                  + "] is damaged; others were used instead: "
                  + skipped.detail()
              : "[" + skipped.file().name() + "] was removed meanwhile; others were used instead");
    }
    if (json) {
      JsonWriter out = new JsonWriter(terminal.out()).object();
      members(out, result.plan());
      database(out, result.header().pageSize(), result.header().commit());
      skipped(out, result.skipped().stream().map(skipped -> skipped.file().name()).toList());
      out.endObject();
      return;
    }
    terminal
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

  void result(GenerationResult result) throws OutputException {
    for (GenerationFile file : result.skipped()) {
      warn("[" + file.key() + "] is damaged or was removed meanwhile; others were used instead");
    }
    if (json) {
      JsonWriter out = new JsonWriter(terminal.out()).object();
      members(out, result.plan());
      database(out, result.pageSize(), result.pageCount());
      skipped(out, result.skipped().stream().map(GenerationFile::key).toList());
      out.endObject();
      return;
    }
    terminal
        .out()
        .line(
            "restored the state of "
                + result.plan().createdAt()
                + ", "
                + result.pageCount()
                + " pages, from "
                + result.plan().files().size()
                + " file(s) of generation "
                + result.plan().snapshot().generation());
  }

  private void warn(String text) {
    terminal.err().println(Messages.oneLine("ltx: warning: " + text));
  }

  private static void members(JsonWriter out, RestorePlan plan) throws OutputException {
    out.name("format").value("ltx");
    out.name("txid").value(plan.txid().toString());
    out.name("createdAt").value(plan.createdAt().toString());
    out.name("size").value(plan.size());
    out.name("files").array();
    for (LtxFileInfo file : plan.files()) {
      out.inlineObject();
      out.name("level").value(file.level());
      out.name("minTxid").value(file.txids().min().toString());
      out.name("maxTxid").value(file.txids().max().toString());
      out.name("size").value(file.size());
      out.name("createdAt").value(file.createdAt().toString());
      out.endObject();
    }
    out.endArray();
  }

  private static void members(JsonWriter out, GenerationPlan plan) throws OutputException {
    out.name("format").value("generations");
    out.name("generation").value(plan.snapshot().generation());
    out.name("createdAt").value(plan.createdAt().toString());
    out.name("size").value(plan.size());
    out.name("files").array();
    for (GenerationFile file : plan.files()) {
      out.inlineObject();
      out.name("key").value(file.key());
      out.name("size").value(file.size());
      out.name("createdAt").value(file.createdAt().toString());
      out.endObject();
    }
    out.endArray();
  }

  private static void database(JsonWriter out, int pageSize, long pages) throws OutputException {
    out.name("pageSize").value(pageSize);
    out.name("pages").value(pages);
  }

  private static void skipped(JsonWriter out, List<String> names) throws OutputException {
    out.name("skipped").array();
    for (String name : names) {
      out.value(name);
    }
    out.endArray();
  }
}

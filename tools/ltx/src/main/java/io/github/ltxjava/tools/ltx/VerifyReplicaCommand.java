package io.github.ltxjava.tools.ltx;

import io.github.ltxjava.store.LtxStore;
import io.github.ltxjava.tools.cli.ExitCode;
import io.github.ltxjava.tools.cli.JsonWriter;
import io.github.ltxjava.tools.cli.Messages;
import io.github.ltxjava.tools.cli.OutputException;
import io.github.ltxjava.tools.cli.Processors;
import io.github.ltxjava.tools.ltx.ReplicaCheck.Finding;
import java.io.IOException;

/** Checks everything that a store holds. */
final class VerifyReplicaCommand extends LtxCommand {

  private final Argument<Boolean> full =
      flag("--full")
          .description(
              "Also restore the newest state into a temporary file, compare its checksum where the"
                  + " files have one, and let SQLite check it.");
  private final Argument<Boolean> json = flag("--json").description("Print JSON.");
  private final Argument<String> storeName = parameter("STORE").description(Stores.DESCRIPTION);

  VerifyReplicaCommand(Session session) {
    super(session, "verify-replica", "Checks all files of a store, and that they fit together.");
    description(
        "Every file is read to its last byte: header, pages, index, checksums, and that it holds",
        "the transactions that its name says. Transactions missing within a level are a warning",
        "if the newest state can be restored from other levels.");
    footer(
        "Exit code: 0 sound, perhaps with warnings, 1 something is damaged or the newest state"
            + " cannot be restored, 3 a file cannot be read.");
    example("ltx verify-replica replica");
  }

  @Override
  int run() throws IOException {
    ReplicaCheck check;
    try (LtxStore store = Stores.reading(storeName.get());
        Processors processors = Processors.all()) {
      check = new ReplicaCheck(store, processors, cancellation());
      check.files();
      if (full.get() && check.isRestorable()) {
        check.restore();
      }
    }
    if (json.get()) {
      printJson(check);
    } else {
      print(check);
    }
    if (check.findings().stream().anyMatch(finding -> finding.code().equals(ReplicaCheck.IO))) {
      return ExitCode.IO;
    }
    return check.isSound() ? ExitCode.OK : ExitCode.DAMAGED;
  }

  private void print(ReplicaCheck check) throws OutputException {
    for (Finding finding : check.findings()) {
      terminal()
          .out()
          .line(
              Messages.oneLine(
                  (finding.warning() ? "warning: " : "")
                      + (finding.file().isEmpty() ? "" : finding.file() + ": ")
                      + finding.message()));
    }
    StringBuilder text = new StringBuilder();
    text.append(check.fileCount()).append(" file(s), ").append(check.byteCount()).append(" bytes");
    check.newest().ifPresent(txid -> text.append(", up to transaction ").append(txid));
    if (check.isRestored() && check.isSound()) {
      text.append(", restored, integrity ok");
      text.append(check.hasChecksum() ? ", checksum equal" : ", no checksum to compare");
    }
    terminal().out().line(text.append(check.isSound() ? ": sound" : ": damaged").toString());
  }

  private void printJson(ReplicaCheck check) throws OutputException {
    JsonWriter out = new JsonWriter(terminal().out());
    out.object().name("store").value(Stores.label(storeName.get()));
    out.name("sound").value(check.isSound());
    out.name("files").value(check.fileCount()).name("bytes").value(check.byteCount());
    if (check.newest().isPresent()) {
      out.name("txid").value(check.newest().get().toString());
    }
    out.name("restored").value(check.isRestored());
    out.name("checksumCompared").value(check.isRestored() && check.hasChecksum());
    out.name("findings").array();
    for (Finding finding : check.findings()) {
      out.inlineObject().name("code").value(finding.code());
      out.name("warning").value(finding.warning()).name("file").value(finding.file());
      out.name("message").value(finding.message()).endObject();
    }
    out.endArray().endObject();
  }
}

package io.github.ltxjava.tools.ltx;

import io.github.ltxjava.Layout;
import io.github.ltxjava.Parallelism;
import io.github.ltxjava.WriteOptions;
import io.github.ltxjava.sqlite.SnapshotEncoder;
import io.github.ltxjava.sqlite.SqliteSnapshot;
import io.github.ltxjava.tools.cli.ExitCode;
import io.github.ltxjava.tools.cli.Processors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/** Writes a database as a snapshot. */
final class EncodeDbCommand extends LtxCommand {

  private final OutputFile output = OutputFile.replaced(this);
  private final Argument<Layout> layout = LayoutOption.withDefault(this);
  private final Argument<Boolean> noChecksum =
      flag("--no-checksum").description("Leave the database checksum out, as Litestream does.");
  private final Argument<String> databaseName = parameter("DB").description("The database file.");

  EncodeDbCommand(Session session) {
    super(session, "encode-db", "Writes a SQLite database as a snapshot.");
    description(
        "The snapshot is one committed state, as SQLite sees it, also of a database that is in use",
        "or has transactions in its WAL. Where that cannot be had, the command says why.",
        "As with the Go program, OUT is replaced if it exists, and holds transaction 1.");
    example("ltx encode-db -o app.ltx app.db");
  }

  @Override
  int run() throws IOException {
    Path database = Targets.path(databaseName.get());
    refuseSameFile(database);
    try (SqliteSnapshot snapshot = SqliteSnapshot.open(database);
        Processors processors = Processors.all();
        Progress progress = progress("encode-db")) {
      long commit = snapshot.commit();
      if (commit == 0) {
        throw new CommandException(
            ExitCode.DAMAGED,
            databaseName.get() + ": the database is empty; there is nothing to encode");
      }
      SnapshotEncoder encoder =
          SnapshotEncoder.of(snapshot)
              .timestamp(Clock.systemUTC().instant())
              .options(options(processors.forSize(commit * snapshot.pageSize())))
              .onProgress(page -> progress.update(page, commit));
      write(noChecksum.get() ? encoder.withoutChecksums() : encoder);
      return ExitCode.OK;
    }
  }

  private WriteOptions options(Parallelism parallelism) {
    return WriteOptions.DEFAULT.withLayout(layout.get()).withParallelism(parallelism);
  }

  private void refuseSameFile(Path database) throws IOException {
    if (output.name().equals("-")) {
      return;
    }
    Path target = Targets.path(output.name());
    if (Files.exists(target) && Files.exists(database) && Files.isSameFile(target, database)) {
      throw new CommandException(
          ExitCode.USAGE, "input and output files are the same: " + databaseName.get());
    }
  }

  private void write(SnapshotEncoder encoder) throws IOException {
    try {
      output.write(encoder::writeTo);
    } catch (IllegalArgumentException e) {
      throw new CommandException(
          ExitCode.DAMAGED,
          databaseName.get() + " cannot be written as " + layout.get() + ": " + e.getMessage());
    }
  }
}

package io.github.ltxjava.tools.ltx;

import io.github.ltxjava.Layout;
import io.github.ltxjava.Parallelism;
import io.github.ltxjava.WriteOptions;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.sqlite.SnapshotEncoder;
import io.github.ltxjava.sqlite.SqliteSnapshot;
import io.github.ltxjava.tools.cli.ExitCode;
import io.github.ltxjava.tools.cli.Processors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a database as a snapshot. */
@Command(
    name = "encode-db",
    header = "Writes a SQLite database as a snapshot.",
    description = {
      "The snapshot is one committed state, as SQLite sees it, also of a database that is in use",
      "or has transactions in its WAL. Where that cannot be had, the command says why.",
      "As with the Go program, OUT is replaced if it exists, and holds transaction 1."
    },
    footer = {"", "Example: ltx encode-db -o app.ltx app.db"})
final class EncodeDbCommand extends LtxCommand {

  @Option(
      names = {"-o", "--output"},
      paramLabel = "OUT",
      required = true,
      description = "The file to write, or - for the standard output.")
  private String output;

  @Option(
      names = "--to",
      paramLabel = "LAYOUT",
      defaultValue = "v3-block",
      converter = LayoutConverter.class,
      description = "v3-block (the default), v3-frame, v2, v1-raw or v1-lz4.")
  private Layout layout;

  @Option(
      names = "--no-checksum",
      description = "Leave the database checksum out, as Litestream does.")
  private boolean noChecksum;

  @Parameters(paramLabel = "DB", description = "The database file.")
  private String databaseName;

  EncodeDbCommand(Session session) {
    super(session);
  }

  @Override
  public Integer call() throws IOException {
    Path database = Targets.path(databaseName);
    refuseSameFile(database);
    try (SqliteSnapshot snapshot = SqliteSnapshot.open(database);
        Processors processors = Processors.all();
        Progress progress = progress("encode-db")) {
      long commit = snapshot.commit();
      if (commit == 0) {
        throw new CommandException(
            ExitCode.DAMAGED, databaseName + ": the database is empty; there is nothing to encode");
      }
      SnapshotEncoder encoder =
          SnapshotEncoder.of(snapshot)
              .timestamp(Clock.systemUTC().instant())
              .options(options(processors.forSize(commit * snapshot.pageSize())))
              .onProgress(page -> progress.update(page, commit));
      write(noChecksum ? encoder.withoutChecksums() : encoder);
      return ExitCode.OK;
    }
  }

  private WriteOptions options(Parallelism parallelism) {
    return WriteOptions.DEFAULT.withLayout(layout).withParallelism(parallelism);
  }

  private void refuseSameFile(Path database) throws IOException {
    if (output.equals("-")) {
      return;
    }
    Path target = Targets.path(output);
    if (Files.exists(target) && Files.exists(database) && Files.isSameFile(target, database)) {
      throw new CommandException(
          ExitCode.USAGE, "input and output files are the same: " + databaseName);
    }
  }

  private void write(SnapshotEncoder encoder) throws IOException {
    try (ByteSink sink = Targets.sink(output, true, terminal())) {
      encoder.writeTo(sink);
    } catch (IllegalArgumentException e) {
      throw new CommandException(
          ExitCode.DAMAGED,
          databaseName + " cannot be written as " + layout + ": " + e.getMessage());
    }
  }
}

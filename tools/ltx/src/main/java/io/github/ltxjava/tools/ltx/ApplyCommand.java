package io.github.ltxjava.tools.ltx;

import io.github.ltxjava.ReadOptions;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.sqlite.DatabaseApplier;
import io.github.ltxjava.tools.cli.ExitCode;
import io.github.ltxjava.tools.cli.Processors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Applies files to a database. */
final class ApplyCommand extends LtxCommand {

  private final Argument<String> databaseName =
      option("-db", "--db").label("DB").required().description("The database file.");
  private final Argument<List<String>> files =
      parameters("FILE").description("The files, in order.");

  ApplyCommand(Session session) {
    super(session, "apply", "Applies files to a database: all of them, or none.");
    description(
        "Every file is verified before the database is touched, and the database is checked by the",
        "checksums that the files carry. A crash in the middle leaves a rollback journal, by which",
        "SQLite restores the old state. A database that does not exist is made.");
    example("ltx apply -db replayed.db 1.ltx 2.ltx 3.ltx");
  }

  @Override
  int run() throws IOException {
    Path database = Targets.path(databaseName.get());
    List<ByteSource> sources = new ArrayList<>();
    try (Processors processors = Processors.all()) {
      long size = 0;
      for (String file : files.get()) {
        ByteSource source = Targets.source(file);
        sources.add(source);
        size += source.size();
      }
      ReadOptions reading = ReadOptions.DEFAULT.withParallelism(processors.forSize(size));
      if (Files.exists(database)) {
        // Changing in place is undone by way of the open file, which an interrupt would close.
        cancellation().withoutInterrupt();
      }
      DatabaseApplier.apply(database, sources, reading);
      return ExitCode.OK;
    } finally {
      for (ByteSource source : sources) {
        source.close();
      }
    }
  }
}

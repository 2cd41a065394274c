package io.github.ltxjava.tools.ltx;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.DatabaseChecksum;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.tools.cli.ExitCode;
import io.github.ltxjava.tools.cli.Processors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** Computes the checksum of a database file. */
final class ChecksumCommand extends LtxCommand {

  private static final int HEADER_SIZE = 100;
  private static final int PAGE_SIZE_OFFSET = 16;

  private final Argument<String> databaseName = parameter("DB").description("The database file.");

  ChecksumCommand(Session session) {
    super(session, "checksum", "Computes the checksum of a database file.");
    description(
        "It is the checksum of all pages, as headers and trailers of LTX files have it. What is",
        "only in the database's WAL does not count.");
    example("ltx checksum app.db");
  }

  @Override
  int run() throws IOException {
    String database = databaseName.get();
    try (ByteSource source = Targets.source(database)) {
      int pageSize = pageSize(database, source);
      warnOfWal(database);
      Checksum checksum = compute(source, pageSize);
      terminal().out().line(checksum.toString());
      return ExitCode.OK;
    }
  }

  private static int pageSize(String database, ByteSource source) throws IOException {
    if (source.size() < HEADER_SIZE) {
      throw new CommandException(
          ExitCode.DAMAGED,
          database
              + (source.size() == 0
                  ? ": an empty database has no page size, and so no checksum"
                  : ": not a SQLite database: it is shorter than the database header"));
    }
    ByteBuffer field = ByteBuffer.allocate(Short.BYTES);
    source.readFully(PAGE_SIZE_OFFSET, field);
    int stored = Short.toUnsignedInt(field.getShort(0));
    int pageSize = stored == 1 ? LtxHeader.MAX_PAGE_SIZE : stored;
    if (pageSize < LtxHeader.MIN_PAGE_SIZE || Integer.bitCount(pageSize) != 1) {
      throw new CommandException(
          ExitCode.DAMAGED,
          database
              + ": not a SQLite database: the page size at offset 16 is "
              + stored
              + ", not a power of two from 512 to 65536");
    }
    if (source.size() % pageSize != 0) {
      throw new CommandException(
          ExitCode.DAMAGED,
          database
              + ": "
              + source.size()
              + " bytes are not a whole number of pages of "
              + pageSize
              + " bytes; the file is cut or is being written");
    }
    return pageSize;
  }

  private void warnOfWal(String database) throws IOException {
    Path wal = Targets.path(database + "-wal");
    if (Files.exists(wal) && Files.size(wal) > 0) {
      terminal()
          .err()
          .println(
              "ltx: warning: there is a WAL beside the database, and what it holds does not count");
    }
  }

  private static Checksum compute(ByteSource source, int pageSize) throws IOException {
    try (Processors processors = Processors.all()) {
      return DatabaseChecksum.of(source, pageSize, processors.forSize(source.size()));
    }
  }
}

package io.github.ltxjava.tools.ltx;

import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxFile;
import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.LtxFormatException.Reason;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxReader;
import io.github.ltxjava.tools.cli.ExitCode;
import io.github.ltxjava.tools.cli.UsageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Writes one page. */
final class ExtractCommand extends LtxCommand {

  private final Argument<Long> page =
      option("--page").label("N").number().required().description("The page number.");
  private final OutputFile output = OutputFile.of(this);
  private final Argument<String> file = parameter("FILE").description("The file to read.");

  ExtractCommand(Session session) {
    super(session, "extract", "Writes the bytes of one page.");
    description(
        "The page is found by the index and checked by itself; run ltx verify first where the",
        "whole file has to be sound.");
    example("ltx extract --page 1 -o page-1 snapshot.ltx");
  }

  @Override
  int run() throws IOException, UsageException {
    long number = page.get();
    if (number < 1 || number > LtxHeader.MAX_PAGE_NUMBER) {
      throw new UsageException("page " + number + " is not from 1 to " + LtxHeader.MAX_PAGE_NUMBER);
    }
    Optional<ByteBuffer> found = find(number);
    if (found.isEmpty()) {
      throw new CommandException(
          ExitCode.DAMAGED,
          "[" + file.get() + "] does not hold page " + number + "; see ltx-dump --pages");
    }
    ByteBuffer content = found.get();
    output.write(
        sink -> {
          sink.write(content);
          sink.commit();
        });
    return ExitCode.OK;
  }

  private Optional<ByteBuffer> find(long number) throws IOException {
    try (LtxFile source = LtxFile.open(Targets.source(file.get()))) {
      ByteBuffer content = ByteBuffer.allocate(source.header().pageSize());
      return source.readPage(number, content) ? Optional.of(content.flip()) : Optional.empty();
    } catch (LtxFormatException e) {
      if (e.reason() != Reason.UNSUPPORTED) {
        throw e;
      }
      return search(number, e);
    }
  }

  /** Reads a compressed version 1 file, which has no index, up to the page. */
  private Optional<ByteBuffer> search(long number, LtxFormatException refusal) throws IOException {
    try (LtxReader reader = LtxReader.open(Targets.source(file.get()))) {
      if (reader.layout() != Layout.V1_LZ4) {
        throw refusal;
      }
      while (reader.next()) {
        if (reader.pageNumber() == number) {
          return Optional.of(
              ByteBuffer.allocate(reader.header().pageSize()).put(reader.page()).flip());
        }
      }
      return Optional.empty();
    }
  }
}

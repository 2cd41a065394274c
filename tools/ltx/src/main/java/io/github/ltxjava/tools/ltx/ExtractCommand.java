package io.github.ltxjava.tools.ltx;

import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxFile;
import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.LtxFormatException.Reason;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxReader;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.tools.cli.ExitCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes one page. */
@Command(
    name = "extract",
    header = "Writes the bytes of one page.",
    description = {
      "The page is found by the index and checked by itself; run ltx verify first where the",
      "whole file has to be sound."
    },
    footer = {"", "Example: ltx extract --page 1 -o page-1 snapshot.ltx"})
final class ExtractCommand extends LtxCommand {

  @Spec private CommandSpec spec;

  @Option(names = "--page", paramLabel = "N", required = true, description = "The page number.")
  private long page;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "OUT",
      required = true,
      description = "The file to write, or - for the standard output.")
  private String output;

  @Option(
      names = {"-f", "--force"},
      description = "Replace OUT if it exists.")
  private boolean force;

  @Parameters(paramLabel = "FILE", description = "The file to read.")
  private String file;

  ExtractCommand(Session session) {
    super(session);
  }

  @Override
  public Integer call() throws IOException {
    if (page < 1 || page > LtxHeader.MAX_PAGE_NUMBER) {
      throw new ParameterException(
          spec.commandLine(), "page " + page + " is not from 1 to " + LtxHeader.MAX_PAGE_NUMBER);
    }
    Optional<ByteBuffer> found = find();
    if (found.isEmpty()) {
      throw new CommandException(
          ExitCode.DAMAGED, "[" + file + "] does not hold page " + page + "; see ltx-dump --pages");
    }
    try (ByteSink sink = Targets.sink(output, force, terminal())) {
      sink.write(found.get());
      sink.commit();
      return ExitCode.OK;
    } catch (FileAlreadyExistsException e) {
      throw Targets.exists(output);
    }
  }

  private Optional<ByteBuffer> find() throws IOException {
    try (LtxFile source = LtxFile.open(Targets.source(file))) {
      ByteBuffer content = ByteBuffer.allocate(source.header().pageSize());
      return source.readPage(page, content) ? Optional.of(content.flip()) : Optional.empty();
    } catch (LtxFormatException e) {
      if (e.reason() != Reason.UNSUPPORTED) {
        throw e;
      }
      return search(e);
    }
  }

  /** Reads a compressed version 1 file, which has no index, up to the page. */
  private Optional<ByteBuffer> search(LtxFormatException refusal) throws IOException {
    try (LtxReader reader = LtxReader.open(Targets.source(file))) {
      if (reader.layout() != Layout.V1_LZ4) {
        throw refusal;
      }
      while (reader.next()) {
        if (reader.pageNumber() == page) {
          return Optional.of(
              ByteBuffer.allocate(reader.header().pageSize()).put(reader.page()).flip());
        }
      }
      return Optional.empty();
    }
  }
}

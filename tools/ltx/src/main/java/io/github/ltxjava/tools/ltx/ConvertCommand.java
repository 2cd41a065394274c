package io.github.ltxjava.tools.ltx;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxReader;
import io.github.ltxjava.LtxWriter;
import io.github.ltxjava.WriteOptions;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.tools.cli.ExitCode;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a file in another layout. */
@Command(
    name = "convert",
    header = "Writes a file in another layout.",
    description = {
      "What the file says stays the same: header fields, pages and checksums. Version 1 cannot",
      "carry files without database checksums."
    },
    footer = {"", "Example: ltx convert --to v1-lz4 -o for-litefs.ltx from-litestream.ltx"})
final class ConvertCommand extends LtxCommand {

  @Option(
      names = "--to",
      paramLabel = "LAYOUT",
      required = true,
      converter = LayoutConverter.class,
      description = "v3-block, v3-frame, v2, v1-raw or v1-lz4.")
  private Layout layout;

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

  ConvertCommand(Session session) {
    super(session);
  }

  @Override
  public Integer call() throws IOException {
    try (LtxReader reader = LtxReader.open(Targets.source(file));
        ByteSink sink = Targets.sink(output, force, terminal());
        LtxWriter writer = writer(reader.header(), sink);
        Progress progress = progress("convert")) {
      while (reader.next()) {
        writer.write(reader.pageNumber(), reader.page());
        progress.update(reader.pageNumber(), reader.header().commit());
      }
      Optional<Checksum> postApply = reader.trailer().postApply();
      if (postApply.isPresent()) {
        writer.finish(postApply.get());
      } else {
        writer.finish();
      }
      return ExitCode.OK;
    } catch (FileAlreadyExistsException e) {
      throw Targets.exists(output);
    }
  }

  private LtxWriter writer(LtxHeader header, ByteSink sink) throws IOException {
    try {
      return LtxWriter.create(sink, header, WriteOptions.DEFAULT.withLayout(layout));
    } catch (IllegalArgumentException e) {
      throw new CommandException(
          ExitCode.DAMAGED,
          "["
              + file
              + "] cannot be written as "
              + layout
              + ": "
              + e.getMessage()
              + "; use another layout");
    }
  }
}

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
import java.util.Optional;

/** Writes a file in another layout. */
final class ConvertCommand extends LtxCommand {

  private final Argument<Layout> layout = LayoutOption.required(this);
  private final OutputFile output = OutputFile.of(this);
  private final Argument<String> file = parameter("FILE").description("The file to read.");

  ConvertCommand(Session session) {
    super(session, "convert", "Writes a file in another layout.");
    description(
        "What the file says stays the same: header fields, pages and checksums. Version 1 cannot",
        "carry files without database checksums.");
    example("ltx convert --to v1-lz4 -o for-litefs.ltx from-litestream.ltx");
  }

  @Override
  int run() throws IOException {
    try (LtxReader reader = LtxReader.open(Targets.source(file.get()))) {
      output.write(sink -> convert(reader, sink));
      return ExitCode.OK;
    }
  }

  private void convert(LtxReader reader, ByteSink sink) throws IOException {
    try (LtxWriter writer = writer(reader.header(), sink);
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
    }
  }

  private LtxWriter writer(LtxHeader header, ByteSink sink) throws IOException {
    try {
      return LtxWriter.create(sink, header, WriteOptions.DEFAULT.withLayout(layout.get()));
    } catch (IllegalArgumentException e) {
      throw new CommandException(
          ExitCode.DAMAGED,
          "["
              + file.get()
              + "] cannot be written as "
              + layout.get()
              + ": "
              + e.getMessage()
              + "; use another layout");
    }
  }
}

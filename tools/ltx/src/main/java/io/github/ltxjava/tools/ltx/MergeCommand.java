package io.github.ltxjava.tools.ltx;

import io.github.ltxjava.Layout;
import io.github.ltxjava.ReadOptions;
import io.github.ltxjava.compaction.Merger;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.tools.cli.ExitCode;
import io.github.ltxjava.tools.cli.Processors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Merges files that follow each other. */
final class MergeCommand extends LtxCommand {

  private final OutputFile output = OutputFile.of(this);
  private final Argument<Layout> layout = LayoutOption.withDefault(this);
  private final Argument<Boolean> allowGaps =
      flag("--allow-gaps").description("Accept missing transactions between inputs.");
  private final Argument<Boolean> noChecksum =
      flag("--no-checksum").description("Leave database checksums out, as Litestream does.");
  private final Argument<List<String>> files =
      parameters("FILE").description("The files to merge.");

  MergeCommand(Session session) {
    super(session, "merge", "Merges files that follow each other into one.");
    description(
        "The output has the newest version of each page. The order of the inputs does not matter.",
        "Every input is verified; the output is visible when it is complete.");
    example("ltx merge -o 1-3.ltx 1.ltx 2.ltx 3.ltx");
  }

  @Override
  int run() throws IOException {
    List<ByteSource> inputs = new ArrayList<>();
    try (Progress progress = progress("merge");
        Processors processors = Processors.all()) {
      long size = 0;
      for (String file : files.get()) {
        ByteSource input = Targets.source(file);
        inputs.add(input);
        size += input.size();
      }
      Merger merger =
          Merger.of(inputs)
              .layout(layout.get())
              .reading(ReadOptions.DEFAULT.withParallelism(processors.forSize(size)))
              .cancelWhen(cancellation()::isRequested)
              .onProgress(now -> progress.update(now.pageNumber(), now.commit()));
      if (allowGaps.get()) {
        merger.allowGaps();
      }
      if (noChecksum.get()) {
        merger.withoutChecksums();
      }
      write(merger);
      return ExitCode.OK;
    } finally {
      for (ByteSource input : inputs) {
        input.close();
      }
    }
  }

  private void write(Merger merger) throws IOException {
    try {
      output.write(merger::writeTo);
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCode.DAMAGED, String.valueOf(e.getMessage()));
    }
  }
}

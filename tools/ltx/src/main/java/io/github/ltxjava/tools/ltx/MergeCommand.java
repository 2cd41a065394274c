package io.github.ltxjava.tools.ltx;

import io.github.ltxjava.Layout;
import io.github.ltxjava.ReadOptions;
import io.github.ltxjava.compaction.Merger;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.tools.cli.ExitCode;
import io.github.ltxjava.tools.cli.Processors;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Merges files that follow each other. */
@Command(
    name = "merge",
    header = "Merges files that follow each other into one.",
    description = {
      "The output has the newest version of each page. The order of the inputs does not matter.",
      "Every input is verified; the output is visible when it is complete."
    },
    footer = {"", "Example: ltx merge -o 1-3.ltx 1.ltx 2.ltx 3.ltx"})
final class MergeCommand extends LtxCommand {

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
      description =
          "v3-block (the default), v3-frame for Litestream before 0.5.16, v2, v1-raw or"
              + " v1-lz4 for LiteFS.")
  private Layout layout;

  @Option(names = "--allow-gaps", description = "Accept missing transactions between inputs.")
  private boolean allowGaps;

  @Option(
      names = "--no-checksum",
      description = "Leave database checksums out, as Litestream does.")
  private boolean noChecksum;

  @Option(
      names = {"-f", "--force"},
      description = "Replace OUT if it exists.")
  private boolean force;

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "The files to merge.")
  private List<String> files = List.of();

  MergeCommand(Session session) {
    super(session);
  }

  @Override
  public Integer call() throws IOException {
    List<ByteSource> inputs = new ArrayList<>();
    try (Progress progress = progress("merge");
        Processors processors = Processors.all()) {
      long size = 0;
      for (String file : files) {
        ByteSource input = Targets.source(file);
        inputs.add(input);
        size += input.size();
      }
      Merger merger =
          Merger.of(inputs)
              .layout(layout)
              .reading(ReadOptions.DEFAULT.withParallelism(processors.forSize(size)))
              .cancelWhen(cancellation()::isRequested)
              .onProgress(now -> progress.update(now.pageNumber(), now.commit()));
      if (allowGaps) {
        merger.allowGaps();
      }
      if (noChecksum) {
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
    try (ByteSink sink = Targets.sink(output, force, terminal())) {
      merger.writeTo(sink);
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCode.DAMAGED, String.valueOf(e.getMessage()));
    } catch (FileAlreadyExistsException e) {
      throw Targets.exists(output);
    }
  }
}

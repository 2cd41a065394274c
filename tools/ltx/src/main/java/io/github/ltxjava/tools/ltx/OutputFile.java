package io.github.ltxjava.tools.ltx;

import io.github.ltxjava.io.ByteSink;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import org.jspecify.annotations.Nullable;

/** The file that a command writes, and the options that say which. */
final class OutputFile {

  private final LtxCommand command;
  private final Argument<String> name;
  private final @Nullable Argument<Boolean> force;

  private OutputFile(LtxCommand command, boolean replaces) {
    this.command = command;
    this.name =
        command
            .option("-o", "--output")
            .label("OUT")
            .required()
            .description("The file to write, or - for the standard output.");
    this.force =
        replaces ? null : command.flag("-f", "--force").description("Replace OUT if it exists.");
  }

  /** A file that is replaced only if the command line says so. */
  static OutputFile of(LtxCommand command) {
    return new OutputFile(command, false);
  }

  /** A file that is always replaced. */
  static OutputFile replaced(LtxCommand command) {
    return new OutputFile(command, true);
  }

  /** Returns what the command line says; {@code -} is the standard output. */
  String name() {
    return name.get();
  }

  /** Writes the file, which becomes visible when the content commits it. */
  void write(Content content) throws IOException {
    boolean mayReplace = force == null || force.get();
    try (ByteSink sink = Targets.sink(name(), mayReplace, command.terminal())) {
      content.writeTo(sink);
    } catch (FileAlreadyExistsException e) {
      throw Targets.exists(name());
    }
  }

  /** Writes the content of a file, and commits it. */
  interface Content {
    void writeTo(ByteSink sink) throws IOException;
  }
}

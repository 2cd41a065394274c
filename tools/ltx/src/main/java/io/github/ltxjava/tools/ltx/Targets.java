package io.github.ltxjava.tools.ltx;

import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.tools.cli.ExitCode;
import io.github.ltxjava.tools.cli.Messages;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Opens what a command line names. */
final class Targets {

  private Targets() {}

  /** Returns the path of this name. */
  static Path path(String name) throws CommandException {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw new CommandException(ExitCode.IO, name + ": " + e.getReason());
    }
  }

  /** Opens a file for reading. */
  static ByteSource source(String name) throws IOException {
    Path path = path(name);
    if (Files.isDirectory(path)) {
      throw new CommandException(ExitCode.IO, name + ": is a folder; name a file");
    }
    return ByteSource.open(path);
  }

  /**
   * Opens a file for writing; it becomes visible when it is complete. {@code -} is the standard
   * output.
   *
   * @param force whether an existing file may be replaced
   */
  static ByteSink sink(String name, boolean force, Terminal terminal) throws IOException {
    if (name.equals("-")) {
      if (terminal.outIsTerminal()) {
        throw new CommandException(
            ExitCode.USAGE, "a file is not written to a terminal; redirect it, or use -o FILE");
      }
      return ByteSink.to(terminal.rawOut());
    }
    Path path = path(name);
    if (Files.isDirectory(path)) {
      throw new CommandException(ExitCode.IO, name + ": is a folder; name a file");
    }
    try {
      return force ? ByteSink.atomic(path) : ByteSink.atomicNew(path);
    } catch (FileAlreadyExistsException e) {
      throw exists(name);
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.IO, name + " cannot be written: " + Messages.withoutFile(e));
    }
  }

  /** Says that a file is in the way. */
  static CommandException exists(String name) {
    return new CommandException(
        ExitCode.IO, name + " exists already; use --force to replace it, or another name");
  }
}

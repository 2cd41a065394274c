package io.github.ltxjava.conformance;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A directory for the files that one case makes; closing it deletes them. */
final class Scratch implements Closeable {
  private final Path directory;

  Scratch() throws IOException {
    directory = Files.createTempDirectory("ltx-conformance-");
  }

  Path resolve(String name) {
    return directory.resolve(name);
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}

package io.github.ltxjava.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A few of the vectors, for tests to which each case costs the start of a program. */
final class SomeVectors {
  private SomeVectors() {}

  static void copyTo(Path directory) throws IOException {
    for (String file :
        List.of(
            "valid/v2/snapshot-1p-512",
            "valid/v1-lz4/delta-grow",
            "invalid/v3-block/index-entry-missing",
            "invalid/v2/control-stored-block")) {
      copy(Path.of(file + ".ltx"), directory);
      copy(Path.of(file + ".json"), directory);
    }
    for (String home : List.of("merge/v3-block/gap", "merge/v2/overlap", "apply/v2/shrink")) {
      try (Stream<Path> files = Files.list(Path.of(home))) {
        for (Path file : files.toList()) {
          copy(file, directory);
        }
      }
    }
  }

  private static void copy(Path file, Path directory) throws IOException {
    Path target = directory.resolve(file.toString());
    Files.createDirectories(target.getParent());
    Files.copy(file, target);
  }
}

package io.github.ltxjava.house;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where things are in this repository. */
final class Repository {
  private Repository() {}

  /** The folder that holds the parent POM. */
  static Path root() {
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      if (Files.exists(folder.resolve("mvnw")) && Files.exists(folder.resolve("bom"))) {
        return folder;
      }
    }
    throw new IllegalStateException(
        "not inside a clone of ltx-java: " + Path.of("").toAbsolutePath());
  }

  /** Every Java source of the repository's modules, main and test. */
  static List<Path> javaSources() throws IOException {
    try (Stream<Path> files = Files.walk(root())) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !isBuilt(file))
          .sorted()
          .collect(Collectors.toList());
    }
  }

  private static boolean isBuilt(Path file) {
    for (Path part : root().relativize(file)) {
      if (part.toString().equals("target") || part.toString().startsWith(".")) {
        return true;
      }
    }
    return false;
  }
}

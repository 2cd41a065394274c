package io.github.ltxjava.tools.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The conformance vectors of this repository. */
public final class TestVectors {

  /** Their folder, seen from any module of the tools. */
  public static final Path ROOT = Path.of("..", "..", "conformance-vectors").normalize();

  private TestVectors() {}

  /** All LTX files of a kind, {@code valid} or {@code invalid}. */
  public static List<Path> ofKind(String kind) throws IOException {
    try (Stream<Path> files = Files.walk(ROOT.resolve(kind))) {
      List<Path> found = files.filter(f -> f.toString().endsWith(".ltx")).sorted().toList();
      if (found.isEmpty()) {
        throw new IOException(ROOT.resolve(kind) + ": no vectors here");
      }
      return found;
    }
  }

  /** A file such as {@code v3-block/delta-grow}. */
  public static Path valid(String name) {
    return ROOT.resolve("valid").resolve(name + ".ltx");
  }

  /** A damaged file such as {@code v3-block/index-empty}. */
  public static Path invalid(String name) {
    return ROOT.resolve("invalid").resolve(name + ".ltx");
  }

  /** What is known about a file. */
  public static Map<String, Object> sidecar(Path file) throws IOException {
    String name = file.getFileName().toString();
    return JsonTree.parseObject(
        Files.readString(file.resolveSibling(name.substring(0, name.length() - 4) + ".json")));
  }
}

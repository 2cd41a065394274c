package io.github.ltxjava.spec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The conformance vectors of this repository, as files with a sidecar each. */
final class Vectors {

  /** A file, and what its sidecar says about it. */
  record Vector(Path file, Map<String, Object> sidecar) {

    byte[] bytes() throws IOException {
      return Files.readAllBytes(file);
    }

    String layout() {
      return (String) sidecar.get("layout");
    }

    @SuppressWarnings("unchecked")
    Map<String, Object> object(String name) {
      return (Map<String, Object>) sidecar.get(name);
    }

    /**
     * The pages that the sidecar lists: all of them, a sample of many, or none if there are none.
     */
    @SuppressWarnings("unchecked")
    List<Map<String, Object>> listedPages() {
      Object sample = sidecar.getOrDefault("sampledPages", List.of());
      return (List<Map<String, Object>>) sidecar.getOrDefault("pages", sample);
    }

    long number(String name) {
      return ((BigInteger) sidecar.get(name)).longValueExact();
    }

    @Override
    public String toString() {
      return file.getParent().getFileName() + "/" + file.getFileName();
    }
  }

  private static final Path ROOT = Path.of("..", "conformance-vectors");

  private Vectors() {}

  /** All vectors of a kind, {@code valid} or {@code invalid}. */
  static List<Vector> ofKind(String kind) {
    try (Stream<Path> files = Files.walk(ROOT.resolve(kind))) {
      return files.filter(f -> f.toString().endsWith(".ltx")).sorted().map(Vectors::load).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Vector load(Path file) {
    Path sidecar = file.resolveSibling(file.getFileName().toString().replace(".ltx", ".json"));
    try {
      return new Vector(file, Json.parse(Files.readString(sidecar)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

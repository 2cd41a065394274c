package io.github.ltxjava.conformance;

import io.github.ltxjava.conformance.CaseResult.Kind;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A directory of conformance vectors; its README says what is in it. Any directory of the same
 * shape will do.
 *
 * <p>{@code valid}, {@code invalid}, {@code merge}, {@code apply} and {@code real} are looked for
 * in the directory itself and in its {@code own}.
 */
public final class Vectors {
  /** Where the artifact keeps them; README.md is there to be found. */
  private static final String RESOURCES = "/ltx-vectors/";

  private final Path root;

  private Vectors(Path root) {
    this.root = root;
  }

  /**
   * Takes vectors from a directory.
   *
   * @throws IOException if the directory has no vectors
   */
  public static Vectors at(Path root) throws IOException {
    if (!Files.isDirectory(root.resolve("valid"))) {
      throw new IOException(root + ": no conformance vectors here (no directory named valid)");
    }
    return new Vectors(root);
  }

  /**
   * Copies the vectors that this artifact brings into an empty or new directory and takes them from
   * there.
   *
   * @throws IOException if the directory has something in it or cannot be written
   */
  public static Vectors unpack(Path target) throws IOException {
    Files.createDirectories(target);
    try (Stream<Path> present = Files.list(target)) {
      if (present.findAny().isPresent()) {
        throw new IOException(target + ": not empty");
      }
    }
    copyResources(target);
    return at(target);
  }

  /** Returns the directory. */
  public Path root() {
    return root;
  }

  List<Vector> list(Kind kind) throws IOException {
    List<Vector> vectors = new ArrayList<>();
    for (Path base : List.of(root, root.resolve("own"))) {
      switch (kind) {
        case VALID -> files(kind, base.resolve("valid"), vectors);
        case INVALID -> files(kind, base.resolve("invalid"), vectors);
        case MERGE -> directories(kind, base.resolve("merge"), vectors);
        case APPLY -> directories(kind, base.resolve("apply"), vectors);
        case LITEFS -> data(kind, base.resolve("real").resolve("litefs-data"), vectors);
        case LITESTREAM -> data(kind, base.resolve("real").resolve("litestream-replica"), vectors);
      }
    }
    return vectors;
  }

  private void files(Kind kind, Path directory, List<Vector> into) throws IOException {
    for (Path file : walk(directory, p -> p.toString().endsWith(".ltx"))) {
      String name = file.getFileName().toString();
      Path sidecar = file.resolveSibling(name.substring(0, name.length() - 4) + ".json");
      into.add(new Vector(kind, nameOf(sidecar), file, Json.read(sidecar)));
    }
  }

  private void directories(Kind kind, Path directory, List<Vector> into) throws IOException {
    for (Path file : walk(directory, p -> p.endsWith("case.json"))) {
      Path home = Objects.requireNonNull(file.getParent());
      into.add(new Vector(kind, nameOf(home), home, Json.read(file)));
    }
  }

  private void data(Kind kind, Path directory, List<Vector> into) throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (Stream<Path> entries = Files.list(directory)) {
      for (Path file : entries.filter(p -> p.toString().endsWith(".json")).sorted().toList()) {
        String name = file.getFileName().toString();
        Path home = file.resolveSibling(name.substring(0, name.length() - 5));
        into.add(new Vector(kind, nameOf(home), home, Json.read(file)));
      }
    }
  }

  private String nameOf(Path path) {
    String name = root.relativize(path).toString().replace('\\', '/');
    return name.endsWith(".json") ? name.substring(0, name.length() - 5) : name;
  }

  private static void copyResources(Path target) throws IOException {
    URL readme = Vectors.class.getResource(RESOURCES + "README.md");
    if (readme == null) {
      throw new IOException("this build of the artifact brings no vectors");
    }
    URI uri = URI.create(readme.toString());
    if (!"jar".equals(uri.getScheme())) {
      copyTree(Objects.requireNonNull(Path.of(uri).getParent()), target);
      return;
    }
    URI jar = URI.create(readme.toString().substring(0, readme.toString().indexOf("!/")));
    try (FileSystem files = FileSystems.newFileSystem(jar, Map.of())) {
      copyTree(files.getPath(RESOURCES), target);
    }
  }

  private static void copyTree(Path from, Path to) throws IOException {
    for (Path file : walk(from, Files::isRegularFile)) {
      Path copy = to.resolve(from.relativize(file).toString());
      Files.createDirectories(copy.getParent());
      Files.copy(file, copy);
    }
  }

  private static List<Path> walk(Path directory, Predicate<Path> wanted) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(wanted).sorted().toList();
    }
  }
}

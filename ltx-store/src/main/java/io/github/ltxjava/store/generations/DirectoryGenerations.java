package io.github.ltxjava.store.generations;

import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.store.generations.GenerationFile.Kind;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Generations in a directory: {@code <root>/generations/<generation>/snapshots} and {@code wal}; a
 * file's modification time is its time.
 *
 * <p>Safe for many threads.
 */
public final class DirectoryGenerations implements GenerationStore {

  private final Path root;

  private DirectoryGenerations(Path root) {
    this.root = root;
  }

  /**
   * Opens the generations in a directory, which holds none if there is no such directory.
   *
   * @param root the directory that holds the folder {@code generations}
   */
  public static DirectoryGenerations open(Path root) {
    return new DirectoryGenerations(root.toAbsolutePath().normalize());
  }

  @Override
  public List<GenerationFile> list() throws IOException {
    List<GenerationFile> files = new ArrayList<>();
    for (Path generation : entries(root.resolve(GenerationFile.FOLDER))) {
      for (Kind kind : Kind.values()) {
        for (Path file : entries(generation.resolve(kind.folder()))) {
          describe(generation.getFileName() + "/" + kind.folder() + "/" + file.getFileName(), file)
              .ifPresent(files::add);
        }
      }
    }
    Collections.sort(files);
    return List.copyOf(files);
  }

  /** What is in a folder; nothing if it is none. */
  private static List<Path> entries(Path folder) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      entries.forEach(found::add);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return found;
  }

  /** Nothing for what has vanished since it was listed, and for what is not a file. */
  private static Optional<GenerationFile> describe(String name, Path file) throws IOException {
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(file, BasicFileAttributes.class);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    return attributes.isRegularFile()
        ? GenerationFile.ofKey(
            GenerationFile.FOLDER + "/" + name,
            attributes.size(),
            attributes.lastModifiedTime().toInstant())
        : Optional.empty();
  }

  @Override
  public ByteSource open(GenerationFile file) throws IOException {
    return ByteSource.open(root.resolve(file.key()));
  }

  /** Does nothing: the store holds nothing open. */
  @Override
  public void close() {
    // Each source holds its own file.
  }

  @Override
  public String toString() {
    return root.toString();
  }
}

package io.github.ltxjava.tools.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Takes a folder named on the command line for all LTX files in it. */
public final class FileArguments {

  private FileArguments() {}

  /**
   * Returns the file itself or, for a folder, all files in it and below whose names end in {@code
   * .ltx}, sorted by name. Symbolic links to folders are not followed below the one given.
   *
   * @throws IOException if the name is empty, or the folder cannot be read or holds no such file
   */
  public static List<String> expand(String argument) throws IOException {
    if (argument.isEmpty()) {
      // Java takes it for the current folder; it is a shell variable that is not set.
      throw new IOException("the name is empty");
    }
    Path path;
    try {
      path = Path.of(argument);
    } catch (InvalidPathException e) {
      throw new IOException(e.getReason(), e);
    }
    if (!Files.isDirectory(path)) {
      return List.of(argument);
    }
    List<String> found = new ArrayList<>();
    addAll(path, found);
    if (found.isEmpty()) {
      throw new IOException("a folder without a file whose name ends in .ltx");
    }
    return found;
  }

  private static void addAll(Path folder, List<String> found) throws IOException {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      for (Path entry : stream) {
        entries.add(entry);
      }
    }
    Collections.sort(entries);
    for (Path entry : entries) {
      if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
        addAll(entry, found);
      } else if (entry.toString().endsWith(".ltx")) {
        found.add(entry.toString());
      }
    }
  }
}

package io.github.ltxjava.sqlite;

import io.github.ltxjava.sqlite.DatabaseUnavailableException.Reason;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * Keeps this process from opening a database twice.
 *
 * <p>POSIX locks belong to a process, not to a descriptor: two users in one process do not exclude
 * each other, and closing either one's descriptor drops the other's locks. So a file that is open
 * here already, be it by this library or by SQLite itself, is refused before it is opened. Where
 * the system does not list a process's descriptors in {@code /proc}, only this library's are seen.
 */
final class OpenDatabases {

  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final Set<Path> OPEN = new HashSet<>();

  private OpenDatabases() {}

  /**
   * Reserves a database for one user in this process, before anything opens it.
   *
   * @param database its real path
   */
  static void reserve(Path database) throws IOException {
    synchronized (OPEN) {
      if (OPEN.contains(database) || isAmongDescriptors(database)) {
        throw new DatabaseUnavailableException(
            Reason.OPEN_IN_THIS_PROCESS,
            database,
            "this process has the database open already, and locks do not work within a process:"
                + " close it first, or use another process");
      }
      OPEN.add(database);
    }
  }

  static void release(Path database) {
    synchronized (OPEN) {
      OPEN.remove(database);
    }
  }

  private static boolean isAmongDescriptors(Path database) throws IOException {
    if (!Files.isDirectory(DESCRIPTORS)) {
      return false;
    }
    try (DirectoryStream<Path> links = Files.newDirectoryStream(DESCRIPTORS)) {
      for (Path link : links) {
        // A descriptor may be closed meanwhile; then it is not the database's.
        if (Files.isSymbolicLink(link) && targetOf(link).equals(database.toString())) {
          return true;
        }
      }
    }
    return false;
  }

  private static String targetOf(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return "";
    }
  }
}

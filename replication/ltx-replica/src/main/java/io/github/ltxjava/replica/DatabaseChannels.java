package io.github.ltxjava.replica;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The database files that this process reads besides SQLite, each opened once.
 *
 * <p>Closing any descriptor of a file drops all POSIX locks that the process has on it, also those
 * of SQLite's connections, ours and the application's. So a channel is closed only when the system
 * tells that nobody else in this process has the file open; where it does not tell, never.
 */
final class DatabaseChannels {

  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final Map<Path, Entry> OPEN = new HashMap<>();

  private DatabaseChannels() {}

  /** A channel, which file it is, and how many use it. */
  private static final class Entry {
    final FileChannel channel;
    final @Nullable Object fileKey;
    int users;

    Entry(FileChannel channel, @Nullable Object fileKey) {
      this.channel = channel;
      this.fileKey = fileKey;
    }
  }

  /**
   * Opens a database file to read.
   *
   * @param database its real path
   */
  static FileChannel open(Path database) throws IOException {
    synchronized (OPEN) {
      Object fileKey = fileKey(database);
      Entry entry = OPEN.get(database);
      if (entry != null && !Objects.equals(entry.fileKey, fileKey)) {
        if (entry.users > 0) {
          throw new IOException("[" + database + "] has been replaced while it is replicated");
        }
        // Another file by now. Its channel is lost, not closed: somebody may still have the file.
        entry = null;
      }
      if (entry == null) {
        entry = new Entry(FileChannel.open(database, StandardOpenOption.READ), fileKey);
        OPEN.put(database, entry);
      }
      entry.users++;
      return entry.channel;
    }
  }

  /** Gives up a file; the connections of its user are closed already. */
  static void release(Path database) throws IOException {
    synchronized (OPEN) {
      Entry entry = OPEN.get(database);
      if (entry != null && --entry.users == 0 && isOnlyDescriptor(database)) {
        OPEN.remove(database);
        entry.channel.close();
      }
    }
  }

  static @Nullable Object fileKey(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  private static boolean isOnlyDescriptor(Path database) throws IOException {
    if (!Files.isDirectory(DESCRIPTORS)) {
      return false;
    }
    int count = 0;
    try (DirectoryStream<Path> links = Files.newDirectoryStream(DESCRIPTORS)) {
      for (Path link : links) {
        if (targetOf(link).equals(database.toString())) {
          count++;
        }
      }
    }
    return count == 1;
  }

  private static String targetOf(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      // Closed meanwhile.
      return "";
    }
  }
}

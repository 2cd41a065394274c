package io.github.ltxjava.replica;

import io.github.ltxjava.Txid;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A note that the database file held everything up to a transaction when replication stopped. While
 * the file has the same modification time, nothing was copied to it since, so that all later
 * transactions are in the WAL, whichever that is by then.
 */
final class CleanStop {

  /** Two changes closer than this may have one modification time. */
  private static final long TIME_RESOLUTION_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private CleanStop() {}

  private static Path noteIn(Path folder) {
    return folder.resolve("ltx-java.clean");
  }

  /** Writes the note. The file holds everything, and nobody can change it meanwhile. */
  static void write(Path folder, Path database, Txid txid) throws IOException {
    Instant changed = Files.getLastModifiedTime(database).toInstant();
    Instant until = changed.plusNanos(TIME_RESOLUTION_NANOS);
    long rest = Math.min(Duration.between(Instant.now(), until).toNanos(), TIME_RESOLUTION_NANOS);
    for (long end = System.nanoTime() + rest; rest > 0; rest = end - System.nanoTime()) {
      LockSupport.parkNanos(rest);
    }
    Path temporary = folder.resolve("ltx-java.clean.tmp");
    Files.writeString(temporary, note(database, txid), StandardCharsets.UTF_8);
    Files.move(temporary, noteIn(folder), StandardCopyOption.REPLACE_EXISTING);
  }

  /** Tells whether the note is there and still true, and removes it. */
  static boolean take(Path folder, Path database, Txid txid) throws IOException {
    String written;
    try {
      written = Files.readString(noteIn(folder), StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      return false;
    }
    Files.deleteIfExists(noteIn(folder));
    return written.equals(note(database, txid));
  }

  private static String note(Path database, Txid txid) throws IOException {
    BasicFileAttributes file = Files.readAttributes(database, BasicFileAttributes.class);
    Instant modified = file.lastModifiedTime().toInstant();
    return txid + " " + file.size() + " " + modified + " " + file.fileKey() + "\n";
  }
}

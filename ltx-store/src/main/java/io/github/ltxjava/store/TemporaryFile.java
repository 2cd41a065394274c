package io.github.ltxjava.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file that is being written, named {@code .<name>.<16 hex digits>.tmp} and locked.
 *
 * <p>The lock tells other processes that somebody is writing; the operating system drops it when
 * the process dies. Within this process a set of names does that, because closing any channel of a
 * file may drop the lock that another channel holds.
 */
final class TemporaryFile implements Closeable {

  private static final Pattern NAME =
      Pattern.compile("\\.[0-9a-f]{16}-[0-9a-f]{16}\\.ltx\\.[0-9a-f]{16}\\.tmp");

  /** Names that this process writes; their random part makes them unique everywhere. */
  private static final Set<String> WRITING = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final FileChannel channel;
  private final String name;

  private TemporaryFile(Path path, FileChannel channel, String name) {
    this.path = path;
    this.channel = channel;
    this.name = name;
  }

  /** Creates a temporary file beside the file it is to become. */
  static TemporaryFile create(Path file) throws IOException {
    while (true) {
      long random = ThreadLocalRandom.current().nextLong();
      String name = String.format(Locale.ROOT, ".%s.%016x.tmp", file.getFileName(), random);
      Path path = file.resolveSibling(name);
      WRITING.add(name);
      TemporaryFile temporary = null;
      try {
        FileChannel channel =
            FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        temporary = new TemporaryFile(path, channel, name);
        if (temporary.lock()) {
          return temporary;
        }
        // Another process took the new file for abandoned before it was locked.
        temporary.close();
      } catch (Throwable e) {
        closeAfter(e, temporary);
        WRITING.remove(name);
        throw e;
      }
    }
  }

  private static void closeAfter(Throwable failure, @Nullable TemporaryFile temporary) {
    if (temporary == null) {
      return;
    }
    try {
      temporary.close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /** Returns false if another process has the lock, or had it and removed the file. */
  private boolean lock() {
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (IOException e) {
      // A file system without locks; nobody can find out there that a file is abandoned either.
      return true;
    }
    return lock != null && Files.exists(path);
  }

  /**
   * Removes temporary files that no process is writing any more. What cannot be examined, on a
   * medium that is read-only for instance, stays where it is: nobody reads it.
   */
  static void removeAbandoned(Path folder) throws IOException {
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(
            folder, entry -> NAME.matcher(String.valueOf(entry.getFileName())).matches())) {
      for (Path entry : entries) {
        if (!WRITING.contains(String.valueOf(entry.getFileName()))) {
          removeIfAbandoned(entry);
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return;
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private static boolean removeIfAbandoned(Path path) {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      return lock != null && Files.deleteIfExists(path);
    } catch (IOException | OverlappingFileLockException e) {
      // Gone meanwhile, not ours to write, or written by this process.
      return false;
    }
  }

  Path path() {
    return path;
  }

  FileChannel channel() {
    return channel;
  }

  /** Sets the modification time that the file will be listed with. */
  void setTime(Instant time) throws IOException {
    Files.setLastModifiedTime(path, FileTime.from(time));
  }

  /** Lets go of the file once its temporary name is gone. */
  void release() throws IOException {
    try {
      channel.close();
    } finally {
      WRITING.remove(name);
    }
  }

  /** Removes the file, unless it has been moved to its name. */
  @Override
  public void close() throws IOException {
    // First the name, then the lock: the other way round, another process could remove it.
    try {
      Files.deleteIfExists(path);
    } finally {
      release();
    }
  }
}

package io.github.ltxjava.sqlite;

import io.github.ltxjava.sqlite.DatabaseUnavailableException.Reason;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A database's main file, opened once in this process, and SQLite's locks on it.
 *
 * <p>The locks are byte ranges at 1 GiB, in the page that SQLite leaves out for them: PENDING,
 * RESERVED, and 510 bytes SHARED. {@link FileChannel} takes the same kind of lock as SQLite's
 * default VFS on Linux and macOS, {@code fcntl}, so both exclude each other between processes.
 */
final class DatabaseFile implements Closeable {

  private static final long PENDING_BYTE = 0x4000_0000L;
  private static final long RESERVED_BYTE = PENDING_BYTE + 1;
  private static final long SHARED_FIRST = PENDING_BYTE + 2;
  private static final long SHARED_SIZE = 510;

  private final Path path;
  private final FileChannel channel;
  private final boolean writable;
  private final List<FileLock> writerLocks = new ArrayList<>();
  private @Nullable FileLock shared;

  private DatabaseFile(Path path, FileChannel channel, boolean writable) {
    this.path = path;
    this.channel = channel;
    this.writable = writable;
  }

  /**
   * Opens a database without locking it.
   *
   * @throws DatabaseUnavailableException if this process has it open already
   * @throws NoSuchFileException if there is none
   */
  static DatabaseFile open(Path database) throws IOException {
    Path path = database.toRealPath();
    if (!Files.isRegularFile(path)) {
      throw new IOException("[" + database + "] is not a file");
    }
    OpenDatabases.reserve(path);
    try {
      // Never both ways: closing the second descriptor would drop the locks of the first.
      boolean writable = Files.isWritable(path);
      FileChannel channel =
          writable
              ? FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)
              : FileChannel.open(path, StandardOpenOption.READ);
      return new DatabaseFile(path, channel, writable);
    } catch (Throwable e) {
      OpenDatabases.release(path);
      throw e;
    }
  }

  Path path() {
    return path;
  }

  Path sibling(String suffix) {
    return path.resolveSibling(path.getFileName() + suffix);
  }

  FileChannel channel() {
    return channel;
  }

  /** Takes SHARED, as a reader does; false if a writer is committing. */
  boolean tryLockShared() throws IOException {
    // A writer that waits for readers to leave holds PENDING, and new readers must not get past it.
    try (FileLock pending = channel.tryLock(PENDING_BYTE, 1, true)) {
      if (pending == null) {
        return false;
      }
      shared = channel.tryLock(SHARED_FIRST, SHARED_SIZE, true);
      return shared != null;
    }
  }

  /**
   * Goes from SHARED to EXCLUSIVE, as a writer does; false if anybody else has a lock, and then
   * every lock is gone.
   *
   * @throws DatabaseUnavailableException if the file is not writable, which an exclusive lock needs
   */
  boolean tryLockExclusive() throws IOException {
    if (!writable) {
      throw new DatabaseUnavailableException(
          Reason.READ_ONLY,
          path,
          "the file is not writable, and without a lock that needs it a program could change the"
              + " database meanwhile; make it writable, or copy it with its -wal file");
    }
    boolean locked =
        tryLockForWriting(RESERVED_BYTE, 1)
            && tryLockForWriting(PENDING_BYTE, 1)
            && swapSharedForExclusive();
    if (!locked) {
      unlock();
    }
    return locked;
  }

  /**
   * PENDING is held, so nobody can get in while SHARED is given up for the same bytes exclusive.
   */
  private boolean swapSharedForExclusive() throws IOException {
    releaseShared();
    return tryLockForWriting(SHARED_FIRST, SHARED_SIZE);
  }

  private boolean tryLockForWriting(long position, long size) throws IOException {
    FileLock lock = channel.tryLock(position, size, false);
    if (lock == null) {
      return false;
    }
    writerLocks.add(lock);
    return true;
  }

  /**
   * Tells whether a journal lies beside the database that has to be rolled back before it can be
   * read. SHARED or more is held.
   *
   * <p>The journal of a writer that has ended is gone or zeroed by the time RESERVED is found free,
   * so it is looked at again then; the first look spares most callers the lock.
   */
  boolean hasHotJournal() throws IOException {
    Path journal = sibling("-journal");
    return channel.size() != 0
        && startsWithData(journal)
        && !isReservedByAnother()
        && startsWithData(journal);
  }

  /** A journal that is done with is empty, or its header is zeroed. */
  private static boolean startsWithData(Path journal) throws IOException {
    if (!Files.exists(journal)) {
      return false;
    }
    try (FileChannel file = FileChannel.open(journal, StandardOpenOption.READ)) {
      ByteBuffer first = ByteBuffer.allocate(1);
      return file.read(first, 0) == 1 && first.get(0) != 0;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private boolean isReservedByAnother() throws IOException {
    if (!writerLocks.isEmpty()) {
      return false;
    }
    try (FileLock lock = channel.tryLock(RESERVED_BYTE, 1, true)) {
      return lock == null;
    }
  }

  /** Gives up all locks. */
  void unlock() throws IOException {
    releaseShared();
    for (FileLock lock : writerLocks) {
      lock.release();
    }
    writerLocks.clear();
  }

  private void releaseShared() throws IOException {
    if (shared != null) {
      shared.release();
      shared = null;
    }
  }

  /** Closes the file, which releases all locks. */
  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      OpenDatabases.release(path);
    }
  }
}

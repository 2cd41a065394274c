package io.github.ltxjava.sqlite;

import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.sqlite.DatabaseUnavailableException.Reason;
import io.github.ltxjava.sqlite.internal.WalReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds out how a database is used, and takes the locks that keep its state. */
final class SnapshotOpener {

  private static final int DEFAULT_PAGE_SIZE = 4096;

  private final DatabaseFile file;
  private final String name;
  private String obstacle = "a transaction is being committed by another process";

  private SnapshotOpener(DatabaseFile file) {
    this.file = file;
    this.name = file.path().toString();
  }

  static SqliteSnapshot open(Path database, Duration timeout) throws IOException {
    DatabaseFile file = DatabaseFile.open(database);
    try {
      SnapshotOpener opener = new SnapshotOpener(file);
      LockWait wait = new LockWait(timeout);
      while (true) {
        SqliteSnapshot snapshot = file.tryLockShared() ? opener.tryOpen() : null;
        if (snapshot != null) {
          return snapshot;
        }
        file.unlock();
        wait.pause(database, opener.obstacle);
      }
    } catch (Throwable e) {
      file.close();
      throw e;
    }
  }

  /** Under SHARED, which keeps the journal mode as it is; null if a lock is in the way. */
  private @Nullable SqliteSnapshot tryOpen() throws IOException {
    if (file.hasHotJournal()) {
      throw new DatabaseUnavailableException(
          Reason.HOT_JOURNAL,
          name,
          "a crash left a transaction half done, and "
              + file.sibling("-journal").getFileName()
              + " undoes it: open the database once by SQLite, for example run"
              + " \"PRAGMA integrity_check\", and try again");
    }
    Optional<DatabaseHeader> header = DatabaseHeader.read(new ChannelSource(file));
    if (header.isEmpty()) {
      return new SqliteSnapshot(file, null, WalState.withoutWal(DEFAULT_PAGE_SIZE, 0));
    }
    // SQLite looks into a WAL that is there, whatever the header says.
    if (header.get().isWal() || sizeOfWal() > 0) {
      return tryOpenWal(header.get());
    }
    return new SqliteSnapshot(file, null, allInFile(header.get()));
  }

  private @Nullable SqliteSnapshot tryOpenWal(DatabaseHeader header) throws IOException {
    WalIndex index = WalIndex.open(file.sibling("-shm"));
    if (index != null) {
      SqliteSnapshot snapshot = null;
      try {
        if (index.tryJoin()) {
          snapshot = tryOpenLive(header, index);
          return snapshot;
        }
      } finally {
        if (snapshot == null) {
          index.close();
        }
      }
    }
    obstacle = "another process is opening or closing the database";
    return file.tryLockExclusive() ? new SqliteSnapshot(file, null, recovered(header)) : null;
  }

  private @Nullable SqliteSnapshot tryOpenLive(DatabaseHeader header, WalIndex index)
      throws IOException {
    if (!index.tryFreeze()) {
      obstacle = "a checkpoint, or another snapshot, is running in another process";
      return null;
    }
    Optional<WalIndex.Header> state = index.readHeader();
    if (state.isEmpty()) {
      obstacle = "the wal-index waits to be recovered by the process that has the database open";
      return null;
    }
    return new SqliteSnapshot(file, index, live(header, state.get()));
  }

  private WalState live(DatabaseHeader header, WalIndex.Header state) throws IOException {
    if (state.frameCount() == 0) {
      return state.commit() == 0
          ? allInFile(header)
          : WalState.withoutWal(header.pageSize(), state.commit());
    }
    ByteSource wal = ByteSource.open(file.sibling("-wal"));
    WalReader.Committed committed;
    try {
      committed = WalReader.read(wal, Integer.toUnsignedLong(state.frameCount()));
      if (!agrees(committed, state)) {
        throw new SqliteFormatException(
            wal.name(),
            0,
            "the wal-index counts "
                + state.frameCount()
                + " frames, but the WAL holds "
                + committed.frameCount()
                + " valid ones, or others");
      }
    } catch (Throwable e) {
      wal.close();
      throw e;
    }
    return WalState.withWal(header.pageSize(), wal, committed);
  }

  private static boolean agrees(WalReader.Committed committed, WalIndex.Header state) {
    return committed.frameCount() == state.frameCount()
        && committed.checksum() == state.checksum()
        && committed.commit() == state.commit()
        && committed.header().orElseThrow().salt1() == state.salt1()
        && committed.header().orElseThrow().salt2() == state.salt2();
  }

  /** Under EXCLUSIVE: what the WAL holds is what SQLite would find in it. */
  private WalState recovered(DatabaseHeader header) throws IOException {
    if (sizeOfWal() == 0) {
      return allInFile(header);
    }
    ByteSource wal = ByteSource.open(file.sibling("-wal"));
    WalReader.Committed committed;
    try {
      committed = WalReader.read(wal, Long.MAX_VALUE);
    } catch (Throwable e) {
      wal.close();
      throw e;
    }
    if (committed.frameCount() == 0) {
      wal.close();
      return allInFile(header);
    }
    return WalState.withWal(header.pageSize(), wal, committed);
  }

  private WalState allInFile(DatabaseHeader header) throws IOException {
    return WalState.withoutWal(header.pageSize(), header.pageCount(name, file.channel().size()));
  }

  private long sizeOfWal() throws IOException {
    Path wal = file.sibling("-wal");
    return Files.exists(wal) ? Files.size(wal) : 0;
  }
}

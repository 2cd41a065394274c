package io.github.ltxjava.sqlite;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.DatabaseChecksum;
import io.github.ltxjava.Position;
import io.github.ltxjava.ReadOptions;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.sqlite.DatabaseUnavailableException.Reason;
import io.github.ltxjava.sqlite.Disk.DiskFile;
import io.github.ltxjava.sqlite.internal.WalReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Applies LTX files to a database: all of them, or none.
 *
 * <p>Each file is read to its end, with every check, before the database is touched. Then a
 * database that exists is changed in place, under SQLite's own EXCLUSIVE lock and with a rollback
 * journal as SQLite writes it: after a crash in the middle, whoever opens the database next, SQLite
 * or this class, finds it as it was before. A database that does not exist is built beside its
 * place and renamed when it is complete.
 *
 * <p>A file that tracks checksums has to find the database that it was made for (its pre-apply
 * checksum; a snapshot fits any) and has to give the one that it claims. Files without checksums
 * are applied to whatever is there, in the order given; transaction IDs are not compared.
 *
 * <p>Memory does not depend on the number of files: a bit per page of the database, 9 bytes per
 * page of the largest file, and a few pages. The database must not be open in this process, see
 * {@link SqliteSnapshot}.
 */
public final class DatabaseApplier {

  /**
   * The state of the database afterwards.
   *
   * @param pageSize bytes per page
   * @param commit size in pages
   * @param position where it stands; empty if the last file does not track checksums
   */
  public record Result(int pageSize, long commit, Optional<Position> position) {}

  private final Disk disk;

  DatabaseApplier(Disk disk) {
    this.disk = disk;
  }

  /**
   * Applies files to a database, waiting up to 5 seconds for its locks.
   *
   * @param database created if it does not exist
   * @param files in the order to apply them; they stay open
   * @throws IllegalArgumentException if there is no file
   * @throws io.github.ltxjava.LtxFormatException if a file is damaged
   * @throws ApplyException if a file does not fit
   * @throws DatabaseUnavailableException if the database is locked, has transactions in its WAL, or
   *     is open in this process
   * @throws IOException if a medium fails
   */
  public static Result apply(Path database, List<? extends ByteSource> files) throws IOException {
    return apply(database, files, ReadOptions.DEFAULT);
  }

  /**
   * Applies files to a database, waiting up to 5 seconds for its locks.
   *
   * @param database created if it does not exist
   * @param files in the order to apply them; they stay open
   * @param options as below
   * @throws IOException as {@link #apply(Path, List, ReadOptions, Duration)} does
   */
  public static Result apply(Path database, List<? extends ByteSource> files, ReadOptions options)
      throws IOException {
    return apply(database, files, options, LockWait.DEFAULT_TIMEOUT);
  }

  /**
   * Applies files to a database.
   *
   * @param database created if it does not exist
   * @param files in the order to apply them; they stay open
   * @param options how to read the files; their parallelism also serves the checksum of the
   *     database as it is
   * @param timeout how long to wait for locks that other processes hold
   * @throws IllegalArgumentException if there is no file
   * @throws io.github.ltxjava.LtxFormatException if a file is damaged
   * @throws ApplyException if a file does not fit
   * @throws DatabaseUnavailableException if the database is locked, has transactions in its WAL, or
   *     is open in this process
   * @throws java.io.InterruptedIOException if the thread is interrupted while it waits
   * @throws IOException if a medium fails
   */
  public static Result apply(
      Path database, List<? extends ByteSource> files, ReadOptions options, Duration timeout)
      throws IOException {
    return new DatabaseApplier(Disk.REAL).run(database, files, options, timeout);
  }

  Result run(Path database, List<? extends ByteSource> files, ReadOptions options, Duration timeout)
      throws IOException {
    ApplyPlan plan = ApplyPlan.of(files, options);
    return Files.exists(database, LinkOption.NOFOLLOW_LINKS)
        ? change(database, plan, timeout)
        : create(database, plan);
  }

  /** Builds the database in a temporary file, which one pass over the LTX files does. */
  private Result create(Path database, ApplyPlan plan) throws IOException {
    Path path = database.toAbsolutePath();
    refuseLeftover(path, "-journal");
    refuseLeftover(path, "-wal");
    String unique = Long.toHexString(ThreadLocalRandom.current().nextLong());
    Path temporary = path.resolveSibling("." + path.getFileName() + "." + unique + ".tmp");
    Replay replay;
    try {
      try (DiskFile file = disk.create(temporary)) {
        replay = new Replay(file, plan, 0, Checksum.EMPTY_DATABASE);
        replay.run();
        file.force();
      }
      disk.moveIfAbsent(temporary, path);
    } catch (Throwable e) {
      deleteAfter(e, temporary);
      throw e;
    }
    disk.forceFolderOf(path);
    return replay.result();
  }

  private static void refuseLeftover(Path database, String suffix) throws IOException {
    Path file = database.resolveSibling(database.getFileName() + suffix);
    if (Files.exists(file) && Files.size(file) > 0) {
      throw new DatabaseUnavailableException(
          Reason.LEFTOVER_FILE,
          file,
          "there is no database "
              + database.getFileName()
              + ", but SQLite would take this file for a part of the one to be made: move it away");
    }
  }

  private void deleteAfter(Throwable failure, Path file) {
    try {
      if (Files.exists(file)) {
        disk.delete(file);
      }
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private Result change(Path database, ApplyPlan plan, Duration timeout) throws IOException {
    try (DatabaseFile file = DatabaseFile.open(database)) {
      LockWait wait = new LockWait(timeout);
      while (!(file.tryLockShared() && file.tryLockExclusive())) {
        file.unlock();
        wait.pause(database, "another process has the database open or locked");
      }
      DiskFile pages = disk.use(file.path(), file.channel());
      if (file.hasHotJournal()) {
        RollbackJournal.rollBack(disk, file.sibling("-journal"), pages);
      }
      refuseWal(file);
      BaseDatabase base = BaseDatabase.of(file, plan);
      PageSet touched = plan.verify(base);
      Checksum before = checksum(file, plan, base);
      Replay replay = new Replay(pages, plan, base.pagesFor(plan), before);
      replay.checkFirst();
      changeWithJournal(file, pages, base, touched, replay);
      return replay.result();
    }
  }

  /** From here on a failure is undone, or left to be undone by whoever opens the database next. */
  private void changeWithJournal(
      DatabaseFile file, DiskFile pages, BaseDatabase base, PageSet touched, Replay replay)
      throws IOException {
    Path journal = file.sibling("-journal");
    try {
      RollbackJournal.write(disk, journal, pages, base.pageSize(), touched);
    } catch (Throwable e) {
      deleteAfter(e, journal);
      throw e;
    }
    try {
      replay.run();
      pages.force();
      disk.delete(journal);
    } catch (Throwable e) {
      try {
        RollbackJournal.rollBack(disk, journal, pages);
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
    disk.forceFolderOf(journal);
  }

  private static void refuseWal(DatabaseFile file) throws IOException {
    Path path = file.sibling("-wal");
    if (!Files.exists(path) || file.channel().size() == 0) {
      return;
    }
    try (ByteSource wal = ByteSource.open(path)) {
      if (WalReader.read(wal, Long.MAX_VALUE).frameCount() > 0) {
        throw new DatabaseUnavailableException(
            Reason.WAL_NOT_EMPTY,
            file.path(),
            "its WAL holds transactions, which would be put over what is applied: run \"PRAGMA"
                + " wal_checkpoint(TRUNCATE)\" by SQLite first");
      }
    }
  }

  private static Checksum checksum(DatabaseFile file, ApplyPlan plan, BaseDatabase base)
      throws IOException {
    if (!plan.needsBaseChecksum()) {
      return Checksum.EMPTY_DATABASE;
    }
    return DatabaseChecksum.of(
        new ChannelSource(file), base.pageSize(), plan.options().parallelism());
  }
}

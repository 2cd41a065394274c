package io.github.ltxjava.replica;

import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.sqlite.internal.PageFrames;
import io.github.ltxjava.sqlite.internal.WalHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One state of a database that is in use, as the bytes of a file: pages from the WAL where it has
 * them, the others from the database file.
 *
 * <p>Valid while a read transaction of the {@link WalGuard} lasts that began no later. Then the
 * database file changes only in pages that the WAL holds too; or, if the transaction has no mark in
 * the WAL, not at all, and the WAL may be started over, but the file has its frames then.
 */
final class DatabaseState implements ByteSource {

  private final FileChannel database;
  private final String name;
  private final int pageSize;
  private final long commit;
  private final WalFile wal;
  private final @Nullable WalHeader header;
  private final PageFrames frames;

  /**
   * Describes a state.
   *
   * @param header of the WAL; null if all is in the database file
   * @param frames where the newest content of each page is that the WAL holds
   */
  DatabaseState(
      FileChannel database,
      String name,
      int pageSize,
      long commit,
      WalFile wal,
      @Nullable WalHeader header,
      PageFrames frames) {
    this.database = database;
    this.name = name;
    this.pageSize = pageSize;
    this.commit = commit;
    this.wal = wal;
    this.header = header;
    this.frames = frames;
  }

  int pageSize() {
    return pageSize;
  }

  long commit() {
    return commit;
  }

  @Override
  public long size() {
    return commit * pageSize;
  }

  /** Reads whole pages: position and length are multiples of the page size. */
  @Override
  public void readFully(long position, ByteBuffer target) throws IOException {
    int start = target.position();
    long first = position / pageSize + 1;
    int count = target.remaining() / pageSize;
    readFile(position, target);
    int end = target.position();
    boolean overlaid = false;
    for (int i = 0; i < count && header != null; i++) {
      int frame = frames.get((int) (first + i));
      if (frame != 0) {
        int at = start + i * pageSize;
        overlaid = true;
        if (!wal.read(header.contentOffset(frame), target.limit(at + pageSize).position(at))) {
          break;
        }
      }
    }
    target.limit(end).position(end);
    if (overlaid && !isSameWal()) {
      // Started over, so the file has all of it and nobody may change it. A header is written
      // before the frames that follow it, so what the next range reads is told apart as well.
      readFile(position, target.limit(end).position(start));
    }
  }

  private boolean isSameWal() throws IOException {
    WalHeader expected = header;
    return expected != null
        && wal.header()
            .filter(now -> now.salt1() == expected.salt1() && now.salt2() == expected.salt2())
            .isPresent();
  }

  /** Reads the file; what it lacks, pages that no transaction ever wrote, is zero. */
  private void readFile(long position, ByteBuffer target) throws IOException {
    readFile(database, position, target);
  }

  static void readFile(FileChannel database, long position, ByteBuffer target) throws IOException {
    long at = position;
    while (target.hasRemaining()) {
      int count = database.read(target, at);
      if (count < 0) {
        zero(target);
        return;
      }
      at += count;
    }
  }

  private static void zero(ByteBuffer target) {
    if (target.hasArray()) {
      int from = target.arrayOffset() + target.position();
      Arrays.fill(target.array(), from, from + target.remaining(), (byte) 0);
      target.position(target.limit());
      return;
    }
    while (target.hasRemaining()) {
      target.put((byte) 0);
    }
  }

  /** Returns the number of the page that is in no file. */
  long lockPage() {
    return LtxHeader.lockPageNumber(pageSize);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void close() {
    // The channels have their owners.
  }
}

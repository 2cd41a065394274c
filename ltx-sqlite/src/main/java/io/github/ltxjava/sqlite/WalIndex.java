package io.github.ltxjava.sqlite;

import io.github.ltxjava.sqlite.DatabaseUnavailableException.Reason;
import io.github.ltxjava.sqlite.internal.WalChecksum;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The wal-index ({@code -shm}) of a database that another process has open: its header, and the
 * locks that keep WAL and database file as they are.
 *
 * <pre>
 *   0  header, in the byte order of the machine, twice
 *        0 version   12 initialised (byte)   14 page size (16 bits)   16 last committed frame
 *       20 size in pages   24 running checksum   32 salts, as in the WAL   40 checksum of the header
 * 120  lock bytes: write, checkpoint, recover, five for readers, dead-man switch
 * </pre>
 */
final class WalIndex implements Closeable {

  /**
   * What the header says about the last committed state.
   *
   * @param frameCount frames of the WAL that count; 0 if all is in the database file
   * @param commit size of the database in pages; 0 if it is the file's
   * @param checksum running checksum of the last frame
   */
  record Header(int pageSize, int frameCount, long commit, long checksum, int salt1, int salt2) {}

  private static final int HEADER_SIZE = 48;
  private static final int VERSION = 3_007_000;
  private static final int INITIALISED_OFFSET = 12;
  private static final int PAGE_SIZE_OFFSET = 14;
  private static final int FRAME_COUNT_OFFSET = 16;
  private static final int COMMIT_OFFSET = 20;
  private static final int FRAME_CHECKSUM_OFFSET = 24;
  private static final int SALTS_OFFSET = 32;
  private static final int CHECKSUM_OFFSET = 40;

  private static final long CHECKPOINT_LOCK = 121;
  private static final long FIRST_SNAPSHOT_READER_LOCK = 124;
  private static final long LAST_READER_LOCK = 127;

  /** Held shared by every process that has the wal-index open. */
  private static final long DEAD_MAN_SWITCH = 128;

  private final FileChannel channel;
  private final List<FileLock> locks = new ArrayList<>();

  private WalIndex(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Opens the wal-index; null if there is none.
   *
   * @throws DatabaseUnavailableException if it is not writable, which exclusive locks need
   */
  static @Nullable WalIndex open(Path file) throws IOException {
    if (Files.exists(file) && !Files.isWritable(file)) {
      throw new DatabaseUnavailableException(
          Reason.READ_ONLY,
          file,
          "the wal-index is not writable, so a checkpoint cannot be kept from changing the database"
              + " meanwhile; make it writable");
    }
    try {
      return new WalIndex(
          FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE));
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /**
   * Joins the processes that use the wal-index; false if there is none. SQLite starts the wal-index
   * anew when nobody else holds the switch, so joining alone would make it believe a stale one.
   */
  boolean tryJoin() throws IOException {
    try (FileLock alone = channel.tryLock(DEAD_MAN_SWITCH, 1, false)) {
      if (alone != null) {
        return false;
      }
    }
    return tryLock(DEAD_MAN_SWITCH, true);
  }

  /**
   * Keeps everybody from checkpointing, so that the database file stays as it is, and from starting
   * the WAL over, so that its frames stay. False if a lock is taken; closing releases what was got.
   */
  boolean tryFreeze() throws IOException {
    if (!tryLock(CHECKPOINT_LOCK, false)) {
      return false;
    }
    // A writer starts the WAL over only when it gets all these bytes for itself; any one will do.
    // SQLite's readers look for a free one from the front.
    for (long lock = LAST_READER_LOCK; lock >= FIRST_SNAPSHOT_READER_LOCK; lock--) {
      if (tryLock(lock, true)) {
        return true;
      }
    }
    return false;
  }

  private boolean tryLock(long position, boolean shared) throws IOException {
    FileLock lock = channel.tryLock(position, 1, shared);
    if (lock != null) {
      locks.add(lock);
    }
    return lock != null;
  }

  /** Reads the header; empty while a writer changes it or somebody has to recover the WAL. */
  Optional<Header> readHeader() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(2 * HEADER_SIZE).order(ByteOrder.nativeOrder());
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, bytes.position()) < 0) {
        return Optional.empty();
      }
    }
    byte[] raw = bytes.array();
    long checksum = new WalChecksum(ByteOrder.nativeOrder()).update(0, raw, 0, CHECKSUM_OFFSET);
    boolean sound =
        Arrays.equals(raw, 0, HEADER_SIZE, raw, HEADER_SIZE, 2 * HEADER_SIZE)
            && raw[INITIALISED_OFFSET] != 0
            && bytes.getInt(0) == VERSION
            && pair(bytes, CHECKSUM_OFFSET) == checksum;
    if (!sound) {
      return Optional.empty();
    }
    int encoded = Short.toUnsignedInt(bytes.getShort(PAGE_SIZE_OFFSET));
    ByteBuffer salts = bytes.duplicate().order(ByteOrder.BIG_ENDIAN);
    return Optional.of(
        new Header(
            (encoded & 0xFE00) + ((encoded & 1) << 16),
            bytes.getInt(FRAME_COUNT_OFFSET),
            Integer.toUnsignedLong(bytes.getInt(COMMIT_OFFSET)),
            pair(bytes, FRAME_CHECKSUM_OFFSET),
            salts.getInt(SALTS_OFFSET),
            salts.getInt(SALTS_OFFSET + 4)));
  }

  /** Two words in the order of the machine, as {@link WalChecksum} packs them. */
  private static long pair(ByteBuffer bytes, int offset) {
    return (long) bytes.getInt(offset) << 32 | Integer.toUnsignedLong(bytes.getInt(offset + 4));
  }

  /** Closes the file, which releases all locks. */
  @Override
  public void close() throws IOException {
    channel.close();
  }
}

package io.github.ltxjava.sqlite;

import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.sqlite.DatabaseUnavailableException.Reason;
import io.github.ltxjava.sqlite.Disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * SQLite's rollback journal: the pages of a database as they were before a transaction.
 *
 * <pre>
 *  0  magic d9d505f920a163d7
 *  8  number of pages in this segment; ffffffff: as many as follow
 * 12  nonce of the checksums
 * 16  size of the database in pages before
 * 20  sector size: segments start at a multiple of it
 * 24  page size
 *     then, from the next sector on, per page: number, content, checksum
 * </pre>
 *
 * A journal whose first byte is not zero is "hot" when nobody is writing: whoever opens the
 * database next, SQLite or this library, puts the pages back and deletes it. So the header is
 * written last.
 */
final class RollbackJournal {

  private static final long MAGIC = 0xd9d5_05f9_20a1_63d7L;
  private static final int HEADER_SIZE = 28;
  private static final int COUNT_OFFSET = 8;
  private static final int NONCE_OFFSET = 12;
  private static final int DATABASE_SIZE_OFFSET = 16;
  private static final int SECTOR_SIZE_OFFSET = 20;
  private static final int PAGE_SIZE_OFFSET = 24;
  private static final int COUNT_FROM_FILE_SIZE = -1;

  /** The sector size that SQLite takes where the file system does not tell. */
  private static final int SECTOR_SIZE = 512;

  private static final int MIN_SECTOR_SIZE = 32;
  private static final int MAX_SECTOR_SIZE = 65_536;

  /** A page's checksum takes every 200th byte, from the end. */
  private static final int CHECKSUM_STEP = 200;

  /** Number and checksum around a page's content. */
  private static final int RECORD_OVERHEAD = 8;

  /**
   * What a journal of a transaction over several databases ends with: a length, a sum, the magic.
   */
  private static final int SUPER_JOURNAL_TAIL = 16;

  private static final int BUFFER_SIZE = 1 << 20;

  private RollbackJournal() {}

  /**
   * Writes a journal, durably: when this returns, it is hot.
   *
   * @param pages which pages of the database to keep; the lock page is left out
   */
  static void write(Disk disk, Path journal, DiskFile database, int pageSize, PageSet pages)
      throws IOException {
    int nonce = ThreadLocalRandom.current().nextInt();
    long lockPage = LtxHeader.lockPageNumber(pageSize);
    pages.remove(lockPage);
    try (DiskFile file = disk.create(journal)) {
      file.write(0, ByteBuffer.allocate(SECTOR_SIZE));
      ByteBuffer buffer = ByteBuffer.allocate(Math.max(BUFFER_SIZE, pageSize + RECORD_OVERHEAD));
      long position = SECTOR_SIZE;
      for (long page = 1; page <= pages.pageCount(); page++) {
        if (!pages.contains(page)) {
          continue;
        }
        if (buffer.remaining() < pageSize + RECORD_OVERHEAD) {
          position = flush(file, position, buffer);
        }
        addRecord(buffer, database, page, pageSize, nonce);
      }
      flush(file, position, buffer);
      file.force();
      ByteBuffer header = ByteBuffer.allocate(HEADER_SIZE);
      header.putLong(MAGIC).putInt((int) pages.size()).putInt(nonce);
      header.putInt((int) pages.pageCount()).putInt(SECTOR_SIZE).putInt(pageSize);
      file.write(0, header.flip());
      file.force();
    }
    disk.forceFolderOf(journal);
  }

  private static void addRecord(
      ByteBuffer buffer, DiskFile database, long page, int pageSize, int nonce) throws IOException {
    buffer.putInt((int) page);
    int content = buffer.position();
    database.read((page - 1) * pageSize, buffer.limit(content + pageSize));
    buffer.limit(buffer.capacity());
    buffer.putInt(checksum(nonce, buffer.array(), content, pageSize));
  }

  private static long flush(DiskFile file, long position, ByteBuffer buffer) throws IOException {
    int count = buffer.flip().remaining();
    file.write(position, buffer);
    buffer.clear();
    return position + count;
  }

  private static int checksum(int nonce, byte[] bytes, int offset, int pageSize) {
    int sum = nonce;
    for (int i = pageSize - CHECKSUM_STEP; i > 0; i -= CHECKSUM_STEP) {
      sum += Byte.toUnsignedInt(bytes[offset + i]);
    }
    return sum;
  }

  /**
   * Puts a database back to what a hot journal says, as SQLite does, and deletes the journal.
   *
   * @param database locked exclusively
   * @throws DatabaseUnavailableException if the transaction spans several databases, which only
   *     SQLite can undo; nothing has changed then
   */
  static void rollBack(Disk disk, Path journal, DiskFile database) throws IOException {
    try (DiskFile file = disk.open(journal)) {
      refuseSuperJournal(file, journal);
      if (playBack(file, database)) {
        database.force();
      }
    }
    disk.delete(journal);
    disk.forceFolderOf(journal);
  }

  private static void refuseSuperJournal(DiskFile file, Path journal) throws IOException {
    long size = file.size();
    if (size < SUPER_JOURNAL_TAIL) {
      return;
    }
    ByteBuffer tail = read(file, size - SUPER_JOURNAL_TAIL, SUPER_JOURNAL_TAIL);
    if (tail.getLong(Long.BYTES) == MAGIC && tail.getInt(0) != 0) {
      throw new DatabaseUnavailableException(
          Reason.HOT_JOURNAL,
          journal,
          "it belongs to a transaction over several databases that a crash left half done: open"
              + " the database once by SQLite, and try again");
    }
  }

  /** Segments one after the other, up to the first that is not whole; false if there is none. */
  private static boolean playBack(DiskFile file, DiskFile database) throws IOException {
    Segment segment = Segment.read(file, 0);
    if (segment == null) {
      return false;
    }
    int pageSize = segment.pageSize;
    int sectorSize = segment.sectorSize;
    resize(database, segment.databaseSize * pageSize);
    long databaseSize = segment.databaseSize;
    long position = 0;
    while (segment != null) {
      position += sectorSize;
      int recordSize = pageSize + RECORD_OVERHEAD;
      long present = (file.size() - position) / recordSize;
      boolean fromSize = segment.count == COUNT_FROM_FILE_SIZE;
      long count = fromSize ? present : Integer.toUnsignedLong(segment.count);
      for (long i = 0; i < count; i++, position += recordSize) {
        if (i >= present
            || !putBack(read(file, position, recordSize), segment.nonce, databaseSize, database)) {
          return true;
        }
      }
      position = (position + sectorSize - 1) / sectorSize * sectorSize;
      segment = Segment.read(file, position);
    }
    return true;
  }

  /** Puts one page back; false if the record is not whole, which ends the journal. */
  private static boolean putBack(ByteBuffer record, int nonce, long databaseSize, DiskFile database)
      throws IOException {
    int pageSize = record.capacity() - RECORD_OVERHEAD;
    long page = Integer.toUnsignedLong(record.getInt(0));
    if (page == 0 || page == LtxHeader.lockPageNumber(pageSize)) {
      return false;
    }
    int sum = checksum(nonce, record.array(), Integer.BYTES, pageSize);
    if (sum != record.getInt(Integer.BYTES + pageSize)) {
      return false;
    }
    if (page <= databaseSize) {
      database.write((page - 1) * pageSize, record.slice(Integer.BYTES, pageSize));
    }
    return true;
  }

  private static void resize(DiskFile database, long size) throws IOException {
    long now = database.size();
    if (now > size) {
      database.truncate(size);
    } else if (now < size) {
      database.write(size - 1, ByteBuffer.allocate(1));
    }
  }

  private static ByteBuffer read(DiskFile file, long position, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    file.read(position, bytes);
    return bytes.flip();
  }

  /** The header of a segment; sizes count in the first one only. */
  private static final class Segment {
    final int count;
    final int nonce;
    final long databaseSize;
    final int sectorSize;
    final int pageSize;

    private Segment(ByteBuffer header) {
      this.count = header.getInt(COUNT_OFFSET);
      this.nonce = header.getInt(NONCE_OFFSET);
      this.databaseSize = Integer.toUnsignedLong(header.getInt(DATABASE_SIZE_OFFSET));
      this.sectorSize = header.getInt(SECTOR_SIZE_OFFSET);
      this.pageSize = header.getInt(PAGE_SIZE_OFFSET);
    }

    /** Null where the journal ends. */
    static @Nullable Segment read(DiskFile file, long position) throws IOException {
      if (position + HEADER_SIZE > file.size()) {
        return null;
      }
      ByteBuffer header = RollbackJournal.read(file, position, HEADER_SIZE);
      if (header.getLong(0) != MAGIC) {
        return null;
      }
      Segment segment = new Segment(header);
      boolean sane =
          DatabaseHeader.isPageSize(segment.pageSize)
              && segment.sectorSize >= MIN_SECTOR_SIZE
              && segment.sectorSize <= MAX_SECTOR_SIZE
              && Integer.bitCount(segment.sectorSize) == 1
              && position + segment.sectorSize <= file.size();
      return position > 0 || sane ? segment : null;
    }
  }
}

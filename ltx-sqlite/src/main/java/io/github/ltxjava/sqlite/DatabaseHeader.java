package io.github.ltxjava.sqlite;

import io.github.ltxjava.io.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * The first 100 bytes of a SQLite database, as far as they matter to whoever copies its pages.
 *
 * @param pageSize bytes per page: a power of two from 512 to 65,536
 * @param writeVersion 1 for rollback journals, 2 for WAL; above that SQLite only reads
 * @param readVersion 1 for rollback journals, 2 for WAL
 * @param reservedBytes unused bytes at the end of each page, for extensions
 * @param changeCounter grows with every transaction of a rollback-journal database
 * @param pageCount the size in pages that the header claims; trust {@link #pageCount(String, long)}
 * @param versionValidFor the change counter when the page count was last written
 */
public record DatabaseHeader(
    int pageSize,
    int writeVersion,
    int readVersion,
    int reservedBytes,
    int changeCounter,
    long pageCount,
    int versionValidFor) {

  /** Length of the header in bytes. */
  public static final int SIZE = 100;

  static final int MIN_PAGE_SIZE = 512;
  static final int MAX_PAGE_SIZE = 65_536;

  static final byte[] MAGIC = {
    'S', 'Q', 'L', 'i', 't', 'e', ' ', 'f', 'o', 'r', 'm', 'a', 't', ' ', '3', 0
  };
  private static final int PAGE_SIZE = 16;
  private static final int WRITE_VERSION = 18;
  private static final int READ_VERSION = 19;
  private static final int RESERVED_BYTES = 20;
  private static final int PAYLOAD_FRACTIONS = 21;
  private static final int CHANGE_COUNTER = 24;
  private static final int PAGE_COUNT = 28;
  private static final int VERSION_VALID_FOR = 92;

  /** The page size field has 16 bits, so 65,536 is written as 1. */
  private static final int ENCODED_MAX_PAGE_SIZE = 1;

  private static final int MAX_READ_VERSION = 2;

  /** Maximum and minimum embedded payload and leaf payload, which never vary. */
  private static final byte[] FIXED_PAYLOAD_FRACTIONS = {64, 32, 32};

  /** SQLite refuses pages with less room than this. */
  private static final int MIN_USABLE_SIZE = 480;

  /**
   * Reads the header of a database file.
   *
   * @param database stays open
   * @return the header, or empty if the file is: to SQLite that is a database without pages
   * @throws SqliteFormatException if it is not a SQLite database
   * @throws IOException if the source cannot be read
   */
  public static Optional<DatabaseHeader> read(ByteSource database) throws IOException {
    long size = database.size();
    if (size == 0) {
      return Optional.empty();
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(size, SIZE));
    database.readFully(0, bytes);
    return Optional.of(parse(database.name(), bytes.flip()));
  }

  /**
   * Parses a header.
   *
   * @param name what messages call the database
   * @param bytes at least 100 from the buffer's position, which does not move
   * @throws SqliteFormatException if it is not the header of a SQLite database
   */
  public static DatabaseHeader parse(String name, ByteBuffer bytes) throws SqliteFormatException {
    ByteBuffer header = bytes.slice().order(ByteOrder.BIG_ENDIAN);
    if (header.remaining() < SIZE) {
      throw new SqliteFormatException(
          name,
          0,
          "not a SQLite database: " + header.remaining() + " bytes, at least 100 expected");
    }
    for (int i = 0; i < MAGIC.length; i++) {
      if (header.get(i) != MAGIC[i]) {
        throw new SqliteFormatException(
            name,
            0,
            "not a SQLite database: it does not start with \"SQLite format 3\""
                + " (or it is encrypted)");
      }
    }
    int pageSize = pageSize(name, header);
    int readVersion = unsigned(header, READ_VERSION);
    if (readVersion == 0 || readVersion > MAX_READ_VERSION) {
      throw new SqliteFormatException(
          name, READ_VERSION, "read version " + readVersion + ", expected 1 or 2");
    }
    for (int i = 0; i < FIXED_PAYLOAD_FRACTIONS.length; i++) {
      if (header.get(PAYLOAD_FRACTIONS + i) != FIXED_PAYLOAD_FRACTIONS[i]) {
        throw new SqliteFormatException(
            name, PAYLOAD_FRACTIONS, "payload fractions are not 64, 32, 32");
      }
    }
    int reserved = unsigned(header, RESERVED_BYTES);
    if (pageSize - reserved < MIN_USABLE_SIZE) {
      throw new SqliteFormatException(
          name,
          RESERVED_BYTES,
          reserved + " reserved bytes leave less than 480 of a page of " + pageSize);
    }
    return new DatabaseHeader(
        pageSize,
        unsigned(header, WRITE_VERSION),
        readVersion,
        reserved,
        header.getInt(CHANGE_COUNTER),
        Integer.toUnsignedLong(header.getInt(PAGE_COUNT)),
        header.getInt(VERSION_VALID_FOR));
  }

  private static int pageSize(String name, ByteBuffer header) throws SqliteFormatException {
    int encoded = Short.toUnsignedInt(header.getShort(PAGE_SIZE));
    int pageSize = encoded == ENCODED_MAX_PAGE_SIZE ? MAX_PAGE_SIZE : encoded;
    if (!isPageSize(pageSize)) {
      throw new SqliteFormatException(
          name, PAGE_SIZE, "page size " + encoded + " is not a power of two from 512 to 65536");
    }
    return pageSize;
  }

  private static int unsigned(ByteBuffer header, int offset) {
    return Byte.toUnsignedInt(header.get(offset));
  }

  /** Tells whether SQLite has pages of this size in bytes. */
  public static boolean isPageSize(int value) {
    return value >= MIN_PAGE_SIZE && value <= MAX_PAGE_SIZE && Integer.bitCount(value) == 1;
  }

  /** Tells whether the database is in WAL mode. */
  public boolean isWal() {
    return readVersion == MAX_READ_VERSION;
  }

  /**
   * Returns how many pages SQLite sees in a file of this size: the number in the header where it is
   * current, else what the file holds.
   *
   * @param name what messages call the database
   * @param fileSize bytes
   * @throws SqliteFormatException if the file is shorter than its header says, or ends within a
   *     page that counts
   */
  public long pageCount(String name, long fileSize) throws SqliteFormatException {
    long whole = fileSize / pageSize;
    boolean current = pageCount != 0 && changeCounter == versionValidFor;
    if (current && pageCount <= whole) {
      return pageCount;
    }
    if (current) {
      throw new SqliteFormatException(
          name,
          PAGE_COUNT,
          "the header counts "
              + pageCount
              + " pages, but the file holds "
              + whole
              + ": it was cut");
    }
    if (whole * pageSize != fileSize) {
      throw new SqliteFormatException(
          name, whole * pageSize, "the last page is cut: the file has " + fileSize + " bytes");
    }
    return whole;
  }
}

package io.github.ltxjava.sqlite.internal;

import io.github.ltxjava.sqlite.DatabaseHeader;
import io.github.ltxjava.sqlite.SqliteFormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * The first 32 bytes of a WAL.
 *
 * <pre>
 *  0  magic 0x377f0682 (checksums over little-endian words) or 0x377f0683 (big-endian)
 *  4  version 3007000
 *  8  page size
 * 12  checkpoint sequence number
 * 16  salt 1, salt 2
 * 24  checksum 1, checksum 2 of the bytes before
 * </pre>
 *
 * All fields are big-endian; the magic only rules the words that checksums are made of.
 */
public record WalHeader(int pageSize, int salt1, int salt2, ByteOrder words, long checksum) {

  /** Length in bytes. */
  public static final int SIZE = 32;

  /** Length of the header of a frame in bytes. */
  public static final int FRAME_HEADER_SIZE = 24;

  private static final int MAGIC = 0x377f0682;
  private static final int VERSION = 3_007_000;
  private static final int VERSION_OFFSET = 4;
  private static final int PAGE_SIZE_OFFSET = 8;
  private static final int SALT_1_OFFSET = 16;
  private static final int SALT_2_OFFSET = 20;
  private static final int CHECKSUM_OFFSET = 24;

  /**
   * Parses a header.
   *
   * @return empty where SQLite, too, takes the WAL for empty: another magic, page size or checksum
   * @throws SqliteFormatException if the header is intact but of an unknown version
   */
  public static Optional<WalHeader> parse(String name, ByteBuffer bytes)
      throws SqliteFormatException {
    int magic = bytes.getInt(0);
    int pageSize = bytes.getInt(PAGE_SIZE_OFFSET);
    if ((magic & ~1) != MAGIC || !DatabaseHeader.isPageSize(pageSize)) {
      return Optional.empty();
    }
    ByteOrder words = (magic & 1) == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    long checksum = new WalChecksum(words).update(0, bytes.array(), 0, CHECKSUM_OFFSET);
    if (checksum != bytes.getLong(CHECKSUM_OFFSET)) {
      return Optional.empty();
    }
    int version = bytes.getInt(VERSION_OFFSET);
    if (version != VERSION) {
      throw new SqliteFormatException(
          name, VERSION_OFFSET, "WAL version " + version + ", expected " + VERSION);
    }
    return Optional.of(
        new WalHeader(
            pageSize, bytes.getInt(SALT_1_OFFSET), bytes.getInt(SALT_2_OFFSET), words, checksum));
  }

  /** Returns the length of a frame in bytes. */
  public int frameSize() {
    return FRAME_HEADER_SIZE + pageSize;
  }

  /** Returns where the content of a frame starts; frames count from 1. */
  public long contentOffset(int frame) {
    return SIZE + (long) (frame - 1) * frameSize() + FRAME_HEADER_SIZE;
  }
}

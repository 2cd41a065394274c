package io.github.ltxjava.sqlite.internal;

import io.github.ltxjava.io.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads the committed transactions of a WAL from its start, as SQLite does when it recovers one.
 *
 * <p>A frame counts while its salts are those of the header and its checksum continues that of the
 * frame before; the first one that does not ends the WAL, and what follows the last commit is
 * dropped. So a tail that an earlier use of the file left behind, or that a crash cut, does no
 * harm.
 *
 * <p>Memory: 4 bytes a frame of the transaction being read, and {@link PageFrames} for the pages of
 * all committed ones. Both grow with the frames really present.
 */
public final class WalReader {

  /**
   * The committed state of a WAL.
   *
   * @param header empty if the WAL is
   * @param frameCount frames up to and with the last commit
   * @param commit size of the database in pages after the last commit; 0 without one
   * @param checksum running checksum after the last commit
   * @param pages where the newest content of each page is
   */
  public record Committed(
      Optional<WalHeader> header, int frameCount, long commit, long checksum, PageFrames pages) {}

  private static final int BUFFER_SIZE = 1 << 20;
  private static final int INITIAL_PENDING = 64;

  private final ByteSource wal;
  private final WalHeader header;
  private final WalChecksum sums;
  private final PageFrames pages = new PageFrames();

  /** Page numbers of the frames since the last commit. */
  private int[] pending = new int[INITIAL_PENDING];

  private int pendingCount;
  private int frameCount;
  private long commit;
  private long committedChecksum;

  private WalReader(ByteSource wal, WalHeader header) {
    this.wal = wal;
    this.header = header;
    this.sums = new WalChecksum(header.words());
    this.committedChecksum = header.checksum();
  }

  /**
   * Reads a WAL.
   *
   * @param wal stays open
   * @param maxFrames frames to look at; later ones do not count
   * @throws SqliteFormatException if the version is unknown
   * @throws IOException if the source cannot be read
   */
  public static Committed read(ByteSource wal, long maxFrames) throws IOException {
    long size = wal.size();
    if (size < WalHeader.SIZE) {
      return empty();
    }
    ByteBuffer bytes = ByteBuffer.allocate(WalHeader.SIZE);
    wal.readFully(0, bytes);
    Optional<WalHeader> header = WalHeader.parse(wal.name(), bytes.flip());
    if (header.isEmpty()) {
      return empty();
    }
    WalReader reader = new WalReader(wal, header.get());
    long present = (size - WalHeader.SIZE) / header.get().frameSize();
    reader.readFrames((int) Math.min(Math.min(maxFrames, present), Integer.MAX_VALUE));
    return new Committed(
        header, reader.frameCount, reader.commit, reader.committedChecksum, reader.pages);
  }

  private static Committed empty() {
    return new Committed(Optional.empty(), 0, 0, 0, new PageFrames());
  }

  private void readFrames(int count) throws IOException {
    int frameSize = header.frameSize();
    int perRead = Math.max(1, BUFFER_SIZE / frameSize);
    ByteBuffer buffer = ByteBuffer.allocate(Math.min(perRead, count) * frameSize);
    long checksum = header.checksum();
    for (int first = 1; first <= count && first > 0; first += perRead) {
      int frames = Math.min(perRead, count - first + 1);
      long position = header.contentOffset(first) - WalHeader.FRAME_HEADER_SIZE;
      wal.readFully(position, buffer.clear().limit(frames * frameSize));
      for (int i = 0; i < frames; i++) {
        int at = i * frameSize;
        if (!saltsMatch(buffer, at)) {
          return;
        }
        checksum = advance(checksum, buffer.array(), at);
        if (checksum != buffer.getLong(at + FrameField.CHECKSUM)) {
          return;
        }
        accept(buffer.getInt(at), buffer.getInt(at + FrameField.COMMIT), first + i, checksum);
      }
    }
  }

  /** Where things are in a frame header; the page number comes first. */
  private static final class FrameField {
    static final int COMMIT = 4;
    static final int SALT_1 = 8;
    static final int SALT_2 = 12;
    static final int CHECKSUM = 16;
  }

  private boolean saltsMatch(ByteBuffer buffer, int at) {
    return buffer.getInt(at + FrameField.SALT_1) == header.salt1()
        && buffer.getInt(at + FrameField.SALT_2) == header.salt2()
        && buffer.getInt(at) != 0;
  }

  private long advance(long checksum, byte[] frames, int at) {
    long withHeader = sums.update(checksum, frames, at, FrameField.SALT_1);
    return sums.update(withHeader, frames, at + WalHeader.FRAME_HEADER_SIZE, header.pageSize());
  }

  private void accept(int page, int databaseSize, int frame, long checksum) {
    if (pendingCount == pending.length) {
      pending = Arrays.copyOf(pending, pendingCount * 2);
    }
    pending[pendingCount++] = page;
    if (databaseSize != 0) {
      for (int i = 0; i < pendingCount; i++) {
        pages.put(pending[i], frameCount + 1 + i);
      }
      pendingCount = 0;
      frameCount = frame;
      commit = Integer.toUnsignedLong(databaseSize);
      committedChecksum = checksum;
    }
  }
}

package io.github.ltxjava.replica;

import io.github.ltxjava.sqlite.internal.PageFrames;
import io.github.ltxjava.sqlite.internal.WalChecksum;
import io.github.ltxjava.sqlite.internal.WalHeader;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Committed frames that follow each other in a WAL, every checksum verified: whole transactions, of
 * each page the newest content.
 *
 * <p>A batch that fits the buffer is there in whole; of a larger one pages are read again. Memory:
 * 8 to 20 bytes for each page in it.
 */
final class WalBatch {

  private static final int COMMIT = 4;
  private static final int SALT_1 = 8;
  private static final int SALT_2 = 12;
  private static final int CHECKSUM = 16;

  private final WalFile wal;
  private final WalHeader header;
  private final WalChecksum sums;
  private final byte[] buffer;
  private final PageFrames pages = new PageFrames();
  private final int firstFrame;
  private int lastFrame;
  private long checksum;
  private long commit;
  private boolean inBuffer;

  private WalBatch(WalFile wal, WalHeader header, WalPosition from, byte[] buffer) {
    this.wal = wal;
    this.header = header;
    this.sums = new WalChecksum(header.words());
    this.buffer = buffer;
    this.firstFrame = from.frames() + 1;
    this.lastFrame = from.frames();
    this.checksum = from.checksum();
  }

  /**
   * Reads transactions.
   *
   * @param from where to go on, in the WAL of this header
   * @param total the last frame that counts, which ends a transaction
   * @param enough frames after which no further transaction is taken
   * @param buffer at least one frame long; the batch uses it until the next one is read
   * @return empty if a frame does not continue the one before: the WAL is another one by now, or
   *     damaged
   */
  static Optional<WalBatch> read(
      WalFile wal, WalHeader header, WalPosition from, int total, int enough, byte[] buffer)
      throws IOException {
    WalBatch batch = new WalBatch(wal, header, from, buffer);
    return batch.readFrames(total, enough) ? Optional.of(batch) : Optional.empty();
  }

  private boolean readFrames(int total, int enough) throws IOException {
    int frameSize = header.frameSize();
    int perRead = buffer.length / frameSize;
    int frame = firstFrame;
    while (frame <= total) {
      int count = Math.min(perRead, total - frame + 1);
      if (!wal.read(offset(frame), ByteBuffer.wrap(buffer, 0, count * frameSize))) {
        return false;
      }
      ByteBuffer bytes = ByteBuffer.wrap(buffer);
      for (int i = 0; i < count; i++) {
        if (!accept(bytes, i * frameSize, frame)) {
          return false;
        }
        boolean transactionEnds = bytes.getInt(i * frameSize + COMMIT) != 0;
        if (transactionEnds && (frame == total || frame - firstFrame + 1 >= enough)) {
          lastFrame = frame;
          commit = Integer.toUnsignedLong(bytes.getInt(i * frameSize + COMMIT));
          inBuffer = lastFrame - firstFrame < perRead;
          return true;
        }
        frame++;
      }
    }
    return false;
  }

  private boolean accept(ByteBuffer bytes, int at, int frame) {
    int page = bytes.getInt(at);
    if (page == 0
        || bytes.getInt(at + SALT_1) != header.salt1()
        || bytes.getInt(at + SALT_2) != header.salt2()) {
      return false;
    }
    checksum = sums.update(checksum, buffer, at, SALT_1);
    checksum = sums.update(checksum, buffer, at + WalHeader.FRAME_HEADER_SIZE, header.pageSize());
    if (checksum != bytes.getLong(at + CHECKSUM)) {
      return false;
    }
    pages.put(page, frame);
    return true;
  }

  private long offset(int frame) {
    return header.contentOffset(frame) - WalHeader.FRAME_HEADER_SIZE;
  }

  /** Returns the position after the batch. */
  WalPosition end() {
    return new WalPosition(header, lastFrame, checksum);
  }

  /** Returns the size of the database in pages afterwards. */
  long commit() {
    return commit;
  }

  int frameCount() {
    return lastFrame - firstFrame + 1;
  }

  /** Returns where the first frame is in the file. */
  long offset() {
    return offset(firstFrame);
  }

  /** Returns how many bytes of the file the batch is. */
  long length() {
    return (long) frameCount() * header.frameSize();
  }

  /** Tells whether the batch is in the buffer, so that nothing of it is read again. */
  boolean isInBuffer() {
    return inBuffer;
  }

  PageFrames pages() {
    return pages;
  }

  /**
   * Reads the newest content of a page; false if the batch does not have it.
   *
   * @param target room for one page
   */
  boolean readPage(long page, ByteBuffer target) throws IOException {
    int frame = pages.get((int) page);
    if (frame == 0) {
      return false;
    }
    if (inBuffer) {
      int at = (frame - firstFrame) * header.frameSize() + WalHeader.FRAME_HEADER_SIZE;
      target.put(buffer, at, header.pageSize());
    } else if (!wal.read(header.contentOffset(frame), target)) {
      throw new EOFException("the WAL ended while it was being captured");
    }
    return true;
  }
}

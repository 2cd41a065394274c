package io.github.ltxjava.internal.lz4;

import static io.github.ltxjava.internal.lz4.Lz4FrameHeader.getInt;

import io.github.ltxjava.internal.io.SequentialInput;
import java.io.IOException;
import java.util.Arrays;
import net.jpountz.xxhash.StreamingXXHash32;

/**
 * The content of one long LZ4 frame, read front to back, and not a byte beyond the frame: the page
 * block of compressed version 1 files.
 *
 * <p>The buffer grows with the compressed bytes that are really there, whatever block size the
 * frame claims.
 */
public final class Lz4FrameInput {

  /** How far back matches reach. */
  private static final int HISTORY_SIZE = 64 << 10;

  /** No compressed byte gives more than 255 bytes. */
  private static final int MAX_EXPANSION = 255;

  private static final int STORED = 0x8000_0000;

  private final SequentialInput in;
  private final Lz4FrameHeader header;
  private final StreamingXXHash32 contentHash;
  private byte[] content = new byte[HISTORY_SIZE];
  private int start;
  private int end;
  private long contentLength;
  private boolean finished;

  private Lz4FrameInput(SequentialInput in, Lz4FrameHeader header) {
    this.in = in;
    this.header = header;
    this.contentHash = Lz4.newXxHash32();
  }

  /**
   * Reads the frame's header.
   *
   * @throws MalformedLz4Exception if there is no frame here, or it is cut; offsets are those of the
   *     input
   * @throws IOException if the input cannot be read
   */
  public static Lz4FrameInput open(SequentialInput in) throws IOException, MalformedLz4Exception {
    need(in, 8);
    while (Lz4FrameHeader.isSkippable(getInt(in.array(), in.offset()))) {
      long size = Integer.toUnsignedLong(getInt(in.array(), in.offset() + 4));
      if (!in.skipTo(in.position() + 8 + size)) {
        throw MalformedLz4Exception.cut(in.position());
      }
      need(in, 8);
    }
    need(in, Lz4FrameHeader.lengthOf(in.array(), in.offset()));
    Lz4FrameHeader header;
    try {
      header = Lz4FrameHeader.parse(in.array(), in.offset());
    } catch (MalformedLz4Exception e) {
      throw new MalformedLz4Exception(in.position() + e.offset(), e.getMessage());
    }
    in.skip(header.length());
    return new Lz4FrameInput(in, header);
  }

  /**
   * Fills the target with content.
   *
   * @return how many bytes there were: fewer than asked for only at the end of the frame
   * @throws MalformedLz4Exception if the frame is malformed or cut; offsets are those of the input
   * @throws IOException if the input cannot be read
   */
  public int read(byte[] target, int offset, int length) throws IOException, MalformedLz4Exception {
    int done = 0;
    while (done < length) {
      if (start == end && !nextBlock()) {
        break;
      }
      int count = Math.min(length - done, end - start);
      System.arraycopy(content, start, target, offset + done, count);
      start += count;
      done += count;
    }
    return done;
  }

  private boolean nextBlock() throws IOException, MalformedLz4Exception {
    while (!finished && start == end) {
      need(in, Integer.BYTES);
      int size = getInt(in.array(), in.offset());
      if (size == 0) {
        in.skip(Integer.BYTES);
        finish();
      } else {
        decode(size);
      }
    }
    return start != end;
  }

  private void decode(int size) throws IOException, MalformedLz4Exception {
    int length = size & ~STORED;
    long position = in.position();
    if (length > header.blockMaxSize()) {
      throw new MalformedLz4Exception(
          position,
          "LZ4 block of "
              + length
              + " bytes, above the frame's maximum of "
              + header.blockMaxSize());
    }
    int sumLength = header.blockChecksums() ? Integer.BYTES : 0;
    need(in, Integer.BYTES + length + sumLength);
    int sourceOffset = in.offset() + Integer.BYTES;
    if (header.blockChecksums()) {
      Lz4Frame.checkBlockChecksum(in.array(), sourceOffset, length, position + Integer.BYTES);
    }
    int room = (int) Math.min(header.blockMaxSize(), (long) length * MAX_EXPANSION + 64);
    makeRoom(room);
    int given =
        Lz4Frame.decodeBlock(
            in.array(), sourceOffset, size, header.linked(), content, 0, end, end + room);
    if (given < 0) {
      throw new MalformedLz4Exception(position + Integer.BYTES, "LZ4 block is malformed");
    }
    contentHash.update(content, end, given);
    contentLength += given;
    start = end;
    end += given;
    in.skip(Integer.BYTES + length + sumLength);
  }

  /** Keeps what matches may reach, and makes room for a block behind it. */
  private void makeRoom(int room) {
    int keep = header.linked() ? Math.min(end, HISTORY_SIZE) : 0;
    if (content.length - end < room) {
      System.arraycopy(content, end - keep, content, 0, keep);
      end = keep;
      start = keep;
      if (content.length - end < room) {
        content = Arrays.copyOf(content, end + room);
      }
    }
  }

  private void finish() throws IOException, MalformedLz4Exception {
    if (header.contentChecksum()) {
      need(in, Integer.BYTES);
      if (getInt(in.array(), in.offset()) != contentHash.getValue()) {
        throw new MalformedLz4Exception(
            in.position(), "content checksum of the LZ4 frame is wrong");
      }
      in.skip(Integer.BYTES);
    }
    if (header.contradicts(contentLength)) {
      throw new MalformedLz4Exception(
          in.position(),
          "LZ4 frame states "
              + Long.toUnsignedString(header.contentSize())
              + " bytes of content, but gave "
              + contentLength);
    }
    finished = true;
  }

  private static void need(SequentialInput in, int count)
      throws IOException, MalformedLz4Exception {
    if (!in.require(count)) {
      throw MalformedLz4Exception.cut(in.position() + in.available());
    }
  }
}

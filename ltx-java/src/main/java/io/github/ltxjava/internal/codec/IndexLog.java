package io.github.ltxjava.internal.codec;

import io.github.ltxjava.IndexMemory;
import io.github.ltxjava.internal.format.IndexLayout;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The page index of a file as its frames go by: the very bytes that the file's index has to consist
 * of, 7 to 12 a page. Pages arrive in order, so no map and no sort is needed.
 *
 * <p>Beyond a limit, finished chunks go to a temporary file, if a folder for it is given.
 */
public final class IndexLog implements Closeable {

  private static final int CHUNK_SIZE = 64 << 10;

  private final long memoryLimit;
  private final @Nullable Path spillFolder;
  private final List<byte[]> chunks = new ArrayList<>();
  private final byte[] entry = new byte[IndexLayout.MAX_ENTRY_SIZE];
  private byte[] chunk = new byte[256];
  private int filled;
  private long spilled;
  private @Nullable FileChannel spill;

  /** Creates a log that keeps everything in memory up to the limit, if a folder is given. */
  public IndexLog(IndexMemory memory) {
    this.memoryLimit = memory.limitBytes();
    this.spillFolder = memory.folder().orElse(null);
  }

  /** Adds a frame. */
  public void add(long pageNumber, long frameOffset, int frameSize) throws IOException {
    int length = IndexLayout.putVarint(entry, 0, pageNumber);
    length = IndexLayout.putVarint(entry, length, frameOffset);
    length = IndexLayout.putVarint(entry, length, frameSize);
    append(length);
  }

  /** Adds the final 0. */
  public void end() throws IOException {
    append(IndexLayout.putVarint(entry, 0, 0));
  }

  /** Returns how many bytes were added. */
  public long length() {
    return spilled + (long) chunks.size() * CHUNK_SIZE + filled;
  }

  private void append(int length) throws IOException {
    int room = Math.min(length, CHUNK_SIZE - filled);
    if (filled + room > chunk.length) {
      chunk = Arrays.copyOf(chunk, Math.min(CHUNK_SIZE, 2 * chunk.length));
    }
    System.arraycopy(entry, 0, chunk, filled, room);
    filled += room;
    if (filled == CHUNK_SIZE) {
      chunks.add(chunk);
      chunk = new byte[CHUNK_SIZE];
      System.arraycopy(entry, room, chunk, 0, length - room);
      filled = length - room;
      if (spillFolder != null && (long) chunks.size() * CHUNK_SIZE >= memoryLimit) {
        spill(spillFolder);
      }
    }
  }

  private void spill(Path folder) throws IOException {
    FileChannel channel = spill;
    if (channel == null) {
      Path file = Files.createTempFile(folder, "ltx-index-", ".tmp");
      channel =
          FileChannel.open(
              file,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
      spill = channel;
    }
    for (byte[] full : chunks) {
      ByteBuffer buffer = ByteBuffer.wrap(full);
      while (buffer.hasRemaining()) {
        spilled += channel.write(buffer, spilled);
      }
    }
    chunks.clear();
  }

  /** Starts reading what was added. */
  public Cursor cursor() {
    return new Cursor();
  }

  @Override
  public void close() throws IOException {
    if (spill != null) {
      spill.close();
    }
  }

  /** Reads the log front to back. */
  public final class Cursor {
    private byte[] current = new byte[0];
    private int at;
    private int end;
    private int nextChunk;
    private long readFromSpill;
    private boolean lastReached;

    private Cursor() {}

    /** Brings bytes into {@link #array()}; false at the end. */
    public boolean advance() throws IOException {
      if (at < end) {
        return true;
      }
      if (readFromSpill < spilled) {
        readSpill();
      } else if (nextChunk < chunks.size()) {
        use(chunks.get(nextChunk++), CHUNK_SIZE);
      } else if (!lastReached) {
        lastReached = true;
        use(chunk, filled);
      } else {
        return false;
      }
      return at < end;
    }

    private void readSpill() throws IOException {
      FileChannel channel = Objects.requireNonNull(spill);
      byte[] target = new byte[CHUNK_SIZE];
      ByteBuffer buffer = ByteBuffer.wrap(target);
      while (buffer.hasRemaining()) {
        int count = channel.read(buffer, readFromSpill);
        if (count < 0) {
          throw new EOFException("the temporary index file was cut");
        }
        readFromSpill += count;
      }
      use(target, CHUNK_SIZE);
    }

    private void use(byte[] bytes, int length) {
      current = bytes;
      at = 0;
      end = length;
    }

    /** Returns the array that holds the next bytes. */
    public byte[] array() {
      return current;
    }

    /** Returns where the next byte is. */
    public int offset() {
      return at;
    }

    /** Returns how many bytes are there. */
    public int available() {
      return end - at;
    }

    /** Moves over bytes. */
    public void skip(int count) {
      at += count;
    }
  }
}

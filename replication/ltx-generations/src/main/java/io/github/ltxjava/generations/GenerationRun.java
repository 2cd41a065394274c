package io.github.ltxjava.generations;

import io.github.ltxjava.compaction.restore.internal.DatabaseOutput;
import io.github.ltxjava.internal.io.SequentialInput;
import io.github.ltxjava.internal.io.UnclosedSource;
import io.github.ltxjava.internal.lz4.Lz4FrameInput;
import io.github.ltxjava.internal.lz4.MalformedLz4Exception;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.sqlite.DatabaseHeader;
import io.github.ltxjava.sqlite.SqliteFormatException;
import io.github.ltxjava.store.generations.GenerationFile;
import io.github.ltxjava.store.generations.GenerationStore;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to restore a plan: the snapshot goes to the database as it comes, then one WAL after
 * the other is put together, verified and applied.
 */
final class GenerationRun implements Closeable {

  private static final int WINDOW_SIZE = 1 << 20;
  private static final int CHUNK_SIZE = 256 << 10;

  private final GenerationStore store;
  private final GenerationPlan plan;
  private final DatabaseOutput output;
  private final WalSpool wal;
  private final Consumer<? super GenerationProgress> listener;
  private final BooleanSupplier cancelled;
  private final byte[] chunk = new byte[CHUNK_SIZE];
  private final long planSize;
  private GenerationFile current;
  private long bytesRead;

  private interface Target {
    void write(byte[] bytes, int length) throws IOException;
  }

  /**
   * Begins.
   *
   * @param output stays the caller's
   * @param wal closed with this run
   */
  GenerationRun(
      GenerationStore store,
      GenerationPlan plan,
      DatabaseOutput output,
      WalSpool wal,
      Consumer<? super GenerationProgress> listener,
      BooleanSupplier cancelled) {
    this.store = store;
    this.plan = plan;
    this.output = output;
    this.wal = wal;
    this.listener = listener;
    this.cancelled = cancelled;
    this.planSize = plan.size();
    this.current = plan.snapshot();
  }

  /** Writes the database, short of its commit. */
  WalReplay write() throws IOException {
    WalReplay database = writeSnapshot();
    List<GenerationFile> pieces = new ArrayList<>();
    for (GenerationFile segment : plan.segments()) {
      if (segment.offset() == 0) {
        apply(database, pieces);
        pieces.clear();
        wal.begin(segment.key());
      } else if (segment.offset() != wal.size()) {
        throw new GenerationFormatException(
            segment.key(),
            0,
            "starts at offset "
                + segment.offset()
                + " of its WAL, but what was written before it ends at "
                + wal.size()
                + ": a piece is missing or cut short; "
                + before(pieces.get(0)));
      }
      read(segment, wal::append);
      pieces.add(segment);
    }
    apply(database, pieces);
    return database;
  }

  private WalReplay writeSnapshot() throws IOException {
    ByteBuffer start = ByteBuffer.allocate(DatabaseHeader.SIZE);
    long[] size = {0};
    read(
        plan.snapshot(),
        (bytes, length) -> {
          start.put(bytes, 0, Math.min(length, start.remaining()));
          output.write(size[0], bytes, length);
          size[0] += length;
        });
    String name = plan.snapshot().key();
    int pageSize;
    try {
      pageSize = DatabaseHeader.parse(name, start.flip()).pageSize();
    } catch (SqliteFormatException e) {
      throw damaged(plan.snapshot(), "does not decompress to a database: " + e.getMessage(), e);
    }
    if (size[0] % pageSize != 0) {
      throw damaged(
          plan.snapshot(),
          "decompresses to "
              + size[0]
              + " bytes, not to a whole number of pages of "
              + pageSize
              + " bytes",
          null);
    }
    return new WalReplay(output, pageSize, size[0]);
  }

  /** Applies the WAL that the pieces were put together to. */
  private void apply(WalReplay database, List<GenerationFile> pieces) throws IOException {
    if (pieces.isEmpty()) {
      return;
    }
    try {
      database.apply(wal);
    } catch (SqliteFormatException e) {
      GenerationFile piece = pieceAt(pieces, e.offset());
      current = piece;
      throw damaged(
          piece,
          "the WAL that it is a piece of is damaged: " + e.getMessage() + "; " + before(piece),
          e);
    }
  }

  private static GenerationFile pieceAt(List<GenerationFile> pieces, long offset) {
    GenerationFile found = pieces.get(0);
    for (GenerationFile piece : pieces) {
      found = piece.offset() <= offset ? piece : found;
    }
    return found;
  }

  /** Says what to do about a piece that cannot be used. */
  private static String before(GenerationFile piece) {
    return "what was written before " + piece.createdAt() + " can be restored by time";
  }

  private static GenerationFormatException damaged(
      GenerationFile file, String detail, @Nullable Exception cause) {
    GenerationFormatException failure = new GenerationFormatException(file.key(), 0, detail);
    if (cause != null) {
      failure.initCause(cause);
    }
    return failure;
  }

  /** Decompresses a file, one LZ4 frame or several, and verifies their checksums. */
  private void read(GenerationFile file, Target target) throws IOException {
    current = file;
    try (ByteSource source = store.open(file);
        SequentialInput in = SequentialInput.of(new UnclosedSource(source), WINDOW_SIZE)) {
      do {
        Lz4FrameInput frame = Lz4FrameInput.open(in);
        for (int count = chunk.length; count == chunk.length; ) {
          count = frame.read(chunk, 0, chunk.length);
          target.write(chunk, count);
          report(in.position());
        }
      } while (in.require(1));
      bytesRead += in.position();
    } catch (MalformedLz4Exception e) {
      throw new GenerationFormatException(
          file.key(), e.offset(), e.getMessage() + "; " + before(file));
    }
  }

  private void report(long position) {
    if (cancelled.getAsBoolean()) {
      throw new CancellationException("the restore was cancelled in " + current.key());
    }
    listener.accept(new GenerationProgress(bytesRead + position, planSize));
  }

  /** Returns the file that was being read last, or that is damaged. */
  GenerationFile current() {
    return current;
  }

  @Override
  public void close() throws IOException {
    wal.close();
  }
}

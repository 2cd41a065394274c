package io.github.ltxjava;

import io.github.ltxjava.internal.codec.FileScan;
import io.github.ltxjava.internal.codec.Findings;
import io.github.ltxjava.internal.codec.PagePipeline;
import io.github.ltxjava.internal.codec.ScanStart;
import io.github.ltxjava.io.ByteSource;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file front to back; a loop over {@link #next} that ends normally has verified the file.
 *
 * {@snippet :
 * try (LtxReader reader = LtxReader.open(ByteSource.open(path))) {
 *   while (reader.next()) {
 *     apply(reader.pageNumber(), reader.page());
 *   }
 * }
 * }
 *
 * <p>A reader belongs to one thread. Its memory is bounded by the page size and the number of pages
 * really present, about 9 bytes each, whatever the file claims. With {@link
 * ReadOptions#withParallelism} other threads decode ahead, up to 2 MiB of pages each; nothing else
 * changes.
 */
public final class LtxReader implements Closeable {

  private final FileScan scan;
  private final ByteBuffer page;

  /** Decodes ahead on several threads; null where the scan does it alone. */
  private final @Nullable PagePipeline ahead;

  private long pagesGiven;
  private State state = State.BEFORE_FIRST;

  private enum State {
    BEFORE_FIRST,
    AT_PAGE,
    AT_END,
    FAILED,
    CLOSED
  }

  private LtxReader(FileScan scan, Parallelism parallelism) {
    this.scan = scan;
    this.page = ByteBuffer.wrap(scan.page()).asReadOnlyBuffer();
    if (parallelism.threads() == 1) {
      this.ahead = null;
    } else {
      this.ahead = PagePipeline.ofPages(scan.header().pageSize(), parallelism);
      ahead.start(scan);
    }
  }

  /**
   * Opens a file, validates its header and tells its layout.
   *
   * @param source read by position; the reader closes it, also when this method fails
   * @throws LtxFormatException if the header is damaged
   * @throws IOException if the source cannot be read
   */
  public static LtxReader open(ByteSource source) throws IOException {
    return open(source, ReadOptions.DEFAULT);
  }

  /**
   * Opens a file with options.
   *
   * @param source read by position; the reader closes it, also when this method fails
   * @throws LtxFormatException if the header is damaged
   * @throws IOException if the source cannot be read
   */
  public static LtxReader open(ByteSource source, ReadOptions options) throws IOException {
    try {
      Findings strict = Findings.strict(source.name());
      FileScan scan = start(options).open(source, strict).orElseThrow();
      return new LtxReader(scan, options.parallelism());
    } catch (Throwable e) {
      closeAfter(e, source);
      throw e;
    }
  }

  /**
   * Opens a stream that can only be read forward, for example a network body.
   *
   * <p>The stream holds one file and nothing behind it; the reader reads ahead. The layout is told
   * by the first frame, which a raw version 1 file can feign; such a stream then fails its file
   * checksum. Name the layout in the options if you know it.
   *
   * @param name what messages call the stream
   * @param in the reader closes it, also when this method fails
   * @throws LtxFormatException if the header is damaged; with {@code UNKNOWN_LAYOUT} if the layout
   *     has to be named
   * @throws IOException if the stream cannot be read
   */
  public static LtxReader open(String name, InputStream in, ReadOptions options)
      throws IOException {
    try {
      FileScan scan = start(options).open(name, in, Findings.strict(name)).orElseThrow();
      return new LtxReader(scan, options.parallelism());
    } catch (Throwable e) {
      closeAfter(e, in);
      throw e;
    }
  }

  private static ScanStart start(ReadOptions options) {
    return ScanStart.of(options, ScanStart.DEFAULT_WINDOW_SIZE);
  }

  private static void closeAfter(Throwable failure, Closeable resource) {
    try {
      resource.close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /** Returns the header. */
  public LtxHeader header() {
    return scan.header();
  }

  /** Returns the layout; of a version 3 file, the one of its first page. */
  public Layout layout() {
    return scan.layout();
  }

  /**
   * Moves to the next page, or verifies the rest of the file and returns {@code false}.
   *
   * <p>The page is decompressed into a buffer that this reader owns and reuses, so {@link #page}
   * must be consumed before the next call. When this method returns {@code false} the whole file
   * has been checked: page numbers are in order and complete, the index matches the frames, the
   * file checksum matches, nothing follows the trailer, and a snapshot that tracks checksums has
   * the database checksum that it claims.
   *
   * @return {@code true} if a page is available, {@code false} after the last one
   * @throws LtxFormatException if the file is damaged; {@code offset()} tells where
   * @throws IllegalStateException if this reader is closed, or this method has failed before
   * @throws IOException if the source cannot be read
   */
  public boolean next() throws IOException {
    switch (state) {
      case CLOSED -> throw new IllegalStateException("the reader is closed");
      case FAILED -> throw new IllegalStateException("the reader has failed and cannot go on");
      case AT_END -> {
        return false;
      }
      default -> {
        // What follows damage cannot be trusted, so a failure is final.
        state = State.FAILED;
        if (advance()) {
          pagesGiven++;
          state = State.AT_PAGE;
          return true;
        }
        state = State.AT_END;
        return false;
      }
    }
  }

  private boolean advance() throws IOException {
    if (ahead != null) {
      if (ahead.next()) {
        System.arraycopy(ahead.page(), 0, scan.page(), 0, scan.page().length);
        return true;
      }
      return false;
    }
    if (scan.nextFrame()) {
      scan.decodePage();
      return true;
    }
    scan.finish();
    return false;
  }

  /**
   * Returns the number of the current page, 1 to 2^32 − 2.
   *
   * @throws IllegalStateException if there is no current page
   */
  public long pageNumber() {
    requireState(State.AT_PAGE, "there is no current page");
    return ahead != null ? ahead.pageNumber() : scan.pageNumber();
  }

  /**
   * Returns the current page: a read-only view of the reader's buffer, position 0, limit the page
   * size. It is the same object each time, and its content changes with {@link #next}.
   *
   * @throws IllegalStateException if there is no current page
   */
  public ByteBuffer page() {
    requireState(State.AT_PAGE, "there is no current page");
    return page.clear();
  }

  /**
   * Returns the page checksum of the current page, over its number and its content.
   *
   * @throws IllegalStateException if there is no current page
   */
  public Checksum pageChecksum() {
    requireState(State.AT_PAGE, "there is no current page");
    return new Checksum(ahead != null ? ahead.pageChecksum() : scan.pageChecksum());
  }

  /** Returns how many pages were read so far; after the last one, how many the file holds. */
  public long pageCount() {
    return pagesGiven;
  }

  /**
   * Returns the trailer.
   *
   * @throws IllegalStateException until {@link #next} has returned false
   */
  public LtxTrailer trailer() {
    requireState(State.AT_END, "the trailer is known after the last page");
    return scan.trailer().orElseThrow();
  }

  /**
   * Returns where a database stands after this file is applied; empty if checksums are not tracked.
   *
   * @throws IllegalStateException until {@link #next} has returned false
   */
  public Optional<Position> position() {
    return trailer().postApply().map(sum -> new Position(header().txids().max(), sum));
  }

  /** Releases the source; never reports on the file's content. */
  @Override
  public void close() throws IOException {
    state = State.CLOSED;
    if (ahead != null) {
      ahead.abandon();
    }
    scan.close();
  }

  private void requireState(State required, String message) {
    if (state != required) {
      throw new IllegalStateException(message);
    }
  }
}

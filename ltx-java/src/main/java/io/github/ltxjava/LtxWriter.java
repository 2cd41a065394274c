package io.github.ltxjava;

import io.github.ltxjava.internal.codec.FileAssembler;
import io.github.ltxjava.io.ByteSink;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Writes a file front to back. Nothing is visible until {@link #finish} returns; leaving the {@code
 * try} block before that leaves nothing behind.
 *
 * {@snippet :
 * LtxHeader header = LtxHeader.snapshot(4096, 2, Txid.of(1)).build();
 * try (LtxWriter writer = LtxWriter.create(ByteSink.atomic(path), header)) {
 *   writer.write(1, first).write(2, second).finish();
 * }
 * }
 *
 * <p>A writer belongs to one thread.
 */
public final class LtxWriter implements Closeable {

  private final ByteSink sink;
  private final LtxHeader header;
  private final FileAssembler assembler;
  private final byte[] page;
  private boolean open = true;

  private LtxWriter(ByteSink sink, LtxHeader header, FileAssembler assembler) {
    this.sink = sink;
    this.header = header;
    this.assembler = assembler;
    this.page = new byte[header.pageSize()];
  }

  /**
   * Starts a file of layout v3-block.
   *
   * @param sink where the file goes; committed by {@link #finish}, closed by {@link #close}
   * @throws IOException if the sink fails
   */
  public static LtxWriter create(ByteSink sink, LtxHeader header) throws IOException {
    return create(sink, header, WriteOptions.DEFAULT);
  }

  /**
   * Starts a file with options.
   *
   * @param sink where the file goes; committed by {@link #finish}, closed by {@link #close}; also
   *     closed when this method fails
   * @throws IllegalArgumentException if the layout cannot carry the header: version 1 knows neither
   *     files without checksums nor a WAL offset without a WAL size
   * @throws IOException if the sink fails
   */
  public static LtxWriter create(ByteSink sink, LtxHeader header, WriteOptions options)
      throws IOException {
    try {
      FileAssembler assembler = FileAssembler.create(sink, header, options);
      return new LtxWriter(sink, header, assembler);
    } catch (Throwable e) {
      try {
        sink.close();
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  /**
   * Appends a page.
   *
   * @param pageNumber above the one before, at most the commit, not the lock page; in a snapshot,
   *     the next one
   * @param content exactly one page, from the buffer's position to its limit; consumed
   * @return this writer
   * @throws IllegalArgumentException if the page may not come next or has another length
   * @throws IllegalStateException if the writer is finished or closed, or has failed
   * @throws IOException if the sink fails
   */
  public LtxWriter write(long pageNumber, ByteBuffer content) throws IOException {
    requireOpen();
    if (content.remaining() != page.length) {
      throw new IllegalArgumentException(
          "a page has " + page.length + " bytes, but " + content.remaining() + " were given");
    }
    assembler.checkNext(pageNumber);
    content.get(page);
    // If the sink fails, it may hold a part of the page: nothing can follow.
    open = false;
    assembler.addPage(pageNumber, page);
    open = true;
    return this;
  }

  /**
   * Completes a file whose post-apply checksum is known without being told: a snapshot, whose pages
   * give it, an empty database, or a file that tracks none.
   *
   * @return the trailer written
   * @throws IllegalArgumentException if the file is a delta that tracks checksums
   * @throws IllegalStateException if a snapshot lacks pages, or the writer is finished, closed or
   *     has failed
   * @throws IOException if the sink fails; nothing is visible then
   */
  public LtxTrailer finish() throws IOException {
    return finish(Optional.empty());
  }

  /**
   * Completes a file that tracks checksums.
   *
   * @param postApply the database checksum after the file is applied; of a snapshot it has to be
   *     the one that its pages give
   * @return the trailer written
   * @throws IllegalArgumentException if the checksum is not allowed or not that of the snapshot
   * @throws IllegalStateException if a snapshot lacks pages, or the writer is finished, closed or
   *     has failed
   * @throws IOException if the sink fails; nothing is visible then
   */
  public LtxTrailer finish(Checksum postApply) throws IOException {
    return finish(Optional.of(postApply));
  }

  private LtxTrailer finish(Optional<Checksum> postApply) throws IOException {
    requireOpen();
    assembler.checkFinish(postApply);
    open = false;
    LtxTrailer trailer = assembler.finish(postApply);
    sink.commit();
    return trailer;
  }

  /** Returns the header. */
  public LtxHeader header() {
    return header;
  }

  /** Releases the sink, and discards everything unless {@link #finish} has returned. */
  @Override
  public void close() throws IOException {
    open = false;
    try (sink) {
      assembler.close();
    }
  }

  private void requireOpen() {
    if (!open) {
      throw new IllegalStateException("the writer is finished or closed, or its sink has failed");
    }
  }
}

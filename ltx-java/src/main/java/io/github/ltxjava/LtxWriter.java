package io.github.ltxjava;

import io.github.ltxjava.internal.codec.FileAssembler;
import io.github.ltxjava.internal.codec.PageOrder;
import io.github.ltxjava.internal.codec.ParallelEncoder;
import io.github.ltxjava.internal.io.Closing;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.io.ByteSource;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

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

  private static final int DATABASE_PIECE_SIZE = 1 << 20;

  private final ByteSink sink;
  private final LtxHeader header;
  private final FileAssembler assembler;
  private final PageOrder order;
  private final @Nullable ParallelEncoder parallel;
  private final byte[] page;
  private boolean open = true;

  private LtxWriter(
      ByteSink sink, LtxHeader header, FileAssembler assembler, WriteOptions options) {
    this.sink = sink;
    this.header = header;
    this.assembler = assembler;
    this.order = new PageOrder(header);
    this.parallel =
        options.layout().hasIndex() && options.parallelism().threads() > 1
            ? new ParallelEncoder(
                assembler, header.pageSize(), header.lockPageNumber(), options.parallelism())
            : null;
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
      return new LtxWriter(sink, header, assembler, options);
    } catch (Throwable e) {
      Closing.afterFailure(e, sink);
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
    order.take(pageNumber);
    // If the sink fails, it may hold a part of the page: nothing can follow.
    open = false;
    if (parallel != null) {
      parallel.add(pageNumber, content);
    } else {
      content.get(page);
      assembler.addPage(pageNumber, page);
    }
    open = true;
    return this;
  }

  /**
   * Appends every page of a database from the next one to the commit, leaving out the lock page:
   * after {@link #create}, the whole database.
   *
   * @param database exactly the pages of the header's commit; stays open. Nobody may write to it
   *     meanwhile; see {@code ltx-sqlite} for databases in use
   * @return this writer
   * @throws IllegalArgumentException if the database has another size, or pages were written before
   *     that do not lead up to its rest
   * @throws IllegalStateException if the writer is finished or closed, or has failed
   * @throws IOException if the database cannot be read or the sink fails
   */
  public LtxWriter writeDatabase(ByteSource database) throws IOException {
    return writeDatabase(database, pageNumber -> {});
  }

  /**
   * Appends every page of a database, as {@link #writeDatabase(ByteSource)} does, and tells how far
   * it has come.
   *
   * @param database exactly the pages of the header's commit; stays open. Nobody may write to it
   *     meanwhile; see {@code ltx-sqlite} for databases in use
   * @param progress gets the number of the last page written each time that some are; called by the
   *     calling thread
   * @return this writer
   * @throws IllegalArgumentException if the database has another size, or pages were written before
   *     that do not lead up to its rest
   * @throws IllegalStateException if the writer is finished or closed, or has failed
   * @throws IOException if the database cannot be read or the sink fails
   */
  public LtxWriter writeDatabase(ByteSource database, LongConsumer progress) throws IOException {
    requireOpen();
    long size = database.size();
    if (size != header.commit() * page.length) {
      throw new IllegalArgumentException(
          "["
              + database.name()
              + "] has "
              + size
              + " bytes, but the header says "
              + header.commit()
              + " pages of "
              + page.length);
    }
    long first = order.next();
    for (long pageNumber = first; pageNumber <= header.commit(); pageNumber = order.next()) {
      order.take(pageNumber);
    }
    open = false;
    if (parallel != null) {
      parallel.addAll(database, first, header.commit(), progress);
    } else {
      addAll(database, first, progress);
    }
    open = true;
    return this;
  }

  private void addAll(ByteSource database, long first, LongConsumer progress) throws IOException {
    long size = header.commit() * page.length;
    ByteBuffer piece = ByteBuffer.allocate(Math.max(page.length, DATABASE_PIECE_SIZE));
    long pageNumber = first;
    while (pageNumber <= header.commit()) {
      long position = (pageNumber - 1) * page.length;
      piece.clear().limit((int) Math.min(piece.capacity(), size - position));
      database.readFully(position, piece);
      for (piece.flip(); piece.hasRemaining(); pageNumber++) {
        piece.get(page);
        if (pageNumber != header.lockPageNumber()) {
          assembler.addPage(pageNumber, page);
        }
      }
      progress.accept(pageNumber - 1);
    }
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
    open = false;
    if (parallel != null) {
      parallel.finish();
    }
    open = true;
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
    if (parallel != null) {
      parallel.abandon();
    }
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

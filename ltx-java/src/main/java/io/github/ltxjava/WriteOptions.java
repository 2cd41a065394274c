package io.github.ltxjava;

import io.github.ltxjava.codec.PageCodec;
import io.github.ltxjava.internal.codec.FrameEncoder;

/** How to write a file. Immutable; start from {@link #DEFAULT}. */
public final class WriteOptions {

  /** Layout v3-block with LZ4, the index in memory: what today's Go programs read. */
  public static final WriteOptions DEFAULT =
      new WriteOptions(
          Layout.V3_BLOCK, PageCodec.lz4(), IndexMemory.UNLIMITED, Parallelism.SEQUENTIAL);

  private final Layout layout;
  private final PageCodec codec;
  private final IndexMemory indexMemory;
  private final Parallelism parallelism;

  private WriteOptions(
      Layout layout, PageCodec codec, IndexMemory indexMemory, Parallelism parallelism) {
    this.layout = layout;
    this.codec = codec;
    this.indexMemory = indexMemory;
    this.parallelism = parallelism;
  }

  /** Writes another layout, for older readers. The codec becomes the format's own. */
  public WriteOptions withLayout(Layout value) {
    return new WriteOptions(value, PageCodec.lz4(), indexMemory, parallelism);
  }

  /**
   * Writes v3-block with the codec of an extension, which other readers will refuse.
   *
   * @throws IllegalArgumentException if the codec's flags are out of range or those of LZ4
   */
  public WriteOptions withCodec(PageCodec value) {
    FrameEncoder.checkFlags(value);
    return new WriteOptions(Layout.V3_BLOCK, value, indexMemory, parallelism);
  }

  /** Bounds the memory that the index takes. Default: no bound. */
  public WriteOptions withIndexMemory(IndexMemory value) {
    return new WriteOptions(layout, codec, value, parallelism);
  }

  /**
   * Compresses on several threads; the file is the same. Version 1 layouts have nothing to gain and
   * are written by the calling thread. Default: {@link Parallelism#SEQUENTIAL}.
   */
  public WriteOptions withParallelism(Parallelism value) {
    return new WriteOptions(layout, codec, indexMemory, value);
  }

  /** Returns the layout to write. */
  public Layout layout() {
    return layout;
  }

  /** Returns the codec of pages in v3-block. */
  public PageCodec codec() {
    return codec;
  }

  /** Returns how many threads compress. */
  public Parallelism parallelism() {
    return parallelism;
  }

  /** Returns how much memory the index may take. */
  public IndexMemory indexMemory() {
    return indexMemory;
  }
}

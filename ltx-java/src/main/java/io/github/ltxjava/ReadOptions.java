package io.github.ltxjava;

import io.github.ltxjava.codec.PageCodec;
import io.github.ltxjava.internal.codec.FrameEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How to read a file: what the caller knows about it and what it is willing to accept. Immutable;
 * start from {@link #DEFAULT}.
 */
public final class ReadOptions {

  /** The layout is detected, no extension is accepted, the index stays in memory. */
  public static final ReadOptions DEFAULT =
      new ReadOptions(
          Optional.empty(),
          List.of(PageCodec.lz4()),
          IndexMemory.UNLIMITED,
          Parallelism.SEQUENTIAL);

  private final Optional<Layout> layout;
  private final List<PageCodec> codecs;
  private final IndexMemory indexMemory;
  private final Parallelism parallelism;

  private ReadOptions(
      Optional<Layout> layout,
      List<PageCodec> codecs,
      IndexMemory indexMemory,
      Parallelism parallelism) {
    this.layout = layout;
    this.codecs = codecs;
    this.indexMemory = indexMemory;
    this.parallelism = parallelism;
  }

  /**
   * Tells the layout instead of detecting it. Needed only for forward-only streams of raw version 1
   * files, which cannot be told from damaged ones.
   */
  public ReadOptions withLayout(Layout value) {
    return new ReadOptions(Optional.of(value), codecs, indexMemory, parallelism);
  }

  /**
   * Accepts pages of an extension, for example {@code PageCodec.zstd(3)}.
   *
   * @throws IllegalArgumentException if the codec's flags are out of range or those of LZ4
   */
  public ReadOptions accepting(PageCodec codec) {
    FrameEncoder.checkFlags(codec);
    List<PageCodec> all = new ArrayList<>(codecs);
    all.add(codec);
    return new ReadOptions(layout, List.copyOf(all), indexMemory, parallelism);
  }

  /** Bounds the memory that the index takes. Default: no bound. */
  public ReadOptions withIndexMemory(IndexMemory value) {
    return new ReadOptions(layout, codecs, value, parallelism);
  }

  /**
   * Reads, verifies, merges and restores whole files on several threads. Default: {@link
   * Parallelism#SEQUENTIAL}.
   */
  public ReadOptions withParallelism(Parallelism value) {
    return new ReadOptions(layout, codecs, indexMemory, value);
  }

  /** Returns the layout told, if any. */
  public Optional<Layout> layout() {
    return layout;
  }

  /** Returns the page codecs accepted; the format's own is the first. */
  public List<PageCodec> codecs() {
    return codecs;
  }

  /** Returns how many threads read whole files. */
  public Parallelism parallelism() {
    return parallelism;
  }

  /** Returns how much memory the index may take. */
  public IndexMemory indexMemory() {
    return indexMemory;
  }
}

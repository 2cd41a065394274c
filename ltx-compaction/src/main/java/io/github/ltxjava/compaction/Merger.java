package io.github.ltxjava.compaction;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxTrailer;
import io.github.ltxjava.ReadOptions;
import io.github.ltxjava.WriteOptions;
import io.github.ltxjava.index.ChainException;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.io.ByteSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Merges files that follow each other into one: the newest version of each page, in one pass.
 *
 * {@snippet :
 * try (ByteSink output = ByteSink.atomic(path)) {
 *   MergeResult result = Merger.of(inputs).writeTo(output);
 * }
 * }
 *
 * <p>One law holds: applying the merged file gives the same database as applying the inputs one by
 * one. A page that a later input cut off does not come back; where the database grows again without
 * it, it is written as zeros, as it would be after applying.
 *
 * <p>Every input is verified to its last byte before the output becomes visible. No page is
 * compressed again if its bytes can be copied. A merger belongs to one thread, which others can
 * help ({@link ReadOptions#withParallelism}); the sources stay the caller's.
 */
public final class Merger {

  /** How much memory the windows over all inputs take together by default, in bytes. */
  public static final long DEFAULT_MEMORY = 8L << 20;

  private final List<ByteSource> inputs;
  private ReadOptions reading = ReadOptions.DEFAULT;
  private WriteOptions writing = WriteOptions.DEFAULT;
  private boolean gapsAllowed;
  private boolean withoutChecksums;
  private long memory = DEFAULT_MEMORY;
  private Consumer<? super MergeProgress> listener = progress -> {};
  private BooleanSupplier cancelled = () -> false;

  private Merger(List<? extends ByteSource> inputs) {
    this.inputs = List.copyOf(inputs);
    if (inputs.isEmpty()) {
      throw new IllegalArgumentException("nothing to merge: no input was given");
    }
  }

  /**
   * Starts a merge.
   *
   * @param inputs at least one, in any order; they stay open and are the caller's to close
   * @throws IllegalArgumentException if there is none
   */
  public static Merger of(List<? extends ByteSource> inputs) {
    return new Merger(inputs);
  }

  /** Accepts transactions missing between inputs. */
  public Merger allowGaps() {
    gapsAllowed = true;
    return this;
  }

  /**
   * Leaves database checksums out of the output (flag NoChecksum). By default the output carries
   * them if the first input has a checksum to start from and the last one to end with.
   */
  public Merger withoutChecksums() {
    withoutChecksums = true;
    return this;
  }

  /** Sets the layout of the output. Default: v3-block. */
  public Merger layout(Layout layout) {
    writing = writing.withLayout(layout);
    return this;
  }

  /** Sets how the output is written. */
  public Merger writing(WriteOptions options) {
    writing = options;
    return this;
  }

  /**
   * Sets how the inputs are read. With parallelism, several threads decompress and hash; the output
   * does not depend on it.
   */
  public Merger reading(ReadOptions options) {
    reading = options;
    return this;
  }

  /**
   * Sets how much memory the windows over all inputs take together, at least a page each. Where the
   * inputs are far away, larger windows mean fewer requests.
   *
   * @param bytes default {@value #DEFAULT_MEMORY}; not negative
   * @throws IllegalArgumentException if it is negative
   */
  public Merger memory(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("memory of " + bytes + " bytes is negative");
    }
    memory = bytes;
    return this;
  }

  /**
   * Sets who is told about progress, on the merging thread, every thousand pages and at the end.
   */
  public Merger onProgress(Consumer<? super MergeProgress> value) {
    listener = value;
    return this;
  }

  /** Sets a condition, asked every few pages, under which the merge is given up. */
  public Merger cancelWhen(BooleanSupplier condition) {
    cancelled = condition;
    return this;
  }

  /**
   * Merges, and commits the output.
   *
   * @param output committed on success; the caller closes it, which discards it otherwise
   * @return what was written
   * @throws IllegalArgumentException if the layout cannot carry the merged file: version 1 has none
   *     without checksums
   * @throws ChainException if the inputs do not form one history; both files are named
   * @throws io.github.ltxjava.LtxFormatException if an input is damaged
   * @throws CancellationException if the condition for giving up came true
   * @throws IOException if an input or the output fails
   */
  public MergeResult writeTo(ByteSink output) throws IOException {
    List<MergeInput> opened = new ArrayList<>();
    try {
      MergeInputs.open(inputs, reading, memory, opened);
      Collections.sort(opened);
      MergeChain.check(opened, gapsAllowed);
      LtxHeader header = MergeChain.header(opened, withoutChecksums);
      try (MergeRun run =
          new MergeRun(
              opened, header, reading.parallelism(), writing, output, listener, cancelled)) {
        run.mergePages();
        MergeInput last = opened.get(opened.size() - 1);
        LtxTrailer trailer = run.finish(postApply(header, last));
        MergeResult result = new MergeResult(header, trailer, run.pagesRead(), run.pagesWritten());
        output.commit();
        return result;
      }
    } finally {
      for (MergeInput input : opened) {
        input.close();
      }
    }
  }

  private static Optional<Checksum> postApply(LtxHeader header, MergeInput last) {
    return header.tracksChecksums()
        ? last.scan().trailer().orElseThrow().postApply()
        : Optional.empty();
  }
}

package io.github.ltxjava.compaction;

import io.github.ltxjava.ReadOptions;
import io.github.ltxjava.internal.codec.ScanStart;
import io.github.ltxjava.io.ByteSource;
import java.io.IOException;
import java.util.List;

/** Opens the inputs of a merge within its share of memory. */
final class MergeInputs {

  /** A window grows to the frame it has to hold; this is only where it starts. */
  private static final int MIN_WINDOW_SIZE = 4 << 10;

  private MergeInputs() {}

  /**
   * Opens every source.
   *
   * @param target receives each input as soon as it is open, so that the caller can close them
   *     whatever happens
   */
  static void open(
      List<ByteSource> sources, ReadOptions options, long memory, List<MergeInput> target)
      throws IOException {
    long share = memory / sources.size();
    int windowSize =
        (int) Math.max(MIN_WINDOW_SIZE, Math.min(ScanStart.DEFAULT_WINDOW_SIZE, share));
    ScanStart start = ScanStart.of(options, windowSize).sharingPageSpace();
    for (ByteSource source : sources) {
      target.add(MergeInput.open(source, start));
    }
  }
}

package io.github.ltxjava.replica;

import io.github.ltxjava.WriteOptions;
import java.time.InstantSource;

/**
 * How to capture.
 *
 * @param writing how to write files of level 0
 * @param writingAll how to write files that hold every page
 * @param checkpointFrames frames of the WAL from which on it is checkpointed
 * @param truncateBytes length of the WAL from which on a checkpoint also cuts it; 0 for never
 * @param maxBatchBytes bytes of the WAL that one file takes, or one transaction if that is larger
 */
record CaptureOptions(
    WriteOptions writing,
    WriteOptions writingAll,
    int checkpointFrames,
    long truncateBytes,
    int maxBatchBytes,
    InstantSource clock) {

  /** Litestream's limit. */
  static final int MAX_BATCH_BYTES = 64 << 20;

  static final CaptureOptions DEFAULT =
      new CaptureOptions(
          WriteOptions.DEFAULT,
          WriteOptions.DEFAULT,
          1000,
          64L << 20,
          MAX_BATCH_BYTES,
          InstantSource.system());
}

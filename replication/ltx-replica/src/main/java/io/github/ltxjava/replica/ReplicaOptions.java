package io.github.ltxjava.replica;

import io.github.ltxjava.Layout;
import io.github.ltxjava.Parallelism;
import io.github.ltxjava.WriteOptions;
import io.github.ltxjava.compaction.policy.Level;
import io.github.ltxjava.compaction.policy.LeveledPolicy;
import io.github.ltxjava.compaction.policy.RetentionPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How to replicate. Immutable; start from {@link #DEFAULT}, which has Litestream's intervals.
 *
 * @param levels how often to merge into which level
 * @param snapshotInterval how often to write a snapshot; zero for never but where one is needed
 * @param retention how long to keep what
 * @param layout of the files written; {@code V3_FRAME} for Litestream before 0.5.16
 * @param checkpointFrames frames of the WAL from which on it is checkpointed; at least 2
 * @param checkpointInterval after this time without a change the WAL is checkpointed
 * @param truncateBytes length of the WAL in bytes from which on a checkpoint cuts it; 0 for never
 * @param folder where captured files are kept until they are uploaded and merged; empty for
 *     Litestream's, {@code .<database>-litestream} beside the database
 * @param closeTimeout how long closing may take to upload what is left
 * @param parallelism how many threads compress a snapshot
 * @param clock what the time is
 */
public record ReplicaOptions(
    List<Level> levels,
    Duration snapshotInterval,
    RetentionPolicy retention,
    Layout layout,
    int checkpointFrames,
    Duration checkpointInterval,
    long truncateBytes,
    Optional<Path> folder,
    Duration closeTimeout,
    Parallelism parallelism,
    InstantSource clock) {

  /**
   * Litestream's levels, a snapshot and retention of 24 hours; a checkpoint from 1000 frames on or
   * after a minute; the WAL cut beyond 64 MiB; 30 seconds to close.
   */
  public static final ReplicaOptions DEFAULT =
      new ReplicaOptions(
          Level.DEFAULTS,
          Duration.ofHours(24),
          RetentionPolicy.DEFAULT,
          Layout.V3_BLOCK,
          1000,
          Duration.ofMinutes(1),
          64L << 20,
          Optional.empty(),
          Duration.ofSeconds(30),
          Parallelism.SEQUENTIAL,
          InstantSource.system());

  /**
   * Copies the levels and checks the ranges.
   *
   * @throws IllegalArgumentException if a duration is negative, fewer than 2 frames are to be
   *     checkpointed, or files of this layout cannot do without database checksums
   */
  public ReplicaOptions {
    levels = List.copyOf(levels);
    if (checkpointFrames < 2 || truncateBytes < 0) {
      throw new IllegalArgumentException(
          "checkpoint from " + checkpointFrames + " frames, cut from " + truncateBytes + " bytes");
    }
    if (snapshotInterval.isNegative()
        || checkpointInterval.isNegative()
        || closeTimeout.isNegative()) {
      throw new IllegalArgumentException(
          "intervals " + snapshotInterval + ", " + checkpointInterval + ", " + closeTimeout);
    }
    if (!layout.hasIndex()) {
      throw new IllegalArgumentException("a replica cannot be written as " + layout);
    }
  }

  /** Sets how often to merge. */
  public ReplicaOptions withLevels(List<Level> value) {
    return with(changed -> changed.levels = value);
  }

  /** Sets how often to write a snapshot. */
  public ReplicaOptions withSnapshotInterval(Duration value) {
    return with(changed -> changed.snapshotInterval = value);
  }

  /** Sets how long to keep what. */
  public ReplicaOptions withRetention(RetentionPolicy value) {
    return with(changed -> changed.retention = value);
  }

  /** Sets the layout of the files. */
  public ReplicaOptions withLayout(Layout value) {
    return with(changed -> changed.layout = value);
  }

  /** Sets when the WAL is checkpointed. */
  public ReplicaOptions withCheckpoints(int frames, Duration interval, long cutFromBytes) {
    return with(
        changed -> {
          changed.checkpointFrames = frames;
          changed.checkpointInterval = interval;
          changed.truncateBytes = cutFromBytes;
        });
  }

  /** Sets where captured files are kept. */
  public ReplicaOptions withFolder(Path value) {
    return with(changed -> changed.folder = Optional.of(value));
  }

  /** Sets how long closing may take. */
  public ReplicaOptions withCloseTimeout(Duration value) {
    return with(changed -> changed.closeTimeout = value);
  }

  /** Sets how many threads compress a snapshot. */
  public ReplicaOptions withParallelism(Parallelism value) {
    return with(changed -> changed.parallelism = value);
  }

  /** Sets the clock. */
  public ReplicaOptions withClock(InstantSource value) {
    return with(changed -> changed.clock = value);
  }

  private ReplicaOptions with(Consumer<Changed> change) {
    Changed changed = new Changed(this);
    change.accept(changed);
    return changed.options();
  }

  /** Options that are being changed, so that each setter names only what it sets. */
  private static final class Changed {
    private List<Level> levels;
    private Duration snapshotInterval;
    private RetentionPolicy retention;
    private Layout layout;
    private int checkpointFrames;
    private Duration checkpointInterval;
    private long truncateBytes;
    private Optional<Path> folder;
    private Duration closeTimeout;
    private Parallelism parallelism;
    private InstantSource clock;

    Changed(ReplicaOptions options) {
      levels = options.levels;
      snapshotInterval = options.snapshotInterval;
      retention = options.retention;
      layout = options.layout;
      checkpointFrames = options.checkpointFrames;
      checkpointInterval = options.checkpointInterval;
      truncateBytes = options.truncateBytes;
      folder = options.folder;
      closeTimeout = options.closeTimeout;
      parallelism = options.parallelism;
      clock = options.clock;
    }

    ReplicaOptions options() {
      return new ReplicaOptions(
          levels,
          snapshotInterval,
          retention,
          layout,
          checkpointFrames,
          checkpointInterval,
          truncateBytes,
          folder,
          closeTimeout,
          parallelism,
          clock);
    }
  }

  LeveledPolicy merging() {
    return new LeveledPolicy(levels, Duration.ZERO, LeveledPolicy.DEFAULT.maxInputs());
  }

  WriteOptions writing() {
    return WriteOptions.DEFAULT.withLayout(layout);
  }

  CaptureOptions capturing() {
    return new CaptureOptions(
        writing(),
        writing().withParallelism(parallelism),
        checkpointFrames,
        truncateBytes,
        CaptureOptions.MAX_BATCH_BYTES,
        clock);
  }
}

package io.github.ltxjava.compaction.policy;

import io.github.ltxjava.Txid;
import io.github.ltxjava.compaction.restore.RestoreException;
import io.github.ltxjava.compaction.restore.RestorePlan;
import io.github.ltxjava.compaction.restore.RestorePlanner;
import io.github.ltxjava.compaction.restore.RestoreTarget;
import io.github.ltxjava.store.LtxFileInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Merges every level into the next one at fixed times, and makes a snapshot now and then, as
 * Litestream does and so that Litestream can go on with the result.
 *
 * <p>A level is due when its newest file is not newer than the last multiple of its interval (since
 * the epoch, UTC). It then takes from the level below what comes after its own last transaction.
 * Where Litestream stumbles this goes another way:
 *
 * <ul>
 *   <li>A file that starts before the level's last transaction and ends after it is taken too; the
 *       result overlaps, which every reader accepts, where leaving it out would make a hole.
 *   <li>Files that others cover are left out, where they would make the merge fail.
 *   <li>A hole in the level below ends a merge, and the next one starts behind the hole, if a
 *       snapshot holds what is missing. If none does, the level waits: merging on would hide that
 *       the database cannot be restored. {@link LevelCheck} reports holes.
 *   <li>A level without files starts after the oldest snapshot, if there is one, and not with a
 *       copy of the whole database.
 * </ul>
 *
 * @param levels ascending by number
 * @param snapshotInterval how often to make a snapshot; zero for never
 * @param maxInputs how many files to merge at once; the others wait for the next call
 */
public record LeveledPolicy(List<Level> levels, Duration snapshotInterval, int maxInputs)
    implements CompactionPolicy {

  /** Litestream's intervals; a snapshot every 24 hours; 1000 files at once. */
  public static final LeveledPolicy DEFAULT =
      new LeveledPolicy(Level.DEFAULTS, Duration.ofHours(24), 1000);

  /** Files by how far they reach; of two that reach equally far, the one that overlaps less. */
  private static final Comparator<LtxFileInfo> BY_REACH =
      Comparator.<LtxFileInfo, Txid>comparing(file -> file.txids().max())
          .thenComparing(file -> file.txids().min());

  /**
   * Copies the levels.
   *
   * @throws IllegalArgumentException if levels do not ascend, the interval is negative or fewer
   *     than one file may be merged
   */
  public LeveledPolicy {
    levels = List.copyOf(levels);
    for (int i = 1; i < levels.size(); i++) {
      if (levels.get(i).number() <= levels.get(i - 1).number()) {
        throw new IllegalArgumentException("levels do not ascend: " + levels);
      }
    }
    if (snapshotInterval.isNegative() || maxInputs < 1) {
      throw new IllegalArgumentException(
          "snapshot interval " + snapshotInterval + ", at most " + maxInputs + " inputs");
    }
  }

  @Override
  public List<CompactionJob> plan(List<LtxFileInfo> files, Instant now) {
    List<CompactionJob> jobs = new ArrayList<>();
    int source = 0;
    for (Level level : levels) {
      merge(files, source, level, now).ifPresent(jobs::add);
      source = level.number();
    }
    snapshot(files, now).ifPresent(jobs::add);
    return List.copyOf(jobs);
  }

  private Optional<CompactionJob> merge(
      List<LtxFileInfo> files, int source, Level level, Instant now) {
    List<LtxFileInfo> merged = Listing.ofLevel(files, level.number());
    if (!isDue(merged, level.interval(), now)) {
      return Optional.empty();
    }
    List<LtxFileInfo> inputs = inputs(files, source, Listing.lastTxid(merged));
    return inputs.isEmpty()
        ? Optional.empty()
        : Optional.of(new CompactionJob.Merge(level.number(), inputs));
  }

  private static boolean isDue(List<LtxFileInfo> merged, Duration interval, Instant now) {
    long millis = Math.max(1, interval.toMillis());
    Instant boundary = Instant.ofEpochMilli(Math.floorDiv(now.toEpochMilli(), millis) * millis);
    return merged.stream()
        .max(BY_REACH)
        .map(newest -> !newest.createdAt().isAfter(boundary))
        .orElse(true);
  }

  /** The chain in a level that goes on from a transaction, or from where a snapshot leads. */
  private List<LtxFileInfo> inputs(List<LtxFileInfo> files, int source, @Nullable Txid last) {
    List<LtxFileInfo> candidates = Listing.ofLevel(files, source);
    List<Txid> snapshots =
        Listing.ofLevel(files, LtxFileInfo.SNAPSHOT_LEVEL).stream()
            .filter(file -> file.txids().isSnapshot())
            .map(file -> file.txids().max())
            .sorted()
            .toList();
    Txid start = last == null && !snapshots.isEmpty() ? snapshots.get(0) : last;
    List<LtxFileInfo> chain = chainAfter(candidates, start);
    if (!chain.isEmpty()) {
      return chain;
    }
    for (Txid snapshot : snapshots) {
      if (start != null && snapshot.compareTo(start) <= 0) {
        continue;
      }
      Optional<LtxFileInfo> behind = firstBehind(candidates, start, snapshot);
      if (behind.isPresent()) {
        return chainAfter(candidates, before(behind.get()));
      }
    }
    return List.of();
  }

  /** The first file behind a hole, if a snapshot bridges the hole. */
  private static Optional<LtxFileInfo> firstBehind(
      List<LtxFileInfo> candidates, @Nullable Txid start, Txid snapshot) {
    return candidates.stream()
        .filter(file -> start == null || file.txids().max().compareTo(start) > 0)
        .filter(file -> Listing.startsByOrRightAfter(file, snapshot))
        .findFirst();
  }

  private static @Nullable Txid before(LtxFileInfo file) {
    long min = file.txids().min().value();
    return min == 1 ? null : Txid.of(min - 1);
  }

  /** What goes on from a transaction without a hole: of each overlap, the file that reaches on. */
  private List<LtxFileInfo> chainAfter(List<LtxFileInfo> candidates, @Nullable Txid start) {
    List<LtxFileInfo> chain = new ArrayList<>();
    Txid reached = start;
    int next = 0;
    while (chain.size() < maxInputs) {
      LtxFileInfo best = null;
      for (;
          next < candidates.size() && Listing.startsByOrRightAfter(candidates.get(next), reached);
          next++) {
        if (best == null || BY_REACH.compare(candidates.get(next), best) > 0) {
          best = candidates.get(next);
        }
      }
      if (best == null || (reached != null && best.txids().max().compareTo(reached) <= 0)) {
        break;
      }
      chain.add(best);
      reached = best.txids().max();
    }
    return chain;
  }

  private Optional<CompactionJob> snapshot(List<LtxFileInfo> files, Instant now) {
    if (snapshotInterval.isZero() || files.isEmpty()) {
      return Optional.empty();
    }
    List<LtxFileInfo> snapshots = Listing.ofLevel(files, LtxFileInfo.SNAPSHOT_LEVEL);
    if (!isDue(snapshots, snapshotInterval, now)) {
      return Optional.empty();
    }
    RestorePlan plan;
    try {
      plan = RestorePlanner.plan(files, RestoreTarget.latest());
    } catch (RestoreException e) {
      // Nothing whole to make it from; only the database itself can help.
      return Optional.empty();
    }
    Txid newest = Listing.lastTxid(snapshots);
    boolean nothingNew = newest != null && plan.txid().compareTo(newest) <= 0;
    return nothingNew ? Optional.empty() : Optional.of(new CompactionJob.Snapshot(plan.files()));
  }
}

package io.github.ltxjava.compaction.policy;

import io.github.ltxjava.Txid;
import io.github.ltxjava.store.LtxFileInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Deletes what is too old to be restored from, by Litestream's rules and never more than they
 * allow.
 *
 * <p>Snapshots: what is older than the retention goes, but the newest of those stays, because every
 * state since then is restored from it; so the whole retention can be restored whenever this is
 * asked. (Litestream drops that one too, and asks only when it makes a snapshot.) Levels 1 to 8:
 * what ends before the last snapshot in front of the first retained one goes, the newest file of
 * each level never.
 *
 * <p>Level 0: what is older than its retention and merged already goes, oldest first and up to the
 * first file that stays, so that the rest is without holes; the newest never goes. "Merged" means
 * that files of level 1 or a snapshot really hold the transactions; Litestream looks at the last
 * transaction of level 1 only, and so deletes what a hole in level 1 lacks.
 *
 * @param level0 how long to keep files of level 0; zero keeps them for ever
 * @param snapshots how long to keep snapshots, and what can be restored between them; zero keeps
 *     them for ever
 */
public record RetentionPolicy(Duration level0, Duration snapshots) implements CompactionPolicy {

  /** Litestream's defaults: 5 minutes and 24 hours. */
  public static final RetentionPolicy DEFAULT =
      new RetentionPolicy(Duration.ofMinutes(5), Duration.ofHours(24));

  /**
   * Checks the durations.
   *
   * @throws IllegalArgumentException if one is negative
   */
  public RetentionPolicy {
    if (level0.isNegative() || snapshots.isNegative()) {
      throw new IllegalArgumentException("retention " + level0 + ", " + snapshots);
    }
  }

  @Override
  public List<CompactionJob> plan(List<LtxFileInfo> files, Instant now) {
    List<LtxFileInfo> expired = new ArrayList<>();
    if (!snapshots.isZero()) {
      expireSnapshots(files, now.minus(snapshots), expired);
    }
    if (!level0.isZero()) {
      expireLevel0(files, now.minus(level0), expired);
    }
    return expired.isEmpty() ? List.of() : List.of(new CompactionJob.Expire(expired));
  }

  private static void expireSnapshots(
      List<LtxFileInfo> files, Instant cutoff, List<LtxFileInfo> expired) {
    List<LtxFileInfo> all = Listing.ofLevel(files, LtxFileInfo.SNAPSHOT_LEVEL);
    int firstRetained = 0;
    for (int i = 0; i < all.size(); i++) {
      if (!all.get(i).createdAt().isAfter(cutoff)) {
        firstRetained = i;
      }
    }
    if (firstRetained > 0) {
      expired.addAll(all.subList(0, firstRetained));
      // The snapshot in front of the first retained one, not that one: a restore that was planned
      // from it still finds what it needs.
      expireBelow(files, all.get(firstRetained - 1).txids().max(), expired);
    }
  }

  private static void expireBelow(List<LtxFileInfo> files, Txid floor, List<LtxFileInfo> expired) {
    for (int level = 1; level < LtxFileInfo.SNAPSHOT_LEVEL; level++) {
      List<LtxFileInfo> all = Listing.ofLevel(files, level);
      Txid last = Listing.lastTxid(all);
      for (LtxFileInfo file : all) {
        Txid max = file.txids().max();
        if (max.compareTo(floor) < 0 && !max.equals(last)) {
          expired.add(file);
        }
      }
    }
  }

  private static void expireLevel0(
      List<LtxFileInfo> files, Instant cutoff, List<LtxFileInfo> expired) {
    List<LtxFileInfo> all = Listing.ofLevel(files, 0);
    List<LtxFileInfo> merged = Listing.ofLevel(files, 1);
    Txid lastMerged = Listing.lastTxid(merged);
    Txid newestSnapshot = Listing.lastTxid(Listing.ofLevel(files, LtxFileInfo.SNAPSHOT_LEVEL));
    for (LtxFileInfo file : all.subList(0, Math.max(0, all.size() - 1))) {
      boolean old = !file.createdAt().isAfter(cutoff);
      boolean passed = lastMerged != null && file.txids().max().compareTo(lastMerged) <= 0;
      if (!old || !passed || !isHeld(file, merged, newestSnapshot)) {
        return;
      }
      expired.add(file);
    }
  }

  /** Tells whether every transaction of a file is in files of level 1, or before a snapshot. */
  private static boolean isHeld(
      LtxFileInfo file, List<LtxFileInfo> merged, @Nullable Txid newestSnapshot) {
    if (newestSnapshot != null && file.txids().max().compareTo(newestSnapshot) <= 0) {
      return true;
    }
    long reached = file.txids().min().value() - 1;
    for (LtxFileInfo candidate : merged) {
      boolean starts =
          Listing.startsByOrRightAfter(candidate, reached == 0 ? null : Txid.of(reached));
      if (starts && Long.compareUnsigned(candidate.txids().max().value(), reached) > 0) {
        reached = candidate.txids().max().value();
      }
    }
    return Long.compareUnsigned(reached, file.txids().max().value()) >= 0;
  }
}

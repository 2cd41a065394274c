package io.github.ltxjava.replica;

import io.github.ltxjava.Txid;
import io.github.ltxjava.compaction.restore.RestoreException;
import io.github.ltxjava.compaction.restore.RestorePlanner;
import io.github.ltxjava.compaction.restore.RestoreTarget;
import io.github.ltxjava.store.LtxFileInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** When to write a snapshot, and what makes do without being merged because of one. */
final class Snapshots {

  private Snapshots() {}

  /**
   * Tells whether to write a snapshot: because it is time, because the newest state cannot be
   * restored without one, or because a file of level 0 with all pages would be merged through every
   * level.
   *
   * @param uploaded the newest transaction of ours in the store; empty until there is one
   * @param allPages tells which files of level 0 hold all pages
   */
  static boolean isDue(
      List<LtxFileInfo> files,
      Duration interval,
      Instant now,
      Optional<Txid> uploaded,
      Predicate<LtxFileInfo> allPages) {
    Optional<LtxFileInfo> newest = newest(files);
    Txid covered = newest.map(file -> file.txids().max()).orElse(null);
    if (uploaded.isEmpty() || (covered != null && covered.compareTo(uploaded.get()) >= 0)) {
      return false;
    }
    return newest.isEmpty()
        || isTime(newest.get(), interval, now)
        || !isRestorable(files, uploaded.get())
        || files.stream().anyMatch(file -> isBehind(file, covered) && allPages.test(file));
  }

  private static Optional<LtxFileInfo> newest(List<LtxFileInfo> files) {
    return files.stream()
        .filter(file -> file.level() == LtxFileInfo.SNAPSHOT_LEVEL && file.txids().isSnapshot())
        .max(Comparator.comparing(file -> file.txids().max()));
  }

  private static boolean isTime(LtxFileInfo newest, Duration interval, Instant now) {
    if (interval.isZero()) {
      return false;
    }
    long millis = Math.max(1, interval.toMillis());
    long boundary = Math.floorDiv(now.toEpochMilli(), millis) * millis;
    return newest.createdAt().toEpochMilli() <= boundary;
  }

  private static boolean isRestorable(List<LtxFileInfo> files, Txid wanted) {
    try {
      return RestorePlanner.plan(files, RestoreTarget.latest()).txid().compareTo(wanted) >= 0;
    } catch (RestoreException e) {
      return false;
    }
  }

  private static boolean isBehind(LtxFileInfo file, @Nullable Txid covered) {
    return covered == null || file.txids().max().compareTo(covered) > 0;
  }

  /**
   * Leaves out files of level 0 that hold all pages and that a snapshot covers: merging goes on
   * behind them, as behind any hole that a snapshot bridges.
   */
  static List<LtxFileInfo> withoutCopies(List<LtxFileInfo> files, Predicate<LtxFileInfo> allPages) {
    Txid covered = newest(files).map(file -> file.txids().max()).orElse(null);
    return covered == null
        ? files
        : files.stream().filter(file -> isBehind(file, covered) || !allPages.test(file)).toList();
  }
}

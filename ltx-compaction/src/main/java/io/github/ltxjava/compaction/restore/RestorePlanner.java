package io.github.ltxjava.compaction.restore;

import io.github.ltxjava.Txid;
import io.github.ltxjava.compaction.restore.RestoreException.Reason;
import io.github.ltxjava.compaction.restore.RestoreTarget.AtTime;
import io.github.ltxjava.compaction.restore.RestoreTarget.AtTransaction;
import io.github.ltxjava.store.LtxFileInfo;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Decides from a listing which files to restore from. Pure: the same listing and target give the
 * same plan.
 *
 * <p>As in Litestream, the plan starts with the newest usable snapshot, and goes on with whatever
 * file of whatever level reaches furthest, until nothing reaches further or the target is reached.
 * Two things differ, neither in the database that results: files before the last one that holds the
 * whole database are left out, and missing transactions are an error for a time too.
 */
public final class RestorePlanner {

  /** The best continuation last: what reaches furthest, then starts first, highest, oldest. */
  private static final Comparator<LtxFileInfo> BY_REACH =
      Comparator.<LtxFileInfo, Txid>comparing(file -> file.txids().max())
          .thenComparing(file -> file.txids().min(), Comparator.reverseOrder())
          .thenComparingInt(LtxFileInfo::level)
          .thenComparing(LtxFileInfo::createdAt, Comparator.reverseOrder());

  private RestorePlanner() {}

  /**
   * Plans a restore.
   *
   * @param files what a store lists, all levels, in any order
   * @throws RestoreException if the target cannot be restored; the message says what can
   */
  public static RestorePlan plan(Collection<LtxFileInfo> files, RestoreTarget target)
      throws RestoreException {
    if (files.isEmpty()) {
      throw new RestoreException(Reason.EMPTY, "there are no LTX files to restore from");
    }
    List<LtxFileInfo> chain = chain(files, filter(target));
    if (target instanceof AtTransaction transaction) {
      requireReached(files, chain, transaction.txid());
    } else if (target instanceof AtTime time) {
      requireEarlyEnough(files, chain, time);
      requireNoGap(files, chain, target);
    } else {
      requireSnapshot(files, chain);
      requireNoGap(files, chain, target);
    }
    return new RestorePlan(withoutSuperseded(chain));
  }

  /**
   * Lists the transactions after which a listing can restore the database, ascending.
   *
   * @param files what a store lists, all levels, in any order
   */
  public static List<Txid> availableTxids(Collection<LtxFileInfo> files) {
    List<LtxFileInfo> byEnd = new ArrayList<>(files);
    byEnd.sort(Comparator.comparing(file -> file.txids().max()));
    TreeSet<Txid> reached = new TreeSet<>();
    for (LtxFileInfo file : byEnd) {
      if (reaches(file, reached.isEmpty() ? null : reached.last())) {
        reached.add(file.txids().max());
      }
    }
    return List.copyOf(reached);
  }

  private static Predicate<LtxFileInfo> filter(RestoreTarget target) {
    if (target instanceof AtTransaction transaction) {
      return file -> file.txids().max().compareTo(transaction.txid()) <= 0;
    }
    if (target instanceof AtTime time) {
      return file -> time.accepts(file.createdAt());
    }
    return file -> true;
  }

  /** The longest chain of usable files; empty if none of them holds the whole database. */
  private static List<LtxFileInfo> chain(
      Collection<LtxFileInfo> files, Predicate<LtxFileInfo> usable) {
    List<LtxFileInfo> sorted = new ArrayList<>(files.stream().filter(usable).toList());
    Collections.sort(sorted);
    List<LtxFileInfo> chain = new ArrayList<>();
    sorted.stream()
        .filter(file -> file.level() == LtxFileInfo.SNAPSHOT_LEVEL && file.txids().isSnapshot())
        .max(BY_REACH)
        .ifPresent(chain::add);
    int next = 0;
    while (true) {
      Txid reached = chain.isEmpty() ? null : endOf(chain);
      LtxFileInfo best = null;
      for (; next < sorted.size() && reaches(sorted.get(next), reached); next++) {
        if (best == null || BY_REACH.compare(sorted.get(next), best) > 0) {
          best = sorted.get(next);
        }
      }
      if (best == null || (reached != null && best.txids().max().compareTo(reached) <= 0)) {
        return chain;
      }
      chain.add(best);
    }
  }

  /** Tells whether a file starts no later than right after what is reached already. */
  private static boolean reaches(LtxFileInfo file, @Nullable Txid reached) {
    long before = reached == null ? 0 : reached.value();
    return Long.compareUnsigned(file.txids().min().value() - 1, before) <= 0;
  }

  private static Txid endOf(List<LtxFileInfo> chain) {
    return chain.get(chain.size() - 1).txids().max();
  }

  /** A file from transaction 1 on holds every page, whatever was before it. */
  private static List<LtxFileInfo> withoutSuperseded(List<LtxFileInfo> chain) {
    int first = 0;
    for (int i = 1; i < chain.size(); i++) {
      if (chain.get(i).txids().isSnapshot()) {
        first = i;
      }
    }
    return chain.subList(first, chain.size());
  }

  private static void requireSnapshot(Collection<LtxFileInfo> files, List<LtxFileInfo> chain)
      throws RestoreException {
    if (chain.isEmpty()) {
      throw new RestoreException(
          Reason.NO_SNAPSHOT,
          "no file starts at transaction "
              + Txid.FIRST
              + ", so none holds the whole database; the earliest is ["
              + Collections.min(files).name()
              + "]");
    }
  }

  private static void requireReached(
      Collection<LtxFileInfo> files, List<LtxFileInfo> chain, Txid wanted) throws RestoreException {
    if (!chain.isEmpty() && endOf(chain).equals(wanted)) {
      return;
    }
    List<Txid> available = availableTxids(files);
    if (available.isEmpty()) {
      requireSnapshot(files, List.of());
    }
    TreeSet<Txid> all = new TreeSet<>(available);
    throw new RestoreException(
        Reason.TXID_NOT_AVAILABLE,
        "transaction "
            + wanted
            + " cannot be restored; the nearest that can are "
            + text(all.lower(wanted))
            + " before it and "
            + text(all.higher(wanted))
            + " after it");
  }

  private static String text(@Nullable Txid txid) {
    return txid == null ? "none" : txid.toString();
  }

  private static void requireEarlyEnough(
      Collection<LtxFileInfo> files, List<LtxFileInfo> chain, AtTime target)
      throws RestoreException {
    if (!chain.isEmpty()) {
      return;
    }
    Optional<LtxFileInfo> earliest =
        files.stream()
            .filter(file -> file.txids().isSnapshot())
            .min(Comparator.comparing(LtxFileInfo::createdAt));
    if (earliest.isEmpty()) {
      requireSnapshot(files, chain);
    }
    throw new RestoreException(
        Reason.TIME_NOT_AVAILABLE,
        target
            + " cannot be restored; the earliest state, transaction "
            + earliest.orElseThrow().txids().max()
            + ", is of "
            + earliest.orElseThrow().createdAt());
  }

  /**
   * Refuses to pass for the newest state what is older than a hole. For a time, files beyond the
   * chain are no hole if others, which are too new, lead to them: clocks are not always right.
   */
  private static void requireNoGap(
      Collection<LtxFileInfo> files, List<LtxFileInfo> chain, RestoreTarget target)
      throws RestoreException {
    Predicate<LtxFileInfo> usable = filter(target);
    List<LtxFileInfo> everything = chain(files, file -> true);
    Txid reached = endOf(chain);
    Txid reachable = endOf(everything);
    Optional<LtxFileInfo> beyond =
        files.stream()
            .filter(usable)
            .filter(file -> file.txids().max().compareTo(reachable) > 0)
            .min(Comparator.naturalOrder());
    if (beyond.isPresent()) {
      throw new RestoreException(
          Reason.GAP,
          target
              + " cannot be restored: transactions are missing between "
              + reachable
              + ", where ["
              + everything.get(everything.size() - 1).name()
              + "] ends, and ["
              + beyond.get().name()
              + "]; what can be restored ends with transaction "
              + reached);
    }
  }
}

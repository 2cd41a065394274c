package io.github.ltxjava.compaction.policy;

import io.github.ltxjava.store.LtxFileInfo;
import java.util.ArrayList;
import java.util.List;

/** Looks for holes and overlaps in the levels of a store, by the names of the files. */
public final class LevelCheck {

  /** What is found between two files. */
  public enum Kind {
    /** Transactions are missing between them. */
    GAP,
    /** Both hold the same transactions; every reader accepts that. */
    OVERLAP
  }

  /**
   * Two files of a level that do not follow each other exactly.
   *
   * @param kind what is between them
   * @param previous the file that reaches furthest of those before
   * @param next the file after it
   */
  public record Finding(Kind kind, LtxFileInfo previous, LtxFileInfo next) {

    @Override
    public String toString() {
      return kind + " between [" + previous.name() + "] and [" + next.name() + "]";
    }
  }

  private LevelCheck() {}

  /**
   * Checks a level. Level 9 has nothing to find: snapshots overlap by nature.
   *
   * @param files what a store lists, in any order; other levels are skipped
   * @param level 0 to 8
   * @return the findings, ascending by transaction; empty if each file follows the one before
   *     exactly
   * @throws IllegalArgumentException if the level is not from 0 to 8
   */
  public static List<Finding> check(List<LtxFileInfo> files, int level) {
    if (LtxFileInfo.checkLevel(level) == LtxFileInfo.SNAPSHOT_LEVEL) {
      throw new IllegalArgumentException("snapshots do not follow each other");
    }
    List<Finding> findings = new ArrayList<>();
    LtxFileInfo furthest = null;
    for (LtxFileInfo file : Listing.ofLevel(files, level)) {
      if (furthest != null && !furthest.txids().isContiguousWith(file.txids())) {
        boolean gap = !Listing.startsByOrRightAfter(file, furthest.txids().max());
        findings.add(new Finding(gap ? Kind.GAP : Kind.OVERLAP, furthest, file));
      }
      if (furthest == null || file.txids().max().compareTo(furthest.txids().max()) > 0) {
        furthest = file;
      }
    }
    return List.copyOf(findings);
  }
}

package io.github.ltxjava.compaction.policy;

import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.store.LtxFileInfo;
import java.util.List;

/** Something that a policy wants done to a store. */
public sealed interface CompactionJob {

  /**
   * Merge files into one of a higher level.
   *
   * @param level of the new file
   * @param inputs each follows the one before; they stay where they are
   */
  record Merge(int level, List<LtxFileInfo> inputs) implements CompactionJob {

    /**
     * Copies the inputs.
     *
     * @throws IllegalArgumentException if there is none, or one does not follow the one before
     */
    public Merge {
      LtxFileInfo.checkLevel(level);
      inputs = chain(inputs);
    }

    /** Returns the transactions that the new file will hold. */
    public TxidRange txids() {
      return span(inputs);
    }
  }

  /**
   * Make a file of level 9 that holds the whole database. Whoever has the database at hand may make
   * it from that, of any transaction from the last of the inputs on.
   *
   * @param inputs what it can be made from; the first holds the whole database, each other follows
   *     the one before; they stay where they are
   */
  record Snapshot(List<LtxFileInfo> inputs) implements CompactionJob {

    /**
     * Copies the inputs.
     *
     * @throws IllegalArgumentException if there is none, one does not follow the one before, or the
     *     first does not start at transaction 1
     */
    public Snapshot {
      inputs = chain(inputs);
      if (!inputs.get(0).txids().isSnapshot()) {
        throw new IllegalArgumentException(
            inputs.get(0).name() + " does not hold the whole database");
      }
    }

    /** Returns the transactions that the new file will hold. */
    public TxidRange txids() {
      return TxidRange.of(Txid.FIRST, span(inputs).max());
    }
  }

  /**
   * Delete files that are not needed any more.
   *
   * @param files at least one, in the order in which to delete them
   */
  record Expire(List<LtxFileInfo> files) implements CompactionJob {

    /**
     * Copies the files.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Expire {
      files = List.copyOf(files);
      if (files.isEmpty()) {
        throw new IllegalArgumentException("nothing to delete");
      }
    }
  }

  private static List<LtxFileInfo> chain(List<LtxFileInfo> inputs) {
    List<LtxFileInfo> copy = List.copyOf(inputs);
    if (copy.isEmpty()) {
      throw new IllegalArgumentException("nothing to merge");
    }
    for (int i = 1; i < copy.size(); i++) {
      if (!copy.get(i - 1).txids().isFollowedBy(copy.get(i).txids())) {
        throw new IllegalArgumentException(
            copy.get(i).name() + " does not follow " + copy.get(i - 1).name());
      }
    }
    return copy;
  }

  private static TxidRange span(List<LtxFileInfo> inputs) {
    return TxidRange.of(inputs.get(0).txids().min(), inputs.get(inputs.size() - 1).txids().max());
  }
}

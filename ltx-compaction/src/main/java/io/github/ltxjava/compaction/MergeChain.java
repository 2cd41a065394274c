package io.github.ltxjava.compaction;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.WalSegment;
import java.util.List;
import java.util.Optional;

/** The rules by which files follow each other, and the header of what they merge into. */
final class MergeChain {

  private MergeChain() {}

  /** Checks that sorted inputs form one history. */
  static void check(List<MergeInput> inputs, boolean gapsAllowed) throws MergeException {
    for (int i = 1; i < inputs.size(); i++) {
      MergeInput previous = inputs.get(i - 1);
      MergeInput next = inputs.get(i);
      checkPageSizes(previous, next);
      checkTxids(previous, next, gapsAllowed);
      checkChecksums(previous, next);
    }
  }

  private static void checkPageSizes(MergeInput previous, MergeInput next) throws MergeException {
    if (previous.header().pageSize() != next.header().pageSize()) {
      throw new MergeException(
          "["
              + previous.name()
              + "] has pages of "
              + previous.header().pageSize()
              + " bytes, ["
              + next.name()
              + "] of "
              + next.header().pageSize()
              + "; they are not of one database");
    }
  }

  private static void checkTxids(MergeInput previous, MergeInput next, boolean gapsAllowed)
      throws MergeException {
    TxidRange earlier = previous.header().txids();
    TxidRange later = next.header().txids();
    if (earlier.isFollowedBy(later)) {
      return;
    }
    if (later.max().compareTo(earlier.max()) <= 0) {
      throw new MergeException(
          "["
              + next.name()
              + "] holds "
              + later
              + ", which ["
              + previous.name()
              + "] with "
              + earlier
              + " covers; leave one of them out");
    }
    if (!gapsAllowed) {
      throw new MergeException(
          "transactions are missing between ["
              + previous.name()
              + "], which ends at "
              + earlier.max()
              + ", and ["
              + next.name()
              + "], which starts at "
              + later.min()
              + "; add the file that holds them, or allow gaps");
    }
  }

  private static void checkChecksums(MergeInput previous, MergeInput next) throws MergeException {
    Optional<Checksum> preApply = next.header().preApply();
    boolean contiguous = previous.header().txids().isContiguousWith(next.header().txids());
    if (contiguous
        && preApply.isPresent()
        && previous.header().tracksChecksums()
        && preApply.get().bits() != previous.postApply()) {
      throw new MergeException(
          "["
              + next.name()
              + "] applies to a database with checksum "
              + preApply.get()
              + ", but ["
              + previous.name()
              + "] leaves "
              + Long.toHexString(previous.postApply())
              + "; they are not of one history");
    }
  }

  /** Returns the header of the output. */
  static LtxHeader header(List<MergeInput> inputs, boolean withoutChecksums) {
    LtxHeader first = inputs.get(0).header();
    LtxHeader last = inputs.get(inputs.size() - 1).header();
    boolean tracks =
        !withoutChecksums
            && last.tracksChecksums()
            && (first.isSnapshot() || first.tracksChecksums());
    return new LtxHeader(
        first.pageSize(),
        last.commit(),
        new TxidRange(first.txids().min(), last.txids().max()),
        last.timestamp(),
        tracks ? first.preApply() : Optional.empty(),
        WalSegment.NONE,
        0,
        tracks);
  }
}

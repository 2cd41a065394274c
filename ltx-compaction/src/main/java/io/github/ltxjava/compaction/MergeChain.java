package io.github.ltxjava.compaction;

import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.WalSegment;
import io.github.ltxjava.index.ChainException;
import io.github.ltxjava.index.internal.Succession;
import java.util.List;
import java.util.Optional;

/** Holds inputs to the rules of a history, and tells the header of what they merge into. */
final class MergeChain {

  private MergeChain() {}

  /** Checks that sorted inputs form one history. */
  static void check(List<MergeInput> inputs, boolean gapsAllowed) throws ChainException {
    for (int i = 1; i < inputs.size(); i++) {
      Optional<String> objection =
          Succession.objection(inputs.get(i - 1).link(), inputs.get(i).link(), gapsAllowed);
      if (objection.isPresent()) {
        throw new ChainException(objection.get());
      }
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

package io.github.ltxjava.index;

import io.github.ltxjava.LtxFile;
import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.Txid;
import io.github.ltxjava.index.internal.Succession;
import java.util.Optional;

/** What the files of a chain have to be. */
final class ChainRules {

  private ChainRules() {}

  static void requireSnapshot(LtxFile first) throws ChainException, LtxFormatException {
    if (!first.header().isSnapshot()) {
      throw new ChainException(
          "["
              + first.name()
              + "] starts at transaction "
              + first.header().txids().min()
              + "; a chain starts with a file from transaction "
              + Txid.FIRST
              + " on, which holds the whole database");
    }
    requireComplete(first);
  }

  /** A page that a snapshot lacks would read as zeros, which it never was. */
  private static void requireComplete(LtxFile file) throws LtxFormatException {
    long expected = PageTrie.pagesOf(file, 1, file.header().commit());
    if (file.header().isSnapshot() && file.index().size() != expected) {
      throw new LtxFormatException(
          LtxFormatException.Reason.SNAPSHOT_INCOMPLETE,
          file.name(),
          file.index().indexOffset(),
          "a snapshot of commit "
              + file.header().commit()
              + " has "
              + expected
              + " pages, but the page index has "
              + file.index().size());
    }
  }

  static void requireFollows(LtxFile previous, LtxFile next)
      throws ChainException, LtxFormatException {
    requireComplete(next);
    Optional<String> objection = Succession.objection(link(previous), link(next), false);
    if (objection.isPresent()) {
      throw new ChainException(objection.get());
    }
  }

  private static Succession.Link link(LtxFile file) {
    return new Succession.Link(file.name(), file.header(), file.trailer().postApply());
  }
}

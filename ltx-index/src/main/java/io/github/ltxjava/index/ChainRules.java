package io.github.ltxjava.index;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.LtxFile;
import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.Txid;
import java.util.Optional;

/** The rules by which files follow each other. */
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
    LtxHeader earlier = previous.header();
    LtxHeader later = next.header();
    if (earlier.pageSize() != later.pageSize()) {
      throw new ChainException(
          both(previous, next)
              + " have pages of "
              + earlier.pageSize()
              + " and of "
              + later.pageSize()
              + " bytes; they are not of one database");
    }
    if (later.txids().max().compareTo(earlier.txids().max()) <= 0) {
      throw new ChainException(
          both(previous, next)
              + ": the second holds "
              + later.txids()
              + ", which the first, with "
              + earlier.txids()
              + ", covers; leave one of them out, or swap them");
    }
    if (!earlier.txids().isFollowedBy(later.txids())) {
      throw new ChainException(
          both(previous, next)
              + ": transactions are missing; the first ends at "
              + earlier.txids().max()
              + ", the second starts at "
              + later.txids().min());
    }
    requireSameHistory(previous, next);
  }

  private static void requireSameHistory(LtxFile previous, LtxFile next) throws ChainException {
    Optional<Checksum> before = next.header().preApply();
    Optional<Checksum> after = previous.trailer().postApply();
    if (previous.header().txids().isContiguousWith(next.header().txids())
        && before.isPresent()
        && after.isPresent()
        && !before.equals(after)) {
      throw new ChainException(
          both(previous, next)
              + ": the second applies to a database with checksum "
              + before.get()
              + ", but the first leaves "
              + after.get()
              + "; they are not of one history");
    }
  }

  private static String both(LtxFile previous, LtxFile next) {
    return "[" + previous.name() + "] and [" + next.name() + "]";
  }
}

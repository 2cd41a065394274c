package io.github.ltxjava.index.internal;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.TxidRange;
import java.util.Optional;

/** The rules by which one file follows another in a history; each says what breaks it, if so. */
public final class Succession {

  /**
   * What the rules look at in a file.
   *
   * @param name what messages call the file
   * @param postApply as the trailer says, verified or not; empty if it is not tracked or malformed
   */
  public record Link(String name, LtxHeader header, Optional<Checksum> postApply) {}

  private Succession() {}

  /** Objects to files that are not of one database, do not meet, or are not of one history. */
  public static Optional<String> objection(Link previous, Link next, boolean gapsAllowed) {
    return pageSizeObjection(previous, next)
        .or(() -> txidObjection(previous, next, gapsAllowed))
        .or(() -> checksumObjection(previous, next));
  }

  /** Objects to different page sizes. */
  public static Optional<String> pageSizeObjection(Link previous, Link next) {
    if (previous.header().pageSize() == next.header().pageSize()) {
      return Optional.empty();
    }
    return Optional.of(
        both(previous, next)
            + " have pages of "
            + previous.header().pageSize()
            + " and of "
            + next.header().pageSize()
            + " bytes; they are not of one database");
  }

  private static Optional<String> txidObjection(Link previous, Link next, boolean gapsAllowed) {
    TxidRange earlier = previous.header().txids();
    TxidRange later = next.header().txids();
    if (later.max().compareTo(earlier.max()) <= 0) {
      return Optional.of(
          both(previous, next)
              + ": the second holds "
              + later
              + " and ends no later than the first, which holds "
              + earlier
              + "; leave out what the other covers, or put them in order");
    }
    if (gapsAllowed || earlier.isFollowedBy(later)) {
      return Optional.empty();
    }
    return Optional.of(
        both(previous, next)
            + ": transactions are missing; the first ends at "
            + earlier.max()
            + ", the second starts at "
            + later.min()
            + "; add the files that hold them");
  }

  /** Objects to a file that starts from another database than the one right before it leaves. */
  public static Optional<String> checksumObjection(Link previous, Link next) {
    Optional<Checksum> before = next.header().preApply();
    Optional<Checksum> after = previous.postApply();
    boolean contiguous = previous.header().txids().isContiguousWith(next.header().txids());
    if (!contiguous || before.isEmpty() || after.isEmpty() || before.equals(after)) {
      return Optional.empty();
    }
    return Optional.of(
        both(previous, next)
            + ": the second applies to a database with checksum "
            + before.get()
            + ", but the first leaves "
            + after.get()
            + "; they are not of one history");
  }

  private static String both(Link previous, Link next) {
    return "[" + previous.name() + "] and [" + next.name() + "]";
  }
}

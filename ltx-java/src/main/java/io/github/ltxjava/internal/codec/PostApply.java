package io.github.ltxjava.internal.codec;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.internal.format.Hex;
import java.util.Optional;

/** The rules for the post-apply checksum (specification, "Trailer"). */
public final class PostApply {

  private PostApply() {}

  /** Says what is wrong with a post-apply checksum in a file with this header, if anything. */
  public static Optional<String> objection(LtxHeader header, long postApply) {
    if (!header.tracksChecksums()) {
      return postApply == 0
          ? Optional.empty()
          : Optional.of(
              "post-apply checksum "
                  + Hex.format(postApply)
                  + " in a file without database checksums (flag NoChecksum); it has to be 0");
    }
    if (postApply >= 0) {
      return Optional.of(
          "post-apply checksum "
              + Hex.format(postApply)
              + " lacks its top bit; the file tracks database checksums");
    }
    if (header.commit() == 0 && postApply != Checksum.FLAG) {
      return Optional.of(
          "post-apply checksum "
              + Hex.format(postApply)
              + " of an empty database; it has to be "
              + Checksum.EMPTY_DATABASE);
    }
    return Optional.empty();
  }
}

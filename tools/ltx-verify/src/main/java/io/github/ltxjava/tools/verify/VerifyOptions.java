package io.github.ltxjava.tools.verify;

import io.github.ltxjava.LtxVerifier.Depth;
import io.github.ltxjava.digest.DigestAlgorithm;
import io.github.ltxjava.tools.cli.UsageException;
import java.util.Optional;

/**
 * How to verify and what to print.
 *
 * @param json a JSON array instead of text
 * @param depth how closely to look
 * @param digest print the file digest and the content digest of every sound file
 */
public record VerifyOptions(boolean json, Depth depth, Optional<DigestAlgorithm> digest) {

  /** Every byte is checked, the result is text. */
  public static final VerifyOptions DEFAULT =
      new VerifyOptions(false, Depth.FULL, Optional.empty());

  /** Prints JSON. */
  public VerifyOptions withJson() {
    return new VerifyOptions(true, depth, digest);
  }

  /** Checks the structure only. */
  public VerifyOptions withStructure() {
    return new VerifyOptions(json, Depth.STRUCTURE, digest);
  }

  /** Prints digests. */
  public VerifyOptions withDigest(DigestAlgorithm algorithm) {
    return new VerifyOptions(json, depth, Optional.of(algorithm));
  }

  /**
   * Refuses what contradicts itself.
   *
   * @throws UsageException if a digest is asked for of files that are not to be read as a whole
   */
  public void check() throws UsageException {
    if (digest.isPresent() && depth == Depth.STRUCTURE) {
      throw new UsageException("--digest reads every byte, so it does not go with --structure");
    }
  }
}

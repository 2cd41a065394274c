package io.github.ltxjava.conformance;

import java.io.IOException;

/** How one kind of case is held against an implementation. */
interface Check {
  /**
   * Runs a case; returns normally if all is as it must be.
   *
   * @return what the sidecar leaves open and what the implementation did about it, or an empty
   *     string
   * @throws CheckFailure if something is not as it must be
   * @throws RefusedException if the implementation refuses what it must accept
   */
  String run(Vector vector, LtxImplementation implementation, Scratch scratch)
      throws IOException, RefusedException, CheckFailure;
}

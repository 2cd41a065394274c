package io.github.ltxjava.conformance;

/**
 * What became of one case.
 *
 * @param kind the kind of case
 * @param name the case's path below the vectors, for example {@code
 *     invalid/v2/page-order-descending}
 * @param outcome passed, failed, or not tried
 * @param message why it failed or was not tried, or what was left open; empty when there is nothing
 *     to say
 */
public record CaseResult(Kind kind, String name, Outcome outcome, String message) {

  /** The kinds of cases, in the order in which they run. */
  public enum Kind {
    /** Sound files: every field as the sidecar has it. */
    VALID,
    /** Damaged files: refused, for the reason. */
    INVALID,
    /** Merges: the reference's bytes or content. */
    MERGE,
    /** Applications to a database. */
    APPLY,
    /** Data directories that LiteFS wrote. */
    LITEFS,
    /** Replicas that Litestream wrote. */
    LITESTREAM
  }

  /** What became of it. */
  public enum Outcome {
    /** As it must be. */
    PASSED,
    /** Not as it must be. */
    FAILED,
    /** Not tried, since the implementation has no such method. */
    SKIPPED
  }

  static CaseResult passed(Vector vector, String message) {
    return new CaseResult(vector.kind(), vector.name(), Outcome.PASSED, message);
  }

  static CaseResult failed(Vector vector, String message) {
    return new CaseResult(vector.kind(), vector.name(), Outcome.FAILED, message);
  }

  static CaseResult skipped(Vector vector, String message) {
    return new CaseResult(vector.kind(), vector.name(), Outcome.SKIPPED, message);
  }
}

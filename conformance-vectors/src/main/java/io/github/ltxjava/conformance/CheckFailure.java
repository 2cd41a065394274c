package io.github.ltxjava.conformance;

/** Something is not as the sidecar says. */
final class CheckFailure extends Exception {
  private static final long serialVersionUID = 1L;

  CheckFailure(String message) {
    super(message);
  }
}

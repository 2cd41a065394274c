package io.github.ltxjava.conformance;

/**
 * One thing that is wrong with a file.
 *
 * @param code the stable reason code, or an empty string when the implementation has none
 * @param offset where, in bytes from the start of the file, or -1 when unknown
 */
public record Finding(String code, long offset) {
  @Override
  public String toString() {
    return (code.isEmpty() ? "(no code)" : code) + (offset < 0 ? "" : " at " + offset);
  }
}

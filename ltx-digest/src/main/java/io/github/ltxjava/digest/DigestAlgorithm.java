package io.github.ltxjava.digest;

/** A cryptographic hash function with a result of 32 bytes. */
public enum DigestAlgorithm {
  /** BLAKE3, the default. */
  BLAKE3("blake3"),
  /** SHA-256, which every system has. */
  SHA256("sha256");

  /** Length of a digest in bytes. */
  public static final int SIZE = 32;

  private final String label;

  DigestAlgorithm(String label) {
    this.label = label;
  }

  /** Returns the name used in text forms and on command lines. */
  public String label() {
    return label;
  }

  /**
   * Finds an algorithm by its {@link #label()}.
   *
   * @throws IllegalArgumentException if there is none with this label
   */
  public static DigestAlgorithm ofLabel(String label) {
    for (DigestAlgorithm algorithm : values()) {
      if (algorithm.label.equals(label)) {
        return algorithm;
      }
    }
    throw new IllegalArgumentException("unknown digest \"" + label + "\"; use blake3 or sha256");
  }

  Hash start() {
    return this == BLAKE3 ? new Hash.Blake3() : new Hash.Platform("SHA-256");
  }
}

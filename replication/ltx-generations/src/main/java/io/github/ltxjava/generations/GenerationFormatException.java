package io.github.ltxjava.generations;

import java.io.IOException;

/** Thrown when a file of a generation is damaged: what is wrong, and where. */
public final class GenerationFormatException extends IOException {

  private static final long serialVersionUID = 1L;

  private final String source;
  private final long offset;

  GenerationFormatException(String source, long offset, String detail) {
    super("[" + source + "] at offset " + offset + ": " + detail);
    this.source = source;
    this.offset = offset;
  }

  /** Returns the name of the file. */
  public String source() {
    return source;
  }

  /**
   * Returns where in the file, in bytes from its start; 0 if it is about what it decompresses to.
   */
  public long offset() {
    return offset;
  }
}

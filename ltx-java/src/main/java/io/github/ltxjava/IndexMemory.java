package io.github.ltxjava;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How much memory the page index may take while a file is written or read front to back: about 9
 * bytes a page without a limit.
 *
 * @param limitBytes beyond this, the index goes to a temporary file; no limit without a folder
 * @param folder where that file is made
 */
public record IndexMemory(long limitBytes, Optional<Path> folder) {

  /** Everything in memory. */
  public static final IndexMemory UNLIMITED = new IndexMemory(Long.MAX_VALUE, Optional.empty());

  /** Returns a limit beyond which the index goes to a temporary file in a folder. */
  public static IndexMemory limited(long bytes, Path folder) {
    return new IndexMemory(bytes, Optional.of(folder));
  }
}

package io.github.ltxjava.internal.codec;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How much memory the page index may take while a file is written or read front to back.
 *
 * @param limitBytes beyond this it goes to a temporary file, if a folder is given
 * @param spillFolder where that file is made, or null to keep everything in memory
 */
public record IndexMemory(long limitBytes, @Nullable Path spillFolder) {

  /** Everything in memory. */
  public static final IndexMemory UNLIMITED = new IndexMemory(Long.MAX_VALUE, null);
}

package io.github.ltxjava.conformance;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An implementation of LTX, as the runner sees it. Supply what you have: a method that is left out
 * counts as skipped, not as failed.
 *
 * <p>Layouts are named as in the sidecars: {@code v1-raw}, {@code v1-lz4}, {@code v2}, {@code
 * v3-frame}, {@code v3-block}. A file, or a chain, that is refused is a {@link RefusedException};
 * any other exception fails the case. The runner calls one method at a time.
 */
public interface LtxImplementation {

  /** Thrown by a method that an implementation does not have. */
  final class NotSupportedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates one; the message says what is missing. */
    public NotSupportedException(String what) {
      super(what);
    }
  }

  /**
   * How files are merged.
   *
   * @param inputs the files, in the order given to the reference
   * @param layout the layout of the output
   * @param allowGaps whether transaction IDs may be missing between the inputs
   * @param noChecksum whether the output does without database checksums
   * @param output where the merged file goes; nothing may be there after a refusal
   */
  record Merge(
      List<Path> inputs, String layout, boolean allowGaps, boolean noChecksum, Path output) {}

  /**
   * Returns the extensions that this implementation is told to accept, by the names in the
   * specification; none by default. Files that use another must be refused.
   */
  default Set<String> extensions() {
    return Set.of();
  }

  /**
   * Reads a file from its first byte to its last and says what is in it.
   *
   * @param layout the layout of the file; an implementation that finds it out itself can ignore it
   * @throws RefusedException if the file is not sound
   */
  default FileContent read(Path file, String layout) throws IOException, RefusedException {
    throw new NotSupportedException("read");
  }

  /**
   * Verifies a file with every check there is, and returns normally if it is sound.
   *
   * @param layout the layout of the file, or null when the implementation must find out
   * @throws RefusedException if the file is not sound, with what was found where that is known
   */
  default void verify(Path file, @Nullable String layout) throws IOException, RefusedException {
    throw new NotSupportedException("verify");
  }

  /**
   * Merges files into one.
   *
   * @throws RefusedException if an input is not sound or the inputs do not fit together
   */
  default void merge(Merge merge) throws IOException, RefusedException {
    throw new NotSupportedException("merge");
  }

  /**
   * Applies one file to a database, which is created if it does not exist.
   *
   * @throws RefusedException if the file is not sound or does not fit the database
   */
  default void apply(Path database, Path file) throws IOException, RefusedException {
    throw new NotSupportedException("apply");
  }

  /**
   * Restores a database from a replica in Litestream's layout: {@code ltx/<level>/<min>-<max>.ltx}.
   *
   * @param txid the transaction ID to restore, 16 hex digits, or null for the newest state
   * @throws RefusedException if there is no such state
   */
  default void restore(Path replica, @Nullable String txid, Path database)
      throws IOException, RefusedException {
    throw new NotSupportedException("restore");
  }

  /**
   * Restores a database from a replica in Litestream's layout, as of a time: the last state whose
   * file is older. The time of a file is its modification time.
   *
   * @throws RefusedException if there is no such state
   */
  default void restoreBefore(Path replica, Instant time, Path database)
      throws IOException, RefusedException {
    throw new NotSupportedException("restore by time");
  }
}

package io.github.ltxjava.compaction.restore;

import io.github.ltxjava.store.LtxFileInfo;

/**
 * A file that a restore had planned to use, and did without because others give the same state.
 *
 * @param file the file as it was listed
 * @param cause why it could not be used
 * @param detail what the failure said
 */
public record SkippedFile(LtxFileInfo file, Cause cause, String detail) {

  /** Why a file could not be used. */
  public enum Cause {
    /** It is cut short, or is not a sound LTX file. Somebody should look after it. */
    DAMAGED,
    /** It was removed after it had been listed, which retention does all the time. */
    VANISHED
  }
}

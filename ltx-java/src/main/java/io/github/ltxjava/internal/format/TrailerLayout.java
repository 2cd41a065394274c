package io.github.ltxjava.internal.format;

/**
 * The last 16 bytes (specification, "Trailer").
 *
 * <pre>
 *   | postApplyChecksum u64 | fileChecksum u64 |
 * </pre>
 */
public final class TrailerLayout {

  /** Length in bytes. */
  public static final int SIZE = 16;

  public static final int POST_APPLY_CHECKSUM_OFFSET = 0;
  public static final int FILE_CHECKSUM_OFFSET = 8;

  private TrailerLayout() {}
}

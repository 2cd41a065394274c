package io.github.ltxjava.internal.format;

/**
 * How much a database may grow by pages that no file holds. They are zero, as after applying, but
 * sound writers hold every page that a database grows by, so that more than this can only be a
 * forged size, which is to cost neither time nor space.
 */
public final class GrowthLimit {

  private static final long MAX_ZERO_BYTES = 1L << 30;

  private GrowthLimit() {}

  /** Returns how many pages of zeros are believed. */
  public static long maxZeroPages(int pageSize) {
    return MAX_ZERO_BYTES / pageSize;
  }
}

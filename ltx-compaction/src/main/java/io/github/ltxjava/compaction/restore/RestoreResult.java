package io.github.ltxjava.compaction.restore;

import io.github.ltxjava.LtxHeader;
import java.util.List;

/**
 * What was restored.
 *
 * @param plan the files that the database was made from
 * @param header the header of the newest of them
 * @param pagesWritten number of pages that the files held; the others are zeros
 * @param skipped files that were found damaged or vanished, and replaced by others of the store
 */
public record RestoreResult(
    RestorePlan plan, LtxHeader header, long pagesWritten, List<SkippedFile> skipped) {

  /** Copies the list. */
  public RestoreResult {
    skipped = List.copyOf(skipped);
  }

  /** Returns the size of the database in bytes. */
  public long databaseSize() {
    return header.commit() * header.pageSize();
  }
}

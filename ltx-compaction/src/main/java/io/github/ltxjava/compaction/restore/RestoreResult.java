package io.github.ltxjava.compaction.restore;

import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.store.LtxFileInfo;
import java.util.List;

/**
 * What was restored.
 *
 * @param plan the files that the database was made from
 * @param header the header of the newest of them
 * @param pagesWritten number of pages that the files held; the others are zeros
 * @param damaged files that were found damaged and replaced by others of the store
 */
public record RestoreResult(
    RestorePlan plan, LtxHeader header, long pagesWritten, List<LtxFileInfo> damaged) {

  /** Copies the list. */
  public RestoreResult {
    damaged = List.copyOf(damaged);
  }

  /** Returns the size of the database in bytes. */
  public long databaseSize() {
    return header.commit() * header.pageSize();
  }
}

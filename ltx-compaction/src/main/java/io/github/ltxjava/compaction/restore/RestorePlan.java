package io.github.ltxjava.compaction.restore;

import io.github.ltxjava.Txid;
import io.github.ltxjava.store.LtxFileInfo;
import java.time.Instant;
import java.util.List;

/**
 * The files that give a state of a database when they are applied one by one.
 *
 * @param files at least one; the first holds the whole database, each other follows the one before
 */
public record RestorePlan(List<LtxFileInfo> files) {

  /**
   * Copies the files.
   *
   * @throws IllegalArgumentException if there is none
   */
  public RestorePlan {
    files = List.copyOf(files);
    if (files.isEmpty()) {
      throw new IllegalArgumentException("a plan has at least one file");
    }
  }

  /** Returns the last transaction of the state. */
  public Txid txid() {
    return last().txids().max();
  }

  /** Returns the time of the state, as the store lists it. */
  public Instant createdAt() {
    return last().createdAt();
  }

  /** Returns how many bytes the files have together. */
  public long size() {
    return files.stream().mapToLong(LtxFileInfo::size).sum();
  }

  private LtxFileInfo last() {
    return files.get(files.size() - 1);
  }
}

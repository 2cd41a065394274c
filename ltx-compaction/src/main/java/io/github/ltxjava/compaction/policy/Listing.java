package io.github.ltxjava.compaction.policy;

import io.github.ltxjava.Txid;
import io.github.ltxjava.store.LtxFileInfo;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Questions about what a store lists. */
final class Listing {

  private Listing() {}

  /** The files of a level, ascending. */
  static List<LtxFileInfo> ofLevel(List<LtxFileInfo> files, int level) {
    return files.stream().filter(file -> file.level() == level).sorted().toList();
  }

  /** The last transaction that any of the files holds; null if there are none. */
  static @Nullable Txid lastTxid(List<LtxFileInfo> files) {
    return files.stream()
        .map(file -> file.txids().max())
        .max(Comparator.naturalOrder())
        .orElse(null);
  }

  /** Tells whether a file starts no later than right after a transaction, null being none. */
  static boolean startsByOrRightAfter(LtxFileInfo file, @Nullable Txid reached) {
    long before = reached == null ? 0 : reached.value();
    return Long.compareUnsigned(file.txids().min().value() - 1, before) <= 0;
  }
}

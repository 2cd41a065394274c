/**
 * Restores what Litestream wrote before version 0.5: generations of snapshots and WALs.
 *
 * <p>Start with {@link io.github.ltxjava.generations.GenerationRestorer}; {@link
 * io.github.ltxjava.generations.ReplicaFormat} decides between these and LTX files where both are.
 */
@org.jspecify.annotations.NullMarked
module io.github.ltxjava.generations {
  requires transitive io.github.ltxjava;
  requires transitive io.github.ltxjava.store;
  requires transitive io.github.ltxjava.compaction;
  requires io.github.ltxjava.sqlite;
  requires static org.jspecify;

  exports io.github.ltxjava.generations;
}

/** Merges LTX files; decides what to merge, keep and restore from. */
@org.jspecify.annotations.NullMarked
module io.github.ltxjava.compaction {
  requires transitive io.github.ltxjava;
  requires transitive io.github.ltxjava.store;
  requires transitive io.github.ltxjava.index;
  requires static org.jspecify;

  exports io.github.ltxjava.compaction;
  exports io.github.ltxjava.compaction.policy;
  exports io.github.ltxjava.compaction.restore;
  exports io.github.ltxjava.compaction.restore.internal to
      io.github.ltxjava.generations;
}

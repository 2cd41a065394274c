/**
 * Many LTX files seen as one database: which file of a chain holds a page of a version.
 *
 * <p>Start with {@link io.github.ltxjava.index.PageMap} and {@link
 * io.github.ltxjava.index.PageHistory}.
 */
@org.jspecify.annotations.NullMarked
module io.github.ltxjava.index {
  requires transitive io.github.ltxjava;
  requires transitive io.github.ltxjava.store;
  requires static org.jspecify;

  exports io.github.ltxjava.index;
  exports io.github.ltxjava.index.internal to
      io.github.ltxjava.compaction;
}

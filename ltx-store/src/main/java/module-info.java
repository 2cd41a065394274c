/**
 * Where LTX files live: the store interface, a store in a directory and one in memory.
 *
 * <p>Start with {@link io.github.ltxjava.store.LtxStore} and {@link
 * io.github.ltxjava.store.DirectoryStore}.
 */
@org.jspecify.annotations.NullMarked
module io.github.ltxjava.store {
  requires transitive io.github.ltxjava;
  requires static org.jspecify;

  exports io.github.ltxjava.store;
  exports io.github.ltxjava.store.generations;
  exports io.github.ltxjava.store.internal to
      io.github.ltxjava.store.s3;
}

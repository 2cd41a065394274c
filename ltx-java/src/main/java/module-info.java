/**
 * Reads, writes, indexes and verifies LTX files: the changed pages of SQLite transactions,
 * compressed, checksummed and indexed.
 *
 * <p>Start with {@link io.github.ltxjava.LtxReader}, {@link io.github.ltxjava.LtxWriter}, {@link
 * io.github.ltxjava.LtxFile} and {@link io.github.ltxjava.LtxVerifier}.
 */
@org.jspecify.annotations.NullMarked
module io.github.ltxjava {
  requires org.lz4.java;
  requires static com.github.luben.zstd_jni;
  requires static org.jspecify;

  exports io.github.ltxjava;
  exports io.github.ltxjava.codec;
  exports io.github.ltxjava.io;
  exports io.github.ltxjava.internal.codec to
      io.github.ltxjava.compaction;
  exports io.github.ltxjava.internal.format to
      io.github.ltxjava.compaction,
      io.github.ltxjava.generations,
      io.github.ltxjava.sqlite;
  exports io.github.ltxjava.internal.io to
      io.github.ltxjava.compaction,
      io.github.ltxjava.generations,
      io.github.ltxjava.index,
      io.github.ltxjava.replica,
      io.github.ltxjava.sqlite,
      io.github.ltxjava.store;
  exports io.github.ltxjava.internal.lz4 to
      io.github.ltxjava.generations;
}

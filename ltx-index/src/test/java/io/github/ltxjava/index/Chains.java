package io.github.ltxjava.index;

import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxFile;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxWriter;
import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.WriteOptions;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.io.ByteSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.TreeSet;

/** Makes small files for tests. */
final class Chains {

  static final int PAGE_SIZE = 512;

  private Chains() {}

  /** A page whose content names its number and who wrote it. */
  static byte[] page(long pageNumber, int writer) {
    byte[] page = new byte[PAGE_SIZE];
    ByteBuffer.wrap(page).putLong(pageNumber).putInt(writer);
    page[PAGE_SIZE - 1] = 1;
    return page;
  }

  static byte[] snapshotBytes(long max, long commit, int writer) throws IOException {
    TreeSet<Long> pages = new TreeSet<>();
    for (long page = 1; page <= commit; page++) {
      pages.add(page);
    }
    LtxHeader header =
        LtxHeader.snapshot(PAGE_SIZE, commit, Txid.of(max)).withoutChecksums().build();
    return write(header, pages, writer, Layout.V3_BLOCK);
  }

  static byte[] deltaBytes(
      long min, long max, long commit, Collection<Long> pages, int writer, Layout layout)
      throws IOException {
    TxidRange txids = TxidRange.of(Txid.of(min), Txid.of(max));
    return write(LtxHeader.delta(PAGE_SIZE, commit, txids).build(), pages, writer, layout);
  }

  private static byte[] write(LtxHeader header, Collection<Long> pages, int writer, Layout layout)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    WriteOptions options = WriteOptions.DEFAULT.withLayout(layout);
    try (LtxWriter ltx = LtxWriter.create(ByteSink.to(out), header, options)) {
      for (long page : new TreeSet<>(pages)) {
        ltx.write(page, ByteBuffer.wrap(page(page, writer)));
      }
      ltx.finish();
    }
    return out.toByteArray();
  }

  static LtxFile open(String name, byte[] bytes) throws IOException {
    return LtxFile.open(ByteSource.of(name, ByteBuffer.wrap(bytes)));
  }

  static LtxFile snapshot(long max, long commit, int writer) throws IOException {
    return open("1-" + max + ".ltx", snapshotBytes(max, commit, writer));
  }

  static LtxFile delta(long min, long max, long commit, Collection<Long> pages, int writer)
      throws IOException {
    byte[] bytes = deltaBytes(min, max, commit, pages, writer, Layout.V3_BLOCK);
    return open(min + "-" + max + ".ltx", bytes);
  }
}

package io.github.ltxjava.fuzz;

import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxReader;
import io.github.ltxjava.ReadOptions;
import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.testkit.FileSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Turns a fuzzer's bytes into chains of files. */
final class Chains {

  static final int PAGE = 512;
  private static final int MAX_FILES = 6;

  private Chains() {}

  /** Cuts the input into files, each behind its length in two bytes. */
  static List<byte[]> split(byte[] data) {
    List<byte[]> files = new ArrayList<>();
    int at = 0;
    while (data.length - at >= 2 && files.size() < MAX_FILES) {
      int length = (data[at] & 0xFF) << 8 | data[at + 1] & 0xFF;
      at += 2;
      int end = Math.min(data.length, at + length);
      files.add(Arrays.copyOfRange(data, at, end));
      at = end;
    }
    return files;
  }

  /**
   * Makes a chain that follows the rules: a snapshot, then deltas, three bytes each for the commit,
   * the pages written, and how many transactions. Pages cut off, grown and not written occur.
   */
  static List<FileSpec> make(byte[] data) {
    List<FileSpec> files = new ArrayList<>();
    long next = 1;
    for (int at = 0; at + 3 <= data.length && files.size() < MAX_FILES; at += 3) {
      long commit = data[at] & 7;
      long last = next + (data[at + 2] & 3);
      SortedMap<Long, byte[]> pages = new TreeMap<>();
      for (long number = 1; number <= commit; number++) {
        if (files.isEmpty() || (data[at + 1] >>> (number - 1) & 1) != 0) {
          byte[] page = new byte[PAGE];
          Arrays.fill(page, (byte) (at + number * 37));
          page[(int) number] = data[at + 1];
          pages.put(number, page);
        }
      }
      // A file may start before the one before it ends.
      long first = files.isEmpty() ? 1 : Math.max(2, next - (data[at + 2] >>> 2 & 1));
      TxidRange range = TxidRange.of(Txid.of(first), Txid.of(last));
      LtxHeader header =
          files.isEmpty()
              ? LtxHeader.snapshot(PAGE, commit, Txid.of(last)).withoutChecksums().build()
              : LtxHeader.delta(PAGE, commit, range).build();
      files.add(new FileSpec(header, pages, Optional.empty()));
      next = last + 1;
    }
    return files;
  }

  /** Reads a file that is sound. */
  static FileSpec read(byte[] file) throws IOException {
    try (LtxReader reader = LtxReader.open(source(file), ReadOptions.DEFAULT)) {
      SortedMap<Long, byte[]> pages = new TreeMap<>();
      while (reader.next()) {
        byte[] page = new byte[reader.header().pageSize()];
        reader.page().get(page);
        pages.put(reader.pageNumber(), page);
      }
      return new FileSpec(reader.header(), pages, reader.trailer().postApply());
    }
  }

  static ByteSource source(byte[] file) {
    return ByteSource.of("input", ByteBuffer.wrap(file));
  }

  static Layout layout(byte choice) {
    return new Layout[] {Layout.V3_BLOCK, Layout.V3_FRAME, Layout.V2}[Math.floorMod(choice, 3)];
  }
}

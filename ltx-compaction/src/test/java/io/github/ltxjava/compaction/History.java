package io.github.ltxjava.compaction;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.DatabaseChecksum;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxReader;
import io.github.ltxjava.LtxWriter;
import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.WriteOptions;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.io.ByteSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A random life of a small database, as whole images after each transaction, and the files that any
 * stretch of it makes: the slow, obvious twin of merging.
 */
final class History {

  static final int PAGE_SIZE = 512;

  private final long firstTxid;
  private final List<byte[][]> states = new ArrayList<>();
  private final List<Map<Integer, byte[]>> written = new ArrayList<>();
  private final boolean tracksChecksums;

  /**
   * Lives through some transactions.
   *
   * @param fromNothing whether the first transaction creates the database
   */
  History(long seed, int transactions, int maxPages, boolean fromNothing, boolean tracksChecksums) {
    Random random = new Random(seed);
    this.tracksChecksums = tracksChecksums;
    this.firstTxid = fromNothing ? 1 : 2 + random.nextInt(100);
    byte[][] state = new byte[fromNothing ? 0 : random.nextInt(maxPages + 1)][];
    for (int i = 0; i < state.length; i++) {
      state[i] = page(random);
    }
    states.add(state);
    for (int t = 0; t < transactions; t++) {
      state = transact(state, random, maxPages, fromNothing && t == 0);
      states.add(state);
    }
  }

  private byte[][] transact(byte[][] before, Random random, int maxPages, boolean all) {
    int commit = random.nextInt(3) > 0 ? before.length : random.nextInt(maxPages + 1);
    if (all) {
      commit = random.nextInt(maxPages + 1);
    }
    byte[][] after = Arrays.copyOf(before, commit);
    Map<Integer, byte[]> pages = new TreeMap<>();
    for (int n = 0; n < commit; n++) {
      // A sound producer writes every page that it grows by; this one forgets some.
      if (all || random.nextInt(n >= before.length ? 2 : 4) == 0) {
        after[n] = page(random);
        pages.put(n + 1, after[n]);
      } else if (n >= before.length) {
        after[n] = new byte[PAGE_SIZE];
      }
    }
    written.add(pages);
    return after;
  }

  private static byte[] page(Random random) {
    byte[] page = new byte[PAGE_SIZE];
    switch (random.nextInt(3)) {
      case 0 -> random.nextBytes(page);
      case 1 -> Arrays.fill(page, (byte) random.nextInt(256));
      default -> {
        for (int i = 0; i < 20; i++) {
          page[random.nextInt(PAGE_SIZE)] = (byte) random.nextInt();
        }
      }
    }
    return page;
  }

  int transactions() {
    return written.size();
  }

  byte[][] before() {
    return states.get(0);
  }

  byte[][] after() {
    return states.get(states.size() - 1);
  }

  /** Writes the file of the transactions {@code from} to {@code to}, counted from 0, inclusive. */
  byte[] file(int from, int to, WriteOptions options) throws IOException {
    Map<Integer, byte[]> pages = new TreeMap<>();
    byte[][] last = states.get(to + 1);
    int lowest = Integer.MAX_VALUE;
    for (int t = from; t <= to; t++) {
      lowest = Math.min(lowest, states.get(t + 1).length);
      for (int number : written.get(t).keySet()) {
        pages.put(number, new byte[0]);
      }
    }
    for (int n = lowest; n < last.length; n++) {
      pages.put(n + 1, new byte[0]);
    }
    pages.keySet().removeIf(number -> number > last.length);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LtxHeader header = header(from, to);
    try (LtxWriter writer = LtxWriter.create(ByteSink.to(out), header, options)) {
      for (int number : pages.keySet()) {
        writer.write(number, ByteBuffer.wrap(last[number - 1]));
      }
      if (tracksChecksums) {
        writer.finish(checksum(last));
      } else {
        writer.finish();
      }
    }
    return out.toByteArray();
  }

  private LtxHeader header(int from, int to) {
    TxidRange range = TxidRange.of(Txid.of(firstTxid + from), Txid.of(firstTxid + to));
    int commit = states.get(to + 1).length;
    LtxHeader.Builder builder;
    if (range.isSnapshot()) {
      builder = LtxHeader.snapshot(PAGE_SIZE, commit, range.max());
    } else if (tracksChecksums) {
      builder = LtxHeader.delta(PAGE_SIZE, commit, range, checksum(states.get(from)));
    } else {
      builder = LtxHeader.delta(PAGE_SIZE, commit, range);
    }
    if (!tracksChecksums) {
      builder.withoutChecksums();
    }
    return builder.timestamp(Instant.ofEpochMilli(1000L + to)).build();
  }

  static Checksum checksum(byte[][] state) {
    DatabaseChecksum sum = DatabaseChecksum.ofEmpty(PAGE_SIZE);
    for (int n = 0; n < state.length; n++) {
      sum.toggle(n + 1, ByteBuffer.wrap(state[n]));
    }
    return sum.value();
  }

  /** Applies a file the obvious way: pages in place, then the size cut or filled with zeros. */
  static byte[][] apply(byte[][] database, byte[] file) throws IOException {
    try (LtxReader reader = LtxReader.open(ByteSource.of("file", ByteBuffer.wrap(file)))) {
      int commit = (int) reader.header().commit();
      byte[][] result = Arrays.copyOf(database, commit);
      while (reader.next()) {
        byte[] page = new byte[reader.header().pageSize()];
        reader.page().get(page);
        result[(int) reader.pageNumber() - 1] = page;
      }
      for (int n = 0; n < commit; n++) {
        if (result[n] == null) {
          result[n] = new byte[reader.header().pageSize()];
        }
      }
      return result;
    }
  }
}

package io.github.ltxjava.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Random histories, cut into files that can be merged: a database that changes, grows and shrinks,
 * in ranges that may overlap; or deltas of a database too large to hold, around the lock page.
 * Every file holds all pages that it makes the database grow by, as a right producer does: where
 * one does not, the reference breaks the law of merging.
 */
final class Chain {
  private record State(TreeMap<Long, byte[]> pages, SortedSet<Long> changed) {
    long commit() {
      return pages.isEmpty() ? 0 : pages.lastKey();
    }
  }

  private Chain() {}

  /** The files of a random history, oldest first. */
  static List<Content> random(Random random, boolean checksums, boolean overlaps) {
    return random.nextInt(4) == 0 ? large(random, checksums) : small(random, checksums, overlaps);
  }

  private static List<Content> small(Random random, boolean checksums, boolean overlaps) {
    int pageSize = 512 << random.nextInt(random.nextInt(4) == 0 ? 8 : 4);
    int transactions = 2 + random.nextInt(8);
    List<State> states = new ArrayList<>();
    states.add(new State(new TreeMap<>(), new TreeSet<>()));
    for (int i = 1; i <= transactions; i++) {
      // The reference cannot write a deleted database without checksums.
      boolean mayDelete = checksums && i == transactions;
      states.add(next(states.get(i - 1), random, pageSize, mayDelete));
    }
    int first = random.nextBoolean() ? 1 : 2;
    List<Content> files = new ArrayList<>();
    int min = first;
    int last = first - 1;
    while (last < transactions) {
      int max = last + 1 + random.nextInt(transactions - last);
      files.add(file(states, min, max, pageSize, checksums, random));
      last = max;
      boolean overlap = overlaps && random.nextInt(3) == 0;
      min = overlap ? Math.max(min, last - random.nextInt(3)) : last + 1;
    }
    return files;
  }

  private static State next(State before, Random random, int pageSize, boolean mayDelete) {
    TreeMap<Long, byte[]> pages = new TreeMap<>(before.pages);
    long most = Math.max(6, Math.min(40, 100_000 / pageSize));
    long commit = before.commit();
    if (commit == 0 || random.nextInt(3) == 0) {
      commit = mayDelete && random.nextInt(10) == 0 ? 0 : 1 + random.nextInt((int) most);
    }
    pages.tailMap(commit, false).clear();
    SortedSet<Long> changed = new TreeSet<>();
    for (long number = before.commit() + 1; number <= commit; number++) {
      changed.add(number);
    }
    for (int i = random.nextInt(5); i > 0 && commit > 0; i--) {
      changed.add(1L + random.nextInt(Math.toIntExact(commit)));
    }
    changed.forEach(number -> pages.put(number, Content.page(random, pageSize)));
    return new State(pages, changed);
  }

  /** The file of the transactions from {@code min} to {@code max}. */
  private static Content file(
      List<State> states, int min, int max, int pageSize, boolean checksums, Random random) {
    State after = states.get(max);
    SortedSet<Long> numbers = new TreeSet<>();
    for (int i = min; i <= max; i++) {
      numbers.addAll(states.get(i).changed);
    }
    if (min == 1) {
      numbers.addAll(after.pages.keySet());
    }
    Content content = header(min, max, pageSize, after.commit(), checksums, random);
    for (long number : numbers) {
      if (number <= after.commit()) {
        content.pages.put(number, after.pages.get(number));
      }
    }
    if (checksums) {
      long before = Content.checksum(states.get(min - 1).pages);
      content.putHex("preApplyChecksum", min == 1 ? 0 : before);
      content.putHex("postApplyChecksum", Content.checksum(after.pages));
    }
    return content;
  }

  private static List<Content> large(Random random, boolean checksums) {
    int pageSize = 512 << random.nextInt(8);
    long lock = Content.lockPage(pageSize);
    List<Content> files = new ArrayList<>();
    long checksum = random.nextLong() | Long.MIN_VALUE;
    long txid = 2L + random.nextInt(1000);
    int count = 2 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      boolean cut = i == count - 1 && random.nextBoolean();
      long commit = cut ? lock - 1 + random.nextInt(3) : lock + 100;
      long max = txid + random.nextInt(3);
      Content content = header(txid, max, pageSize, commit, checksums, random);
      for (int p = 0; p < 6; p++) {
        long number = Math.max(1, lock - 4 + random.nextInt(9));
        if (number != lock && number <= commit) {
          content.pages.put(number, Content.page(random, pageSize));
        }
      }
      if (checksums) {
        content.putHex("preApplyChecksum", checksum);
        checksum = random.nextLong() | Long.MIN_VALUE;
        content.putHex("postApplyChecksum", checksum);
      }
      files.add(content);
      txid = max + 1;
    }
    return files;
  }

  private static Content header(
      long min, long max, int pageSize, long commit, boolean checksums, Random random) {
    Content content =
        OwnVectors.content(min, checksums ? 0 : Content.NO_CHECKSUM, commit, pageSize);
    content.putHex("maxTXID", max);
    content.put("timestampMillis", 1_600_000_000_000L + random.nextInt());
    if (random.nextInt(3) == 0) {
      content.putHex("nodeID", random.nextLong());
      content.put("walOffset", 32L + random.nextInt(1000));
      content.put("walSize", 1L + random.nextInt(1000));
    }
    return content;
  }
}

package io.github.ltxjava.testkit;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.WalSegment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Random headers, pages, files and histories for jqwik properties; all of them shrink. */
public final class LtxArbitraries {

  private LtxArbitraries() {}

  /** A layout. */
  public static Arbitrary<Layout> layouts() {
    return Arbitraries.of(Layout.class);
  }

  /** A page size, small ones more often. */
  public static Arbitrary<Integer> pageSizes() {
    return Arbitraries.frequency(
        Tuple.of(20, 512),
        Tuple.of(6, 1024),
        Tuple.of(4, 4096),
        Tuple.of(1, 16_384),
        Tuple.of(1, 65_536));
  }

  /** A page: zeros, one value, text that repeats itself, or noise. */
  public static Arbitrary<byte[]> pages(int pageSize) {
    Arbitrary<Integer> kinds = Arbitraries.integers().between(0, 3);
    Arbitrary<Long> seeds = Arbitraries.longs();
    return Combinators.combine(kinds, seeds).as((kind, seed) -> page(pageSize, kind, seed));
  }

  private static byte[] page(int pageSize, int kind, long seed) {
    byte[] page = new byte[pageSize];
    Random random = new Random(seed);
    switch (kind) {
      case 0:
        break;
      case 1:
        Arrays.fill(page, (byte) seed);
        break;
      case 2:
        for (int at = 0; at < pageSize; ) {
          String word = "row " + random.nextInt(40) + ", ";
          for (int i = 0; i < word.length() && at < pageSize; i++) {
            page[at++] = (byte) word.charAt(i);
          }
        }
        break;
      default:
        random.nextBytes(page);
    }
    return page;
  }

  /** A transaction ID that leaves room for others behind it. */
  public static Arbitrary<Txid> txids() {
    return Arbitraries.oneOf(
            Arbitraries.longs().between(1, 1000), Arbitraries.longs().greaterOrEqual(1))
        .map(Txid::of);
  }

  /** A header that suits a layout: snapshot or delta, with and without checksums. */
  public static Arbitrary<LtxHeader> headers(Layout layout, int pageSize, long commit) {
    Arbitrary<TxidRange> ranges =
        Combinators.combine(txids(), Arbitraries.longs().between(0, 5), booleans())
            .as(LtxArbitraries::range);
    Arbitrary<Boolean> tracked = layout.hasIndex() ? booleans() : Arbitraries.just(true);
    Arbitrary<WalSegment> wals =
        Combinators.combine(
                Arbitraries.longs().between(0, 1L << 40),
                Arbitraries.longs().between(1, 1L << 40),
                Arbitraries.integers(),
                Arbitraries.integers())
            .as(
                (offset, size, salt1, salt2) ->
                    offset == 0 ? WalSegment.NONE : new WalSegment(offset, size, salt1, salt2));
    return Combinators.combine(
            ranges, tracked, wals, Arbitraries.longs(), Arbitraries.longs(), Arbitraries.longs())
        .as(
            (range, tracks, wal, time, node, sum) ->
                new LtxHeader(
                    pageSize,
                    commit,
                    range,
                    Instant.ofEpochMilli(time),
                    tracks && !range.isSnapshot()
                        ? Optional.of(Checksum.of(sum))
                        : Optional.empty(),
                    wal,
                    node,
                    tracks));
  }

  private static Arbitrary<Boolean> booleans() {
    return Arbitraries.of(false, true);
  }

  private static TxidRange range(Txid min, long span, boolean snapshot) {
    Txid from = snapshot ? Txid.FIRST : min.value() == 1 ? Txid.of(2) : min;
    long last = from.value() + span;
    return TxidRange.of(from, last == 0 || last < 0 && from.value() > 0 ? from : Txid.of(last));
  }

  /** A file that suits a layout, with up to a dozen pages. */
  public static Arbitrary<FileSpec> files(Layout layout) {
    return Combinators.combine(pageSizes(), Arbitraries.longs().between(0, 12))
        .flatAs(
            (pageSize, commit) ->
                headers(layout, pageSize, commit).flatMap(header -> files(header)));
  }

  private static Arbitrary<FileSpec> files(LtxHeader header) {
    int commit = Math.toIntExact(header.commit());
    return Combinators.combine(
            pages(header.pageSize()).list().ofSize(commit),
            booleans().list().ofSize(commit),
            Arbitraries.longs())
        .as((contents, chosen, sum) -> file(header, contents, chosen, sum));
  }

  private static FileSpec file(
      LtxHeader header, List<byte[]> contents, List<Boolean> chosen, long sum) {
    SortedMap<Long, byte[]> pages = new TreeMap<>();
    for (int i = 0; i < contents.size(); i++) {
      if (header.isSnapshot() || chosen.get(i)) {
        pages.put(i + 1L, contents.get(i));
      }
    }
    Checksum postApply =
        header.isSnapshot() || header.commit() == 0
            ? new DatabaseSpec(header.pageSize())
                .apply(new FileSpec(header, pages, Optional.empty()))
                .checksum()
            : Checksum.of(sum);
    return new FileSpec(
        header, pages, header.tracksChecksums() ? Optional.of(postApply) : Optional.empty());
  }

  /** One step of a history: the size afterwards and the pages written. */
  private record Step(int commit, List<Long> written, long seed) {}

  /**
   * A database's history: a snapshot and up to seven deltas of one transaction each, in which it
   * shrinks, grows, vanishes and grows again, with right checksums. A page that the database grows
   * by is not always written: then it is zeros.
   */
  public static Arbitrary<List<FileSpec>> histories(int pageSize) {
    Arbitrary<Step> steps =
        Combinators.combine(
                Arbitraries.integers().between(0, 9),
                Arbitraries.longs().between(1, 9).list().uniqueElements().ofMaxSize(6),
                Arbitraries.longs())
            .as(Step::new);
    return Combinators.combine(steps.list().ofMinSize(1).ofMaxSize(8), booleans())
        .as((list, tracks) -> history(pageSize, list, tracks));
  }

  private static List<FileSpec> history(int pageSize, List<Step> steps, boolean tracks) {
    List<FileSpec> files = new ArrayList<>();
    DatabaseSpec database = new DatabaseSpec(pageSize);
    long txid = 1;
    for (Step step : steps) {
      Random random = new Random(step.seed());
      SortedMap<Long, byte[]> pages = new TreeMap<>();
      for (long number = 1; number <= step.commit(); number++) {
        if (txid == 1 || step.written().contains(number)) {
          pages.put(number, page(pageSize, random.nextInt(4), random.nextLong()));
        }
      }
      TxidRange range = TxidRange.of(Txid.of(txid));
      Optional<Checksum> before =
          tracks && txid > 1 ? Optional.of(database.checksum()) : Optional.empty();
      LtxHeader header =
          new LtxHeader(
              pageSize,
              step.commit(),
              range,
              Instant.ofEpochMilli(1000 * txid),
              before,
              WalSegment.NONE,
              0,
              tracks);
      database.apply(new FileSpec(header, pages, Optional.empty()));
      files.add(
          new FileSpec(
              header, pages, tracks ? Optional.of(database.checksum()) : Optional.empty()));
      txid++;
    }
    return files;
  }

  /**
   * A chain that gives a history: some of its files merged over ranges that follow each other, with
   * and without overlap.
   */
  public static Arbitrary<List<FileSpec>> chains(List<FileSpec> history) {
    Arbitrary<Integer> small = Arbitraries.integers().between(0, 3);
    return small
        .list()
        .ofSize(2 * history.size())
        .map(
            choices -> {
              List<FileSpec> chain = new ArrayList<>();
              int end = 0;
              for (int i = 0; end < history.size(); i += 2) {
                int from = Math.max(0, end - choices.get(i));
                int to = Math.min(history.size(), end + 1 + choices.get(i + 1));
                chain.add(FileSpec.merge(history.subList(from, to)));
                end = to;
              }
              return chain;
            });
  }
}

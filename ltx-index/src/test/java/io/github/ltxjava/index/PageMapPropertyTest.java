package io.github.ltxjava.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxFile;
import io.github.ltxjava.LtxReader;
import io.github.ltxjava.io.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Holds the page map to its slow, obvious twin: files applied one by one to an array. */
class PageMapPropertyTest {

  /**
   * One file.
   *
   * @param overlap how many transactions it shares with the one before
   * @param length how many it adds
   * @param commit size of the database afterwards
   * @param pages page numbers, those above the commit left out
   */
  record Step(int overlap, int length, int commit, List<Integer> pages, Layout layout) {}

  @Provide
  Arbitrary<List<Step>> histories() {
    // Around the sizes of a leaf (128) and of a node of leaves (4096), and small ones.
    Arbitrary<Integer> sizes =
        Arbitraries.frequencyOf(
            Tuple.of(6, Arbitraries.integers().between(0, 12)),
            Tuple.of(3, Arbitraries.integers().between(120, 270)),
            Tuple.of(1, Arbitraries.integers().between(4090, 4230)));
    Arbitrary<List<Integer>> scattered = sizes.list().ofMaxSize(12);
    Arbitrary<List<Integer>> run =
        Combinators.combine(sizes, sizes)
            .as(
                (from, count) -> {
                  List<Integer> pages = new ArrayList<>();
                  for (int i = 0; i < count; i++) {
                    pages.add(from + i);
                  }
                  return pages;
                });
    Arbitrary<Step> steps =
        Combinators.combine(
                Arbitraries.integers().between(0, 3),
                Arbitraries.integers().between(1, 3),
                sizes,
                Arbitraries.oneOf(scattered, run),
                Arbitraries.of(Layout.V3_BLOCK, Layout.V3_FRAME, Layout.V2))
            .as(Step::new);
    return steps.list().ofMinSize(1).ofMaxSize(8);
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void aMapReadsLikeTheDatabaseThatApplyingTheFilesGives(@ForAll("histories") List<Step> steps)
      throws IOException {
    byte[] database = new byte[0];
    long max = 0;
    List<PageMap> maps = new ArrayList<>();
    List<byte[]> databases = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      byte[] bytes;
      if (i == 0) {
        max = step.length();
        bytes = Chains.snapshotBytes(max, step.commit(), i);
      } else {
        long min = Math.max(2, max + 1 - step.overlap());
        max += step.length();
        TreeSet<Long> pages = new TreeSet<>();
        step.pages().stream()
            .filter(page -> page >= 1 && page <= step.commit())
            .forEach(page -> pages.add(page.longValue()));
        bytes = Chains.deltaBytes(min, max, step.commit(), pages, i, step.layout());
      }
      LtxFile file = Chains.open("file " + i, bytes);
      maps.add(i == 0 ? PageMap.of(file) : maps.get(i - 1).append(file));
      database = apply(database, bytes);
      databases.add(database);
    }
    // All versions, after the last one was made: sharing must not have changed an older one.
    for (int i = 0; i < maps.size(); i++) {
      assertThat(read(maps.get(i))).as("version %d", i).isEqualTo(databases.get(i));
    }
  }

  private static byte[] apply(byte[] database, byte[] file) throws IOException {
    try (LtxReader reader = LtxReader.open(ByteSource.of("file", ByteBuffer.wrap(file)))) {
      int size = Chains.PAGE_SIZE;
      byte[] result = Arrays.copyOf(database, (int) reader.header().commit() * size);
      while (reader.next()) {
        reader.page().get(result, (int) (reader.pageNumber() - 1) * size, size);
      }
      return result;
    }
  }

  private static byte[] read(PageMap map) throws IOException {
    ByteBuffer result = ByteBuffer.allocate((int) map.commit() * Chains.PAGE_SIZE);
    for (long page = 1; page <= map.commit(); page++) {
      int before = result.position();
      assertThat(map.readPage(page, result)).isTrue();
      assertThat(result.position()).isEqualTo(before + Chains.PAGE_SIZE);
    }
    ByteBuffer beyond = ByteBuffer.allocate(Chains.PAGE_SIZE);
    assertThat(map.readPage(map.commit() + 1, beyond)).isFalse();
    assertThat(beyond.position()).isZero();
    return result.array();
  }
}

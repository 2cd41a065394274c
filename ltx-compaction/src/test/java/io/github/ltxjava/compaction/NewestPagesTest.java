package io.github.ltxjava.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class NewestPagesTest {

  private record Seen(long pageNumber, int input) {}

  @Property
  void pagesComeInTheOrderOfTheirNumbersTheNewestInputFirst(
      @ForAll @Size(min = 1, max = 20)
          List<@Size(max = 12) List<@IntRange(min = 1, max = 30) Integer>> inputs) {
    List<SortedSet<Integer>> sorted = new ArrayList<>();
    List<Seen> expected = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      sorted.add(new TreeSet<>(inputs.get(i)));
      for (int page : sorted.get(i)) {
        expected.add(new Seen(page, i));
      }
    }
    expected.sort(
        Comparator.comparingLong(Seen::pageNumber)
            .thenComparing(Comparator.comparingInt(Seen::input).reversed()));

    List<Seen> actual = new ArrayList<>();
    long[] first = sorted.stream().mapToLong(NewestPagesTest::take).toArray();
    NewestPages pages = new NewestPages(first);
    while (pages.pageNumber() != NewestPages.EXHAUSTED) {
      actual.add(new Seen(pages.pageNumber(), pages.input()));
      pages.advance(take(sorted.get(pages.input())));
    }

    assertThat(actual).isEqualTo(expected);
  }

  private static long take(SortedSet<Integer> pages) {
    if (pages.isEmpty()) {
      return NewestPages.EXHAUSTED;
    }
    int page = pages.first();
    pages.remove(page);
    return page;
  }
}

package io.github.ltxjava.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxVerifier;
import io.github.ltxjava.LtxVerifier.Depth;
import io.github.ltxjava.WriteOptions;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.io.ByteSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class MergeLawTest {

  @Property(tries = 600)
  void applyingTheMergedFileEqualsApplyingTheInputsOneByOne(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 9) int transactions,
      @ForAll @IntRange(min = 0, max = 12) int maxPages,
      @ForAll boolean fromNothing,
      @ForAll boolean tracked,
      @ForAll Layout outputLayout)
      throws IOException {
    History history = new History(seed, transactions, maxPages, fromNothing, tracked);
    // Version 1 cannot say that checksums are not tracked.
    Layout layout = tracked || outputLayout.hasIndex() ? outputLayout : Layout.V3_BLOCK;
    Random random = new Random(seed);
    List<byte[]> files = split(history, tracked, random);

    byte[][] oneByOne = history.before();
    for (byte[] file : files) {
      oneByOne = History.apply(oneByOne, file);
    }
    assertThat(oneByOne).as("the twin itself").isDeepEqualTo(history.after());

    List<ByteSource> sources = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      sources.add(ByteSource.of("file " + i, ByteBuffer.wrap(files.get(i))));
    }
    Collections.shuffle(sources, random);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Merger.of(sources).layout(layout).writeTo(ByteSink.to(out));

    ByteSource merged = ByteSource.of("merged", ByteBuffer.wrap(out.toByteArray()));
    assertThat(LtxVerifier.verify(merged, Depth.FULL).findings()).isEmpty();
    assertThat(History.apply(history.before(), out.toByteArray())).isDeepEqualTo(history.after());
  }

  @Property(tries = 200)
  void mergingInTwoStepsGivesTheSameFileAsMergingInOne(
      @ForAll long seed,
      @ForAll @IntRange(min = 2, max = 8) int transactions,
      @ForAll boolean fromNothing,
      @ForAll boolean tracked)
      throws IOException {
    History history = new History(seed, transactions, 10, fromNothing, tracked);
    List<byte[]> files = new ArrayList<>();
    for (int t = 0; t < transactions; t++) {
      files.add(history.file(t, t, WriteOptions.DEFAULT));
    }
    int middle = 1 + new Random(seed).nextInt(transactions - 1);

    byte[] atOnce = merge(files);
    byte[] inTwoSteps =
        merge(List.of(merge(files.subList(0, middle)), merge(files.subList(middle, transactions))));

    assertThat(inTwoSteps).isEqualTo(atOnce);
  }

  private static byte[] merge(List<byte[]> files) throws IOException {
    List<ByteSource> sources = new ArrayList<>();
    for (byte[] file : files) {
      sources.add(ByteSource.of("file", ByteBuffer.wrap(file)));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Merger.of(sources).writeTo(ByteSink.to(out));
    return out.toByteArray();
  }

  /** Cuts the history into files in mixed layouts, some of which overlap the one before. */
  private static List<byte[]> split(History history, boolean tracked, Random random)
      throws IOException {
    List<byte[]> files = new ArrayList<>();
    Layout[] layouts =
        tracked ? Layout.values() : new Layout[] {Layout.V2, Layout.V3_FRAME, Layout.V3_BLOCK};
    int next = 0;
    int previousFrom = -1;
    while (next < history.transactions()) {
      // Overlapping, but not covering: a file that another one covers is refused.
      int overlap = random.nextInt(2) * random.nextInt(next - previousFrom);
      int from = next - overlap;
      int to = next + random.nextInt(history.transactions() - next);
      Layout layout = layouts[random.nextInt(layouts.length)];
      files.add(history.file(from, to, WriteOptions.DEFAULT.withLayout(layout)));
      previousFrom = from;
      next = to + 1;
    }
    return files;
  }
}

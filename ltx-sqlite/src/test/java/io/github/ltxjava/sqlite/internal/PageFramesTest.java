package io.github.ltxjava.sqlite.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class PageFramesTest {

  @Property(tries = 200)
  void itIsAMap(@ForAll long seed, @ForAll @IntRange(min = 1, max = 5000) int count) {
    PageFrames frames = new PageFrames();
    Map<Integer, Integer> twin = new HashMap<>();
    java.util.Random random = new java.util.Random(seed);
    for (int frame = 1; frame <= count; frame++) {
      int page = random.nextInt(4) == 0 ? random.nextInt() : 1 + random.nextInt(count);
      if (page != 0) {
        frames.put(page, frame);
        twin.put(page, frame);
      }
    }
    assertThat(frames.size()).isEqualTo(twin.size());
    twin.forEach((page, frame) -> assertThat(frames.get(page)).isEqualTo(frame));
    assertThat(frames.get(0)).isZero();
  }
}

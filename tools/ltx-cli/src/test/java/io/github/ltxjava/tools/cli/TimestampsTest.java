package io.github.ltxjava.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimestampsTest {

  @Test
  void timesReadAsThePlatformWritesThem() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      long millis = random.nextLong() >> random.nextInt(63);
      assertThat(Timestamps.format(millis)).isEqualTo(Instant.ofEpochMilli(millis).toString());
    }
    for (long day = -800_000; day < 3_000_000; day += 7) {
      long millis = day * 86_400_000L;
      assertThat(Timestamps.format(millis)).isEqualTo(Instant.ofEpochMilli(millis).toString());
    }
  }
}

package io.github.ltxjava.tools.ltx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

  @Property
  void everyDurationIsTheSumOfItsParts(
      @ForAll @IntRange(min = 0, max = 9999) int days,
      @ForAll @IntRange(min = 0, max = 9999) int hours,
      @ForAll @IntRange(min = 0, max = 9999) int minutes,
      @ForAll @IntRange(min = 0, max = 9999) int seconds,
      @ForAll @IntRange(min = 0, max = 9999) int millis) {
    assertThat(
            Durations.parse(
                days + "d" + hours + "h" + minutes + "m" + seconds + "s" + millis + "ms"))
        .isEqualTo(
            Duration.ofDays(days)
                .plusHours(hours)
                .plusMinutes(minutes)
                .plusSeconds(seconds)
                .plusMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "5",
        "s",
        "-5s",
        "+5s",
        "5 s",
        "1.5h",
        "5S",
        "5x",
        "99999999999s",
        "99999999d"
      })
  void theRestIsRefused(String text) {
    assertThatThrownBy(() -> Durations.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not a duration");
  }
}

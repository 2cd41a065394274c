package io.github.ltxjava.tools.ltx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ltxjava.tools.cli.Output;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class ProgressTest {

  private static final long SECOND = 1_000_000_000L;

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private long now = Long.MAX_VALUE - SECOND / 2;

  private Progress progress(boolean onTerminal, Cancellation cancellation) {
    OutputStream nowhere = OutputStream.nullOutputStream();
    PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
    Terminal terminal =
        new Terminal(nowhere, new Output(nowhere), stream, onTerminal, onTerminal, Map.of());
    return new Progress(terminal, cancellation, "merge", "page", () -> now);
  }

  private String shown() {
    String text = err.toString(StandardCharsets.UTF_8);
    err.reset();
    return text;
  }

  @Test
  void longWorkIsShownAFewTimesASecondAndErasedAtTheEnd() {
    try (Progress progress = progress(true, Cancellation.none())) {
      progress.update(1, 200);
      assertThat(shown()).isEmpty();
      now += SECOND;
      progress.update(50, 200);
      assertThat(shown()).contains("merge: page 50 of 200, 25%");
      now += SECOND / 100;
      progress.update(51, 200);
      assertThat(shown()).isEmpty();
      now += SECOND;
      progress.update(200, 0);
      assertThat(shown()).contains("page 200 of 0, 0%");
    }
    assertThat(shown()).isEqualTo("\r\u001b[K");
  }

  @Test
  void elsewhereNothingIsShown() {
    try (Progress progress = progress(false, Cancellation.none())) {
      now += 10 * SECOND;
      progress.update(1, 2);
    }
    assertThat(shown()).isEmpty();
  }

  @Test
  void aCancelledCommandStopsAtTheNextPage() {
    Cancellation cancellation = Cancellation.none();
    cancellation.cancel();
    assertThat(Thread.interrupted()).isTrue();

    try (Progress progress = progress(false, cancellation)) {
      assertThatThrownBy(() -> progress.update(1, 2)).isInstanceOf(CancellationException.class);
    }
  }
}

package io.github.ltxjava.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ltxjava.conformance.CaseResult.Kind;
import io.github.ltxjava.conformance.CaseResult.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The library under test passes every vector. */
final class ConformanceTest {

  /** How many cases there are at least: a set that shrinks unnoticed would prove nothing. */
  private static final Map<Kind, Integer> AT_LEAST =
      new EnumMap<>(
          Map.of(
              Kind.VALID, 290,
              Kind.INVALID, 520,
              Kind.MERGE, 102,
              Kind.APPLY, 61,
              Kind.LITEFS, 26,
              Kind.LITESTREAM, 9));

  @ParameterizedTest
  @EnumSource(Kind.class)
  void everyVectorIsTreatedAsItsSidecarSays(Kind kind) throws IOException {
    List<CaseResult> results = run(kind, new LtxJavaImplementation());
    assertThat(results).hasSizeGreaterThanOrEqualTo(AT_LEAST.get(kind));
    assertThat(results).filteredOn(r -> r.outcome() == Outcome.FAILED).isEmpty();
    assertThat(results)
        .filteredOn(r -> r.outcome() == Outcome.SKIPPED)
        .allMatch(this::mayBeSkipped);
  }

  private boolean mayBeSkipped(CaseResult result) {
    return result.name().contains("v0313"); // Generations of Litestream 0.3 are not LTX.
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"VALID", "INVALID"})
  void aReaderToldToAcceptExtensionsTreatsEveryVectorAsItsSidecarSays(Kind kind)
      throws IOException {
    List<CaseResult> results = run(kind, new LtxJavaImplementation.WithExtensions());
    assertThat(results).hasSizeGreaterThanOrEqualTo(AT_LEAST.get(kind));
    assertThat(results).allMatch(r -> r.outcome() == Outcome.PASSED);
  }

  private static List<CaseResult> run(Kind kind, LtxImplementation implementation)
      throws IOException {
    List<CaseResult> results = new ArrayList<>();
    new ConformanceRunner(Vectors.at(Path.of("")), implementation).run(kind, results::add);
    return results;
  }
}

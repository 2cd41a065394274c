package io.github.ltxjava.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.ltxjava.conformance.CaseResult.Kind;
import io.github.ltxjava.conformance.CaseResult.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The runner sees what an implementation does wrong. */
final class RunnerTest {

  @Test
  void anImplementationWithoutMethodsIsSkippedNotPassed() throws IOException {
    LtxImplementation nothing = new LtxImplementation() {};
    for (Kind kind : Kind.values()) {
      assertThat(run(kind, nothing)).allMatch(r -> r.outcome() == Outcome.SKIPPED);
    }
  }

  @Test
  void acceptingDamagedFilesFails() throws IOException {
    LtxImplementation accepts =
        new LtxJavaImplementation() {
          @Override
          public void verify(Path file, String layout) {}
        };
    List<CaseResult> results = run(Kind.INVALID, accepts);
    assertThat(results)
        .filteredOn(r -> r.outcome() == Outcome.FAILED)
        .hasSizeGreaterThan(400)
        .allMatch(r -> r.message().startsWith("accepted"));
  }

  @Test
  void refusingWithoutReasonsPassesButForAnotherReasonFails() throws IOException {
    List<CaseResult> without = run(Kind.INVALID, refusing(List.of()));
    assertThat(without)
        .filteredOn(r -> r.outcome() == Outcome.FAILED)
        .isNotEmpty()
        .allMatch(r -> r.message().startsWith("refused")); // The controls, which are sound.
    List<CaseResult> wrong = run(Kind.INVALID, refusing(List.of(new Finding("BAD_WEATHER", 0))));
    assertThat(wrong)
        .filteredOn(r -> r.message().startsWith("first finding BAD_WEATHER"))
        .hasSizeGreaterThan(400);
  }

  @Test
  void aRightReasonAtAnotherPlaceFails() throws IOException {
    List<CaseResult> results = run(Kind.INVALID, refusing(List.of(new Finding("BAD_INDEX", 5))));
    assertThat(results)
        .filteredOn(r -> r.name().equals("invalid/v2/index-size-field-zero"))
        .singleElement()
        .matches(r -> r.message().equals("first finding BAD_INDEX at 5, want of BAD_INDEX at 936"));
  }

  @Test
  void oneWrongFieldOfAFileFails(@TempDir Path directory) throws IOException {
    SomeVectors.copyTo(directory);
    LtxImplementation wrong =
        new LtxJavaImplementation() {
          @Override
          public FileContent read(Path file, String layout) throws IOException, RefusedException {
            FileContent right = super.read(file, layout);
            return new FileContent(
                right.layout(),
                right.header(),
                right.trailer(),
                right.fileSize(),
                right.indexOffset(),
                right.indexSize() + 1,
                right.pages(),
                right.pagesSha256());
          }
        };
    List<CaseResult> results = new ArrayList<>();
    new ConformanceRunner(Vectors.at(directory), wrong).run(Kind.VALID, results::add);
    assertThat(results)
        .extracting(CaseResult::name, CaseResult::outcome, CaseResult::message)
        .containsExactly(
            tuple("valid/v1-lz4/delta-grow", Outcome.PASSED, ""), // It has no index.
            tuple("valid/v2/snapshot-1p-512", Outcome.FAILED, "indexSize: got 6, want 5"));
  }

  @Test
  void aMergeThatKeepsTheFirstInputFails() throws IOException {
    LtxImplementation wrong =
        new LtxJavaImplementation() {
          @Override
          public void merge(Merge merge) throws IOException {
            Files.copy(merge.inputs().get(0), merge.output());
          }
        };
    List<CaseResult> results = run(Kind.MERGE, wrong);
    assertThat(results).filteredOn(r -> r.outcome() == Outcome.FAILED).hasSizeGreaterThan(60);
  }

  @Test
  void anOutputLeftBehindByARefusedMergeFails() throws IOException {
    LtxImplementation wrong =
        new LtxJavaImplementation() {
          @Override
          public void merge(Merge merge) throws IOException, RefusedException {
            Files.copy(merge.inputs().get(0), merge.output());
            throw new RefusedException("no");
          }
        };
    assertThat(run(Kind.MERGE, wrong))
        .allMatch(r -> r.message().equals("refused, but left an output"));
  }

  @Test
  void anApplicationThatForgetsToCutTheDatabaseFails() throws IOException {
    LtxImplementation wrong =
        new LtxImplementation() {
          @Override
          public void apply(Path database, Path file) throws IOException {
            if (!Files.exists(database)) {
              Files.createFile(database);
            }
          }
        };
    List<CaseResult> results = run(Kind.APPLY, wrong);
    assertThat(results).filteredOn(r -> r.outcome() == Outcome.FAILED).hasSizeGreaterThan(50);
  }

  @Test
  void anUnexpectedExceptionFailsTheCaseAndTheOthersRun() throws IOException {
    LtxImplementation broken =
        new LtxJavaImplementation() {
          @Override
          public void verify(Path file, String layout) throws IOException, RefusedException {
            if (file.toString().contains("magic")) {
              throw new ArrayIndexOutOfBoundsException("7");
            }
            super.verify(file, layout);
          }
        };
    List<CaseResult> results = run(Kind.INVALID, broken);
    assertThat(results)
        .filteredOn(r -> r.outcome() == Outcome.FAILED)
        .hasSize((int) results.stream().filter(r -> r.name().contains("magic")).count())
        .allMatch(r -> r.message().contains("ArrayIndexOutOfBounds"));
  }

  private static LtxImplementation refusing(List<Finding> findings) {
    return new LtxImplementation() {
      @Override
      public void verify(Path file, String layout) throws RefusedException {
        throw new RefusedException("no", findings);
      }
    };
  }

  private static List<CaseResult> run(Kind kind, LtxImplementation implementation)
      throws IOException {
    List<CaseResult> results = new ArrayList<>();
    new ConformanceRunner(Vectors.at(Path.of("")), implementation).run(kind, results::add);
    assertThat(results).isNotEmpty();
    return results;
  }
}

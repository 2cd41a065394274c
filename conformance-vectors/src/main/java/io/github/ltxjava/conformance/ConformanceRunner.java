package io.github.ltxjava.conformance;

import io.github.ltxjava.conformance.CaseResult.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Holds an implementation of LTX against conformance vectors.
 *
 * <p>It belongs to one thread. It trusts nothing of the implementation: hashes and databases are
 * compared here.
 */
public final class ConformanceRunner {
  private static final Map<Kind, Check> CHECKS = new EnumMap<>(Kind.class);

  static {
    CHECKS.put(Kind.VALID, new ValidCheck());
    CHECKS.put(Kind.INVALID, new InvalidCheck());
    CHECKS.put(Kind.MERGE, new MergeCheck());
    CHECKS.put(Kind.APPLY, new ApplyCheck());
    CHECKS.put(Kind.LITEFS, new LitefsCheck());
    CHECKS.put(Kind.LITESTREAM, new LitestreamCheck());
  }

  private final Vectors vectors;
  private final LtxImplementation implementation;

  /** Creates a runner for one set of vectors and one implementation. */
  public ConformanceRunner(Vectors vectors, LtxImplementation implementation) {
    this.vectors = vectors;
    this.implementation = implementation;
  }

  /**
   * Runs every case.
   *
   * @return one result a case
   * @throws IOException if the vectors cannot be read or no temporary file can be written
   */
  public List<CaseResult> run() throws IOException {
    List<CaseResult> results = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      run(kind, results::add);
    }
    return results;
  }

  /**
   * Runs the cases of one kind, in the order of their names.
   *
   * @param listener is told each result as it is known
   * @throws IOException if the vectors cannot be read or no temporary file can be written
   */
  public void run(Kind kind, Consumer<? super CaseResult> listener) throws IOException {
    for (Vector vector : vectors.list(kind)) {
      listener.accept(run(vector));
    }
  }

  private CaseResult run(Vector vector) throws IOException {
    try (Scratch scratch = new Scratch()) {
      return CaseResult.passed(
          vector,
          Objects.requireNonNull(CHECKS.get(vector.kind())).run(vector, implementation, scratch));
    } catch (CheckFailure e) {
      return CaseResult.failed(vector, String.valueOf(e.getMessage()));
    } catch (RefusedException e) {
      return CaseResult.failed(vector, "refused: " + e.getMessage());
    } catch (LtxImplementation.NotSupportedException e) {
      return CaseResult.skipped(vector, "not supported: " + e.getMessage());
    } catch (IOException | RuntimeException e) {
      // Whatever the implementation throws is a verdict on this case; the others still have to run.
      return CaseResult.failed(vector, "threw " + e);
    }
  }
}

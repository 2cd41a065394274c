package io.github.ltxjava.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ltxjava.benchmarks.kernels.NaiveCrc;
import io.github.ltxjava.benchmarks.kernels.Pages;
import io.github.ltxjava.internal.crc.Crc64Iso;
import java.util.Collection;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs every benchmark once, so that none rots. */
class SmokeTest {

  @Test
  void everyBenchmarkRuns() throws RunnerException {
    System.setProperty("jmh.ignoreLock", "true");
    Options once =
        new OptionsBuilder()
            .include("io.github.ltxjava.benchmarks.kernels")
            .mode(Mode.SingleShotTime)
            .warmupIterations(0)
            .measurementIterations(1)
            .forks(0)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT)
            .build();
    Collection<RunResult> results = new Runner(once).run();
    assertThat(results).hasSizeGreaterThan(40);
  }

  @Test
  void theBaselinesOfTheChecksumAgreeWithTheKernel() {
    byte[] page = Pages.noise(4096, 1);
    long kernel = new Crc64Iso().remainder(page, 0, 4001);
    assertThat(NaiveCrc.bytewise(0, page, 0, 4001)).isEqualTo(kernel);
    assertThat(NaiveCrc.slicingBy8(0, page, 0, 4001)).isEqualTo(kernel);
  }
}

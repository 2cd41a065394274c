package io.github.ltxjava.benchmarks.kernels;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs all kernels under JMH with its memory profiler and writes what it measured as Markdown. */
public final class KernelReport {

  private static final String ALLOCATION = "gc.alloc.rate.norm";

  private KernelReport() {}

  /** Takes the file to write. */
  public static void main(String[] args) throws IOException, RunnerException {
    Options options =
        new OptionsBuilder()
            .include(KernelReport.class.getPackageName() + ".*Benchmark")
            .forks(1)
            .warmupIterations(3)
            .warmupTime(TimeValue.seconds(1))
            .measurementIterations(5)
            .measurementTime(TimeValue.milliseconds(500))
            .jvmArgsAppend("-Xmx1g", "--enable-native-access=ALL-UNNAMED")
            .addProfiler(GCProfiler.class)
            .build();
    Files.writeString(Path.of(args[0]), of(new Runner(options).run()));
  }

  /** Describes results: a table for each class of benchmarks. */
  static String of(Collection<RunResult> results) {
    StringBuilder text = new StringBuilder();
    text.append(
        """
        # Kernels

        Written by `benchmarks-jmh/run --kernels`; do not edit. Average time of one operation, and what
        it allocates (`%s`), by JMH on %s %s. What a kernel is
        measured against stands beside it: naive ways to do the same, and the LZ4 library alone.
        """
            .formatted(
                ALLOCATION,
                System.getProperty("java.vm.name"),
                System.getProperty("java.version")));
    Map<String, List<RunResult>> byClass =
        results.stream()
            .sorted(Comparator.comparing(result -> result.getParams().getBenchmark()))
            .collect(
                Collectors.groupingBy(KernelReport::className, TreeMap::new, Collectors.toList()));
    byClass.forEach((name, rows) -> table(text, name, rows));
    return text.toString();
  }

  private static void table(StringBuilder text, String name, List<RunResult> rows) {
    text.append("\n## ").append(name).append("\n\n");
    text.append("| operation | with | time | ± | bytes per operation |\n");
    text.append("| --- | --- | ---: | ---: | ---: |\n");
    for (RunResult row : rows) {
      Result<?> time = row.getPrimaryResult();
      Result<?> allocated = row.getSecondaryResults().get(ALLOCATION);
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %.1f %s | %.1f | %s |%n",
              methodName(row),
              parameters(row.getParams()),
              time.getScore(),
              time.getScoreUnit(),
              time.getScoreError(),
              // The harness itself accounts for fractions of a byte.
              allocated == null
                  ? "not measured"
                  : String.format(Locale.ROOT, "%.0f", allocated.getScore())));
    }
  }

  private static String parameters(BenchmarkParams params) {
    return params.getParamsKeys().stream()
        .map(key -> key + " " + params.getParam(key))
        .collect(Collectors.joining(", "));
  }

  private static String className(RunResult result) {
    String[] names = result.getParams().getBenchmark().split("\\.", -1);
    return names[names.length - 2];
  }

  private static String methodName(RunResult result) {
    String name = result.getParams().getBenchmark();
    return name.substring(name.lastIndexOf('.') + 1);
  }
}

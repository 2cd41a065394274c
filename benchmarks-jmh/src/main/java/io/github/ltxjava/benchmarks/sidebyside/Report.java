package io.github.ltxjava.benchmarks.sidebyside;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes the results as Markdown. */
final class Report {

  private static final double MIB = 1 << 20;
  private static final double MAX_SIZE_RATIO = 1.05;

  private final StringBuilder text = new StringBuilder();

  /**
   * Writes.
   *
   * @param setting lines that say with what and on what it was measured
   */
  static String of(
      List<String> setting, List<Runner.Result> results, List<Commands.Result> commands) {
    Report report = new Report();
    report.head(setting);
    report.speeds(results);
    report.bounds(results);
    report.memory(results);
    report.sizes(results);
    report.commands(commands);
    return report.text.toString();
  }

  // The annotation that the checker asks for would be a dependency for its sake alone.
  @SuppressWarnings("AnnotateFormatMethod")
  private void line(String format, Object... values) {
    text.append(values.length == 0 ? format : String.format(Locale.ROOT, format, values));
    text.append('\n');
  }

  private void head(List<String> setting) {
    line("# Side by side with Go");
    line("");
    line(
        "Written by `benchmarks-jmh/run`; do not edit. A figure is the median of all rounds, which");
    line(
        "alternate: Go, Java on one thread, Java on two, Go, ... A ratio above 1 means that Java is");
    line("faster. Both sides have to come to the same result, or there is no report.");
    line("");
    for (String each : setting) {
      line("* " + each);
    }
    line("");
  }

  private void speeds(List<Runner.Result> results) {
    if (results.isEmpty()) {
      return;
    }
    line("## Speed");
    line("");
    line(
        "MB/s are of page bytes (10^6). The ratio is that of the medians; behind it the median of");
    line("the ratios of all rounds, and the range of their middle half. By CPU it is that of the");
    line(
        "processor time of all threads, which other processes disturb less than the time on the wall.");
    line("");
    line(
        "| work | threads | Go ms | Java ms | Go MB/s | Java MB/s | ratio | by round | by CPU | bar |");
    line("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |");
    for (Runner.Result result : results) {
      double go = result.go().median();
      double java = result.java().median();
      List<Double> ratios = result.ratios();
      line(
          "| %s | %s | %s | %s | %.0f | %.0f | **%.2f** | %.2f (%.2f–%.2f) | %.2f | %s |",
          result.task().name(),
          threads(result),
          millis(go),
          millis(java),
          result.task().bytes() * 1e3 / go,
          result.task().bytes() * 1e3 / java,
          result.ratioOfMedians(),
          Sample.median(ratios),
          quantile(ratios, 0.25),
          quantile(ratios, 0.75),
          result.go().cpuMedian() / result.java().cpuMedian(),
          bar(result.bar(), result.ratioOfMedians()));
    }
    line("");
  }

  private static String threads(Runner.Result result) {
    boolean both = result.threads() > 1 && result.task().goTwoThreads();
    return result.threads() + (both ? ", Go too" : "");
  }

  private static String bar(double bar, double ratio) {
    if (bar == 0) {
      return "";
    }
    return String.format(Locale.ROOT, "≥ %.1f %s", bar, ratio >= bar ? "met" : "**missed**");
  }

  private static String millis(double nanos) {
    double millis = nanos / 1e6;
    return String.format(Locale.ROOT, millis < 10 ? "%.3f" : "%.1f", millis);
  }

  private static double quantile(List<Double> values, double quantile) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get((int) Math.round(quantile * (sorted.size() - 1)));
  }

  private void bounds(List<Runner.Result> results) {
    List<Runner.Result> bounded = results.stream().filter(each -> each.bound() != null).toList();
    if (bounded.isEmpty()) {
      return;
    }
    line("## Bounds");
    line("");
    line("What bounds a work is a part of it that was measured alone, in the same process: the");
    line("native LZ4 library, called directly on the same pages; reading the file from the page");
    line(
        "cache in pieces; writing and forcing it. The share says how much of the work that part is;");
    line(
        "what is missing to 100 % can still be won. On a busy machine a share can exceed 100 %, as");
    line("the two are not measured in turn.");
    line("");
    line("| work | threads | bound | alone ms | work ms | share |");
    line("| --- | --- | --- | ---: | ---: | ---: |");
    for (Runner.Result result : bounded) {
      double alone = result.bound().median();
      double java = result.java().median();
      line(
          "| %s | %d | %s | %s | %s | %.0f %% |",
          result.task().name(),
          result.threads(),
          result.task().bound().get(0),
          millis(alone),
          millis(java),
          100 * alone / java);
    }
    line("");
  }

  private void memory(List<Runner.Result> results) {
    if (results.isEmpty()) {
      return;
    }
    line("## Memory");
    line("");
    line(
        "Peak is the highest resident memory of the process in all rounds, its input included where");
    line("that is in memory. Allocated is what one run allocates, and per page. The first run is");
    line(
        "the first of its kind in a JVM that has done the works above it; it is not in the medians.");
    line("");
    line(
        "| work | threads | Go peak MiB | Java peak MiB | Go allocated | Java allocated "
            + "| Go B/page | Java B/page | Java first ms | warm-ups |");
    line("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    for (Runner.Result result : results) {
      double pages = result.task().pages();
      line(
          "| %s | %d | %.0f | %.0f | %s | %s | %.1f | %.1f | %s | %d |",
          result.task().name(),
          result.threads(),
          result.go().peakKilobytes / 1024.0,
          result.java().peakKilobytes / 1024.0,
          size(result.go().allocated),
          size(result.java().allocated),
          result.go().allocated / pages,
          result.java().allocated / pages,
          millis(result.coldNanos()),
          result.warmUps());
    }
    line("");
  }

  private static String size(long bytes) {
    if (bytes < 10_240) {
      return bytes + " B";
    }
    return bytes < 10 * MIB
        ? String.format(Locale.ROOT, "%.0f KiB", bytes / 1024.0)
        : String.format(Locale.ROOT, "%.0f MiB", bytes / MIB);
  }

  private void sizes(List<Runner.Result> results) {
    Map<String, Runner.Result> written = new LinkedHashMap<>();
    for (Runner.Result result : results) {
      if (result.task().work().equals("encode") || result.task().work().equals("merge")) {
        written.putIfAbsent(result.task().name(), result);
      }
    }
    if (written.isEmpty()) {
      return;
    }
    line("## Sizes");
    line("");
    line("| file | Go bytes | Java bytes | Java is | at most 5 %% larger |".replace("%%", "%"));
    line("| --- | ---: | ---: | ---: | --- |");
    for (Runner.Result result : written.values()) {
      double ratio = (double) result.java().size / result.go().size;
      line(
          "| %s | %d | %d | %+.2f %% | %s |",
          result.task().name(),
          result.go().size,
          result.java().size,
          100 * (ratio - 1),
          ratio <= MAX_SIZE_RATIO ? "yes" : "**no**");
    }
    line("");
  }

  private void commands(List<Commands.Result> results) {
    if (results.isEmpty()) {
      return;
    }
    line("## Whole commands");
    line("");
    line(
        "From start to exit, launcher included, on files in memory. Beside `merge` stands a small Go");
    line(
        "program, as Go's `ltx` has no such command. `start-up` is `bin/ltx-dump` on a file of four");
    line(
        "pages beside an empty Java program with the same flags; there the ratio is ltx-dump's time");
    line("in times of the empty one.");
    line("");
    line(
        "| command | Go ms | Java ms | ratio | by round | bar | Go CPU ms | Java CPU ms "
            + "| Go peak MiB | Java peak MiB |");
    line("| --- | ---: | ---: | ---: | ---: | --- | ---: | ---: | ---: | ---: |");
    for (Commands.Result result : results) {
      command(result);
    }
    line("");
  }

  private void command(Commands.Result result) {
    if (result.failure() != null) {
      line("| %s | – | – | – | – | not measured: %s | | | | |", result.name(), firstLine(result));
      return;
    }
    boolean startUp = result.name().equals("command start-up");
    double ratio = result.go().median() / result.java().median();
    double shown = startUp ? 1 / ratio : ratio;
    double byRound = Sample.median(result.go().ratios(result.java()));
    String bar =
        startUp
            ? String.format(
                Locale.ROOT,
                "≤ %.1f %s",
                result.bar(),
                shown <= result.bar() ? "met" : "**missed**")
            : bar(result.bar(), ratio);
    line(
        "| %s | %s | %s | **%.2f** | %.2f | %s | %s | %s | %.0f | %.0f |",
        result.name(),
        millis(result.go().median()),
        millis(result.java().median()),
        shown,
        startUp ? 1 / byRound : byRound,
        bar,
        millis(result.go().cpuMedian()),
        millis(result.java().cpuMedian()),
        result.go().peakKilobytes / 1024.0,
        result.java().peakKilobytes / 1024.0);
  }

  private static String firstLine(Commands.Result result) {
    String first = result.failure().lines().findFirst().orElse("");
    String cut = first.length() > 120 ? first.substring(0, 120) + "..." : first;
    return cut.replace('|', '/');
  }
}

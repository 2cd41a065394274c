package io.github.ltxjava.benchmarks.sidebyside;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The times of one side, in nanoseconds for doing the work once, and what else it said. */
final class Sample {
  private final List<Double> nanos = new ArrayList<>();
  private final List<Double> cpuNanos = new ArrayList<>();
  long allocated;
  String result = "";
  long size;
  long peakKilobytes;

  void add(double value, double cpu) {
    nanos.add(value);
    cpuNanos.add(cpu);
  }

  double cpuMedian() {
    return median(cpuNanos);
  }

  int count() {
    return nanos.size();
  }

  double get(int round) {
    return nanos.get(round);
  }

  double median() {
    return median(nanos);
  }

  static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /** Returns how often this side needs the other side's time, round by round. */
  List<Double> ratios(Sample other) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < count(); i++) {
      ratios.add(nanos.get(i) / other.get(i));
    }
    return ratios;
  }
}

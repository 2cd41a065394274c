package io.github.ltxjava.benchmarks.sidebyside;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Does a task with both sides in turn: Go, Java, Go, Java, and so on. */
final class Runner {

  private static final double NANOS = 1e9;
  private static final double MIN_SAMPLE_SECONDS = 0.2;
  private static final int MAX_THREADS = 2;

  private final Settings settings;
  private final Child go;
  private final Child java;

  Runner(Settings settings, Child go, Child java) {
    this.settings = settings;
    this.go = go;
    this.java = java;
  }

  /**
   * What came of a task with one number of threads.
   *
   * @param coldNanos the first run of the Java side in its process, for the first task of its kind
   * @param warmUps how many runs preceded the rounds
   * @param bound the times of the bound; null if there is none
   */
  record Result(
      Task task, int threads, Sample go, Sample java, double coldNanos, int warmUps, Sample bound) {

    List<Double> ratios() {
      return go.ratios(java);
    }

    double ratioOfMedians() {
      return go.median() / java.median();
    }

    double bar() {
      return task.bars()[threads - 1];
    }
  }

  List<Result> run(Task task) throws IOException {
    go.ask(List.of("forget"));
    java.ask(List.of("forget"));
    Side goOne = new Side(go, task, 1);
    goOne.warmUp(0);
    Side goTwo = new Side(go, task, MAX_THREADS);
    boolean hasGoTwo = task.goTwoThreads() && goTwo.warmUp(0);
    Side[] ours = new Side[MAX_THREADS];
    for (int i = 0; i < MAX_THREADS; i++) {
      Side side = new Side(java, task, i + 1);
      if (side.warmUp(settings.warmUpSeconds)) {
        ours[i] = side;
      }
    }
    for (int round = 0; round < settings.rounds; round++) {
      goOne.sample();
      for (int i = 0; i < MAX_THREADS; i++) {
        if (i == 1 && hasGoTwo) {
          goTwo.sample();
        }
        if (ours[i] != null) {
          ours[i].sample();
        }
      }
    }
    goOne.sample.peakKilobytes = Long.parseLong(go.ask(List.of("peak"))[0]);
    long peak = Long.parseLong(java.ask(List.of("peak"))[0]);
    List<Result> results = new ArrayList<>();
    for (int i = 0; i < MAX_THREADS; i++) {
      Side our = ours[i];
      if (our != null) {
        our.sample.peakKilobytes = peak;
        Sample theirs = i == 1 && hasGoTwo ? goTwo.sample : goOne.sample;
        theirs.peakKilobytes = goOne.sample.peakKilobytes;
        requireSame(task, theirs, our.sample);
        Sample bound = bound(task, i + 1);
        results.add(new Result(task, i + 1, theirs, our.sample, our.coldNanos, our.warmUps, bound));
      }
    }
    return results;
  }

  private static void requireSame(Task task, Sample theirs, Sample ours) throws IOException {
    if (!theirs.result.equals(ours.result)) {
      throw new IOException(
          task.name() + ": Go gives " + theirs.result + ", but Java " + ours.result);
    }
  }

  /** Measures, by the Java side, what bounds the task. */
  private Sample bound(Task task, int threads) throws IOException {
    if (task.bound().isEmpty()) {
      return null;
    }
    Task alone =
        new Task(
            task.name(),
            "bound",
            task.bound(),
            task.bytes(),
            task.pages(),
            false,
            task.bars(),
            List.of());
    boolean oneOnly = task.bound().get(0).equals("file-write");
    Side side = new Side(java, alone, oneOnly ? 1 : threads);
    side.warmUp(settings.warmUpSeconds / 4);
    for (int round = 0; round < settings.rounds; round++) {
      side.sample();
    }
    return side.sample;
  }

  /** One side with a number of threads. */
  private static final class Side {
    private final Child child;
    private final Task task;
    private final int threads;
    final Sample sample = new Sample();
    double coldNanos;
    int warmUps;
    private int repetitions = 1;

    Side(Child child, Task task, int threads) {
      this.child = child;
      this.task = task;
      this.threads = threads;
    }

    /** Runs until so much processor time has been used; false if this side does not do the work. */
    boolean warmUp(double seconds) throws IOException {
      double spent = 0;
      double last = 0;
      double longest = Math.max(seconds, 1e-9);
      for (int batch = 1; spent < longest || warmUps < 2; batch = Math.min(batch * 2, 512)) {
        String[] answer = ask(batch);
        if (answer == null) {
          return false;
        }
        double nanos = Double.parseDouble(answer[0]);
        if (warmUps == 0) {
          coldNanos = nanos;
        }
        warmUps += batch;
        last = nanos / batch;
        // By processor time: on a busy machine that of the clock says nothing about compilation.
        spent += Double.parseDouble(answer[1]) / NANOS;
        if (last / NANOS * batch > 0.5) {
          batch = Math.max(1, batch / 2);
        }
      }
      repetitions = (int) Math.max(1, Math.min(2000, Math.ceil(MIN_SAMPLE_SECONDS * NANOS / last)));
      return true;
    }

    void sample() throws IOException {
      String[] answer = ask(repetitions);
      sample.add(
          Double.parseDouble(answer[0]) / repetitions, Double.parseDouble(answer[1]) / repetitions);
      sample.allocated = Long.parseLong(answer[2]);
      sample.result = answer[3];
      sample.size = Long.parseLong(answer[4]);
    }

    private String[] ask(int count) throws IOException {
      List<String> request = new ArrayList<>();
      request.add(task.work());
      request.add(Integer.toString(threads));
      request.add(Integer.toString(count));
      request.addAll(task.arguments());
      return child.ask(request);
    }
  }
}

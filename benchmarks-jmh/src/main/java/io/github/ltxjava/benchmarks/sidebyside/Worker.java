package io.github.ltxjava.benchmarks.sidebyside;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The Java twin of {@code side-by-side/main.go}: runs works, one line each, and speaks the same
 * protocol.
 */
final class Worker {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private Worker() {}

  public static void main(String[] args) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (Works works = new Works()) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        out.println(answer(works, line.split("\t", -1)));
      }
    }
  }

  private static String answer(Works works, String[] fields) {
    try {
      return switch (fields[0]) {
        case "forget" -> forget(works);
        case "peak" -> "ok\t" + peak();
        case "version" -> "ok\t" + Runtime.version();
        default -> run(works, fields);
      };
    } catch (Exception | OutOfMemoryError e) {
      return "error\t" + e.toString().replace('\n', ' ');
    }
  }

  private static String forget(Works works) throws IOException {
    works.forget();
    System.gc();
    Path references = Path.of("/proc/self/clear_refs");
    if (Files.exists(references)) {
      Files.writeString(references, "5");
    }
    return "ok";
  }

  /** Returns the highest resident memory in kilobytes since the last "forget". */
  private static String peak() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) {
        return line.substring("VmHWM:".length()).replace("kB", "").strip();
      }
    }
    throw new IOException("no VmHWM in /proc/self/status");
  }

  private static String run(Works works, String[] fields) throws Exception {
    int threads = Integer.parseInt(fields[1]);
    int repetitions = Integer.parseInt(fields[2]);
    List<String> arguments = Arrays.asList(fields).subList(3, fields.length);
    Works.Prepared work = works.prepare(fields[0], threads, arguments);
    if (work == null) {
      return "none";
    }
    long allocatedBefore = allocated();
    long cpuBefore = SYSTEM.getProcessCpuTime();
    long start = System.nanoTime();
    Works.Outcome last = null;
    for (int i = 0; i < repetitions; i++) {
      last = work.run();
    }
    long nanos = System.nanoTime() - start;
    long cpu = SYSTEM.getProcessCpuTime() - cpuBefore;
    long allocated = (allocated() - allocatedBefore) / repetitions;
    String result = last == null ? "" : last.result().get();
    long size = last == null ? 0 : last.size();
    return "ok\t" + nanos + "\t" + cpu + "\t" + allocated + "\t" + result + "\t" + size;
  }

  /** Returns what all threads have allocated; those of the pool live on, so none is missed. */
  private static long allocated() {
    long sum = 0;
    for (long bytes : THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())) {
      sum += Math.max(0, bytes);
    }
    return sum;
  }
}

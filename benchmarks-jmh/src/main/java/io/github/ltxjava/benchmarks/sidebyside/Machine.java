package io.github.ltxjava.benchmarks.sidebyside;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What the figures depend on. */
final class Machine {
  private Machine() {}

  static String describe() throws IOException {
    return Runtime.getRuntime().availableProcessors()
        + " processors, "
        + field("/proc/cpuinfo", "model name")
        + ", L3 "
        + first("/sys/devices/system/cpu/cpu0/cache/index3/size")
        + ", memory "
        + field("/proc/meminfo", "MemTotal")
        + ", "
        + System.getProperty("os.name")
        + " "
        + System.getProperty("os.version")
        + " "
        + System.getProperty("os.arch");
  }

  /** Returns how many processes were waiting for a processor in the last minute. */
  static String load() throws IOException {
    return first("/proc/loadavg").split(" ", 2)[0];
  }

  private static String field(String file, String name) throws IOException {
    Path path = Path.of(file);
    if (!Files.exists(path)) {
      return "unknown";
    }
    try (Stream<String> lines = Files.lines(path)) {
      return lines
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    }
  }

  private static String first(String file) throws IOException {
    Path path = Path.of(file);
    return Files.exists(path) ? Files.readString(path).strip() : "unknown";
  }
}

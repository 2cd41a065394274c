package io.github.ltxjava.benchmarks.replicate;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process that is measured, by what Linux tells about it. */
final class Child implements Closeable {

  private final Process process;

  private Child(Process process) {
    this.process = process;
  }

  static Child java(Class<?> main, List<String> arguments, String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    return program(command);
  }

  static Child program(List<String> command) throws IOException {
    return new Child(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start());
  }

  /** Reads a line of output. */
  String readLine() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = process.getInputStream().read(); c >= 0 && c != '\n'; ) {
      line.append((char) c);
      c = process.getInputStream().read();
    }
    return line.toString();
  }

  /** Reads and forgets the output, so that the process does not wait for it to be read. */
  void drain() {
    Thread thread =
        new Thread(
            () -> {
              try {
                process.getInputStream().readAllBytes();
              } catch (IOException e) {
                // Closed, because the process was ended.
                return;
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  /** Returns the CPU time in seconds. */
  double cpuSeconds() {
    return process.toHandle().info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
  }

  /** Returns how many megabytes it has written. */
  double megabytesWritten() throws IOException {
    return number("io", "wchar:") / 1e6;
  }

  /** Returns how many megabytes of memory it has. */
  double megabytesResident() throws IOException {
    return number("status", "VmRSS:") / 1e3;
  }

  private double number(String file, String field) throws IOException {
    Path path = Path.of("/proc", Long.toString(process.pid()), file);
    for (String line : Files.readAllLines(path, StandardCharsets.UTF_8)) {
      if (line.startsWith(field)) {
        return Double.parseDouble(line.substring(field.length()).strip().split(" ")[0]);
      }
    }
    throw new IOException(path + " has no " + field);
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(1, TimeUnit.MINUTES)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

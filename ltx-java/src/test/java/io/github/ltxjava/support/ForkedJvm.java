package io.github.ltxjava.support;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Runs a main class in a JVM of its own, for what can be decided only once per JVM. */
public final class ForkedJvm {

  /** What came out of it. */
  public record Result(int exitCode, String output) {}

  private final List<String> options = new ArrayList<>();
  private Predicate<String> classPath = entry -> true;

  public ForkedJvm option(String option) {
    options.add(option);
    return this;
  }

  /** Leaves out the entries of the class path that name this. */
  public ForkedJvm without(String artifact) {
    classPath = entry -> !Path.of(entry).getFileName().toString().startsWith(artifact);
    return this;
  }

  /** Runs the main class; its output and errors come back together. */
  public Result run(Class<?> main, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("-cp");
    command.add(
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(classPath)
            .collect(Collectors.joining(File.pathSeparator)));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("the forked JVM does not end; so far it said: " + output);
    }
    return new Result(process.exitValue(), output);
  }
}

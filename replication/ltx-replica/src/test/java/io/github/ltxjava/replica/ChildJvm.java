package io.github.ltxjava.replica;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A class of ours with a {@code main} in a process of its own, until its input ends. */
final class ChildJvm implements Closeable {

  private final Process process;
  private final BufferedReader output;

  private ChildJvm(Process process) {
    this.process = process;
    this.output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Starts the process and waits for its first line. */
  static ChildJvm start(Class<?> main, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    ChildJvm child = new ChildJvm(builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
    child.readLine();
    return child;
  }

  /** Returns the next line, or null if there is none any more. */
  String readLine() throws IOException {
    return output.readLine();
  }

  /** Ends the process as {@code kill -9} does, and returns its last line. */
  String kill() throws IOException, InterruptedException {
    // Not by the process itself, which would close the stream with what is still in it.
    process.toHandle().destroyForcibly();
    return rest();
  }

  private String rest() throws IOException, InterruptedException {
    String last = "";
    for (String line = readLine(); line != null; line = readLine()) {
      last = line;
    }
    process.waitFor();
    return last;
  }

  /** Ends its input, and returns its last line. */
  String stop() throws IOException, InterruptedException {
    process.getOutputStream().close();
    return rest();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}

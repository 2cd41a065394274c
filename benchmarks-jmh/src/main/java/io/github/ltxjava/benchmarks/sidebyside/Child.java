package io.github.ltxjava.benchmarks.sidebyside;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** A process that answers lines. */
final class Child implements Closeable {

  private final Process process;
  private final Writer to;
  private final BufferedReader from;

  private Child(Process process) {
    this.process = process;
    this.to = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
    this.from =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  static Child start(List<String> command, Path javaHome) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    // The launchers in bin/ start this one.
    builder.environment().put("JAVA_HOME", javaHome.toString());
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    return new Child(builder.start());
  }

  /**
   * Asks.
   *
   * @return the fields behind "ok", or null if the child cannot do it
   * @throws IOException if the child answers "error" or is gone
   */
  String[] ask(List<String> request) throws IOException {
    to.write(String.join("\t", request) + "\n");
    to.flush();
    String line = from.readLine();
    if (line == null) {
      throw new IOException("the child is gone; it was asked " + request);
    }
    String[] fields = line.split("\t", -1);
    if (fields[0].equals("none")) {
      return null;
    }
    if (!fields[0].equals("ok")) {
      throw new IOException(line.substring(line.indexOf('\t') + 1));
    }
    return Arrays.copyOfRange(fields, 1, fields.length);
  }

  @Override
  public void close() throws IOException {
    try {
      to.close();
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroy();
    }
  }
}

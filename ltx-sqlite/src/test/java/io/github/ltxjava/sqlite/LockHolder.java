package io.github.ltxjava.sqlite;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;

/** A process of its own that runs statements on a database and keeps it open until told to end. */
final class LockHolder implements Closeable {

  private final Process process;

  private LockHolder(Process process) {
    this.process = process;
  }

  static LockHolder start(Path database, String... statements) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-cp",
            System.getProperty("java.class.path"),
            LockHolder.class.getName(),
            database.toString(),
            String.join(";", statements));
    Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String first = output.readLine();
    if (!"locked".equals(first)) {
      throw new IOException("the holder said: " + first);
    }
    return new LockHolder(process);
  }

  void stop() throws IOException, InterruptedException {
    process.getOutputStream().close();
    process.waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  public static void main(String[] args) throws Exception {
    try (Connection connection = Databases.connect(Path.of(args[0]))) {
      Databases.run(connection, args[1].split(";"));
      System.out.println("locked");
      if (System.in.read() >= 0) {
        throw new IllegalStateException("nothing is expected but the end of the input");
      }
    }
  }
}

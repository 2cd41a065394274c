package io.github.ltxjava.replica;

import static io.github.ltxjava.replica.Databases.content;
import static io.github.ltxjava.replica.Databases.contentOf;
import static io.github.ltxjava.replica.Databases.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ltxjava.Txid;
import io.github.ltxjava.WriteOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CaptureTest {

  private static final CaptureOptions SMALL =
      new CaptureOptions(
          WriteOptions.DEFAULT,
          WriteOptions.DEFAULT,
          40,
          1 << 20,
          256 << 10,
          InstantSource.system());

  @TempDir Path temporary;
  private Path folder;
  private Path database;
  private LocalFolder local;
  private Capture capture;
  private final List<String> losses = new ArrayList<>();

  @BeforeEach
  void name() throws IOException {
    folder = temporary.toRealPath();
    database = folder.resolve("app.db");
  }

  private void open(int pageSize) throws IOException, SQLException {
    if (!Files.exists(database)) {
      Databases.create(database, pageSize).close();
    }
    local = LocalFolder.open(LocalFolder.of(database));
    capture =
        Capture.open(
            database,
            local,
            LocalFolder.of(database),
            SMALL,
            (txid, reason) -> losses.add(txid + " " + reason));
  }

  @AfterEach
  void close() throws IOException {
    if (capture != null) {
      capture.close();
      local.close();
    }
  }

  private Image beginning() throws IOException {
    assertThat(capture.begin(Optional.empty())).isTrue();
    try (Capture.Pin pin = capture.pin()) {
      return new Image(pin.state());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 1024, 4096, 65536})
  void everyCommitIsCapturedWhateverOthersDo(int pageSize) throws IOException, SQLException {
    for (int seed = 0; seed < 3; seed++) {
      Random random = new Random(seed);
      open(pageSize);
      try (Connection writer = Databases.connect(database);
          Connection other = Databases.connect(database)) {
        run(writer, "PRAGMA wal_autocheckpoint=" + random.nextInt(60), "PRAGMA synchronous=OFF");
        Image image = beginning();
        Txid applied = capture.txid().orElseThrow();
        for (int i = 0; i < 60; i++) {
          step(random, writer, other);
          if (random.nextInt(3) > 0) {
            capture.captureAll();
          }
          if (random.nextInt(4) == 0) {
            capture.checkpoint(random.nextBoolean());
          }
          if (random.nextInt(5) == 0) {
            capture.captureAll();
            Txid now = capture.txid().orElseThrow();
            image.apply(local, applied, now);
            applied = now;
            assertThat(contentOf(image.writeTo(folder.resolve("copy.db"))))
                .isEqualTo(content(writer));
          }
        }
        assertThat(losses).isEmpty();
      }
      close();
      Files.delete(database);
      try (Stream<Path> captured = Files.walk(LocalFolder.of(database))) {
        for (Path file : captured.filter(Files::isRegularFile).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private void step(Random random, Connection writer, Connection other) throws SQLException {
    switch (random.nextInt(10)) {
      case 0 -> tryRun(other, "PRAGMA wal_checkpoint(PASSIVE)");
      case 1 -> tryRun(other, "PRAGMA wal_checkpoint(TRUNCATE)");
      case 2 -> tryRun(other, "PRAGMA wal_checkpoint(RESTART)");
      case 3 -> tryRun(other, "PRAGMA busy_timeout=0", "PRAGMA journal_mode=DELETE");
      case 4 -> {
        // Closed as the last of the application's.
        try (Connection third = Databases.connect(database)) {
          run(third, "PRAGMA user_version=" + random.nextInt(1000));
        }
      }
      case 5 -> run(writer, "VACUUM");
      default -> run(writer, Databases.randomTransaction(random));
    }
  }

  /** What the guard does not allow ends with "database is locked". */
  private static boolean tryRun(Connection connection, String... statements) {
    try {
      run(connection, "PRAGMA busy_timeout=0");
      run(connection, statements);
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  @Test
  void goesOnAfterACleanStopWithoutASnapshot() throws IOException, SQLException {
    open(4096);
    Image image = beginning();
    try (Connection writer = Databases.connect(database)) {
      run(writer, "INSERT INTO t(k, v) VALUES (1, zeroblob(10000))");
    }
    capture.closeCleanly();
    local.close();
    assertThat(folder.resolve("app.db-wal")).doesNotExist();
    try (Connection writer = Databases.connect(database)) {
      run(writer, "INSERT INTO t(k, v) VALUES (2, zeroblob(10000))");
      open(4096);
      assertThat(capture.begin(Optional.empty())).isTrue();
      capture.captureAll();
      image.apply(local, Txid.of(2), capture.txid().orElseThrow());
      assertThat(contentOf(image.writeTo(folder.resolve("copy.db")))).isEqualTo(content(writer));
    }
    assertThat(losses).isEmpty();
    assertThat(capture.txid()).contains(Txid.of(4));
  }

  @Test
  void goesOnAfterACrashIfTheWalIsStillThere() throws IOException, SQLException {
    open(4096);
    Image image = beginning();
    try (Connection writer = Databases.connect(database)) {
      run(writer, "INSERT INTO t(k, v) VALUES (1, zeroblob(10000))");
      capture.captureAll();
      run(writer, "INSERT INTO t(k, v) VALUES (3, zeroblob(10000))");
      capture.close();
      local.close();
      run(writer, "INSERT INTO t(k, v) VALUES (2, zeroblob(10000))");
      open(4096);
      assertThat(capture.begin(Optional.empty())).isTrue();
      capture.captureAll();
      image.apply(local, Txid.of(2), capture.txid().orElseThrow());
      assertThat(contentOf(image.writeTo(folder.resolve("copy.db")))).isEqualTo(content(writer));
    }
    assertThat(losses).isEmpty();
  }

  @Test
  void writesAllPagesIfTheWalWasStartedOverWhileNobodyLooked() throws IOException, SQLException {
    open(4096);
    Image image = beginning();
    try (Connection writer = Databases.connect(database)) {
      run(writer, "INSERT INTO t(k, v) VALUES (1, zeroblob(10000))");
      capture.captureAll();
      capture.close();
      local.close();
      run(
          writer,
          "INSERT INTO t(k, v) VALUES (2, zeroblob(10000))",
          "PRAGMA wal_checkpoint(TRUNCATE)",
          "INSERT INTO t(k, v) VALUES (3, zeroblob(10000))");
      open(4096);
      assertThat(capture.begin(Optional.empty())).isTrue();
      image.apply(local, Txid.of(2), capture.txid().orElseThrow());
      assertThat(contentOf(image.writeTo(folder.resolve("copy.db")))).isEqualTo(content(writer));
    }
    assertThat(losses).containsExactly("0000000000000004 the WAL has been started over");
  }
}

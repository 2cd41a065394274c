package io.github.ltxjava.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ltxjava.Txid;
import io.github.ltxjava.compaction.restore.RestorePlanner;
import io.github.ltxjava.compaction.restore.RestoreTarget;
import io.github.ltxjava.compaction.restore.Restorer;
import io.github.ltxjava.store.DirectoryStore;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KillTest {

  private static final int KILLS = Integer.getInteger("ltx.kills", 4);

  @TempDir Path temporary;

  @Test
  void killingTheReplicatorLosesNothingThatItAcknowledged() throws Exception {
    Path folder = temporary.toRealPath();
    Path database = folder.resolve("app.db");
    Path backup = folder.resolve("backup");
    Databases.create(database, 4096).close();
    AtomicBoolean stopped = new AtomicBoolean();
    Random random = new Random(5);
    try (Connection writer = Databases.connect(database)) {
      Databases.run(writer, "PRAGMA synchronous=OFF", Databases.ROWS);
      Thread thread = new Thread(() -> write(writer, stopped));
      thread.start();
      try {
        for (int i = 0; i < KILLS; i++) {
          String acknowledged;
          try (ChildJvm child =
              ChildJvm.start(ReplicatorProcess.class, database.toString(), backup.toString())) {
            int lines = 1 + random.nextInt(30);
            for (int line = 0; line < lines; line++) {
              assertThat(child.readLine()).isNotNull();
            }
            acknowledged = child.kill();
          }
          if (acknowledged.matches("[0-9a-f]{16} \\d+\\|")) {
            requireAcknowledged(backup, folder.resolve("restored.db"), acknowledged);
          }
        }
      } finally {
        stopped.set(true);
        thread.join();
      }
      try (DirectoryStore store = DirectoryStore.open(backup);
          Replica replica = Replica.of(database).store("backup", store).start()) {
        replica.sync(Duration.ofSeconds(20));
        assertThat(restored(store, folder.resolve("restored.db"), RestoreTarget.latest()))
            .isEqualTo(Databases.content(writer));
        List<Txid> all = RestorePlanner.availableTxids(store.listAll());
        for (int i = 0; i < 10; i++) {
          Txid any = all.get(random.nextInt(all.size()));
          restored(store, folder.resolve("restored.db"), RestoreTarget.at(any));
        }
      }
    }
  }

  private static void write(Connection writer, AtomicBoolean stopped) {
    try {
      while (!stopped.get()) {
        // The sum only grows, so that a state tells how much of it is acknowledged.
        Databases.run(
            writer, "UPDATE t SET k = k + 1, v = randomblob(50) WHERE id = abs(random() % 500)");
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static String restored(DirectoryStore store, Path copy, RestoreTarget target)
      throws Exception {
    Restorer.from(store).target(target).overwrite().restoreTo(copy);
    return Databases.contentOf(copy);
  }

  /** What was committed before a transaction was acknowledged is in it. */
  private static void requireAcknowledged(Path backup, Path copy, String acknowledged)
      throws Exception {
    String[] fields = acknowledged.split("[ |]");
    try (DirectoryStore store = DirectoryStore.open(backup)) {
      Restorer.from(store)
          .target(RestoreTarget.at(Txid.parse(fields[0])))
          .overwrite()
          .restoreTo(copy);
      try (Connection connection = Databases.connect(copy)) {
        String counts = Databases.query(connection, "SELECT sum(k) FROM t");
        String[] restored = counts.strip().split("\\|");
        assertThat(Long.parseLong(restored[0])).isGreaterThanOrEqualTo(Long.parseLong(fields[1]));
        assertThat(Databases.query(connection, "PRAGMA integrity_check")).isEqualTo("ok|\n");
      }
    }
  }
}

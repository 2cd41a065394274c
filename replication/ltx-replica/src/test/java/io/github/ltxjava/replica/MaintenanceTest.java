package io.github.ltxjava.replica;

import static io.github.ltxjava.replica.Databases.content;
import static io.github.ltxjava.replica.Databases.contentOf;
import static io.github.ltxjava.replica.Databases.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ltxjava.Txid;
import io.github.ltxjava.compaction.policy.LevelCheck;
import io.github.ltxjava.compaction.restore.RestorePlanner;
import io.github.ltxjava.compaction.restore.RestoreTarget;
import io.github.ltxjava.compaction.restore.Restorer;
import io.github.ltxjava.store.DirectoryStore;
import io.github.ltxjava.store.LtxFileInfo;
import io.github.ltxjava.store.LtxStore;
import io.github.ltxjava.store.MemoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaintenanceTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final int BASE_BYTES = 600_000;

  @TempDir Path temporary;
  private Path folder;
  private Path database;
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private final InstantSource clock = now::get;

  @BeforeEach
  void create() throws IOException, SQLException {
    folder = temporary.toRealPath();
    database = folder.resolve("app.db");
    try (Connection writer = Databases.create(database, 4096)) {
      run(writer, "INSERT INTO t(k, v) VALUES (1, randomblob(" + BASE_BYTES + "))");
    }
  }

  private Replica start(LtxStore store) throws IOException {
    return Replica.of(database)
        .store("backup", store)
        .options(ReplicaOptions.DEFAULT.withClock(clock))
        .start();
  }

  private void pass(Duration time) {
    now.updateAndGet(before -> before.plus(time));
  }

  private String restored(LtxStore store, RestoreTarget target) throws IOException, SQLException {
    Path copy = folder.resolve("restored.db");
    Restorer.from(store).target(target).overwrite().restoreTo(copy);
    return contentOf(copy);
  }

  @Test
  void twoDaysOfMergingKeepWhatTheyPromise() throws Exception {
    MemoryStore store = new MemoryStore();
    Random random = new Random(4);
    Map<Txid, Integer> states = new HashMap<>();
    try (Connection writer = Databases.connect(database);
        Replica replica = start(store)) {
      run(writer, "PRAGMA synchronous=OFF");
      for (int i = 0; i < 400; i++) {
        pass(Duration.ofSeconds(random.nextInt(10) == 0 ? 3600 : 10 + random.nextInt(60)));
        run(
            writer,
            "UPDATE t SET k = k + 1 WHERE id = 3",
            "INSERT INTO t(k, v) VALUES (1, randomblob(500))");
        Txid txid = replica.sync(LONG);
        states.put(txid, content(writer).hashCode());
        replica.maintain(clock.instant());
      }
      List<LtxFileInfo> files = store.listAll();
      for (int level = 0; level <= 3; level++) {
        int number = level;
        assertThat(LevelCheck.check(files, level)).isEmpty();
        List<LtxFileInfo> ofLevel = files.stream().filter(file -> file.level() == number).toList();
        assertThat(ofLevel).isNotEmpty();
        // The base is in the snapshots alone.
        assertThat(ofLevel).allMatch(file -> file.size() < BASE_BYTES / 2);
      }
      assertThat(files.stream().filter(file -> file.level() == 0).count()).isLessThan(30);
      assertThat(files.stream().filter(file -> file.level() == 9).count()).isBetween(2L, 4L);
      long lists = replica.status().stores().get(0).requests().lists();
      assertThat(lists).isLessThan(10 * 12);
      List<Txid> restorable = RestorePlanner.availableTxids(files);
      for (int i = 0; i < 30; i++) {
        Txid txid = restorable.get(random.nextInt(restorable.size()));
        Integer expected = states.get(txid);
        if (expected != null) {
          assertThat(restored(store, RestoreTarget.at(txid)).hashCode()).isEqualTo(expected);
        }
      }
      assertThat(restored(store, RestoreTarget.latest())).isEqualTo(content(writer));
      // Of what was captured, no more is kept here than in the store.
      try (var local = Files.list(LocalFolder.of(database).resolve("ltx/0"))) {
        assertThat(local.count()).isLessThan(30);
      }
    }
  }

  @Test
  void allPagesInLevel0AreNotMergedThroughTheLevels() throws Exception {
    LtxStore store = DirectoryStore.open(folder.resolve("backup"));
    try (Connection writer = Databases.connect(database)) {
      for (int round = 0; round < 2; round++) {
        try (Replica replica = start(store)) {
          for (int i = 0; i < 5; i++) {
            pass(Duration.ofSeconds(70));
            run(writer, "INSERT INTO t(k, v) VALUES (1, randomblob(500))");
            replica.sync(LONG);
            replica.maintain(clock.instant());
          }
        }
        // The next one cannot know what it has missed.
        run(writer, "DELETE FROM t WHERE k = 7", "PRAGMA wal_checkpoint(TRUNCATE)");
        for (Path file : List.of(LocalFolder.of(database).resolve("ltx-java.clean"))) {
          Files.deleteIfExists(file);
        }
      }
      List<LtxFileInfo> files = store.listAll();
      assertThat(files.stream().filter(file -> file.level() == 9).count()).isEqualTo(2);
      assertThat(files)
          .filteredOn(file -> file.level() > 0 && file.level() < 9)
          .isNotEmpty()
          .allMatch(file -> file.size() < BASE_BYTES / 2);
      assertThat(restored(store, RestoreTarget.latest())).isEqualTo(content(writer));
    }
  }

  @Test
  void aHoleHealsByASnapshot() throws Exception {
    MemoryStore store = new MemoryStore();
    try (Connection writer = Databases.connect(database);
        Replica replica = start(store)) {
      for (int i = 0; i < 6; i++) {
        run(writer, "INSERT INTO t(k, v) VALUES (1, randomblob(500))");
        replica.sync(LONG);
      }
      LtxFileInfo victim = store.list(0, Txid.FIRST).get(3);
      store.delete(List.of(victim));
      pass(Duration.ofHours(7));
      replica.maintain(clock.instant());
      assertThat(restored(store, RestoreTarget.latest())).isEqualTo(content(writer));
      pass(Duration.ofMinutes(2));
      run(writer, "INSERT INTO t(k, v) VALUES (1, randomblob(500))");
      Txid last = replica.sync(LONG);
      replica.maintain(clock.instant());
      pass(Duration.ofMinutes(2));
      replica.maintain(clock.instant());
      assertThat(store.list(1, Txid.FIRST)).last().matches(file -> file.txids().contains(last));
    }
  }
}

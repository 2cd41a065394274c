package io.github.ltxjava.replica;

import static io.github.ltxjava.replica.Databases.content;
import static io.github.ltxjava.replica.Databases.contentOf;
import static io.github.ltxjava.replica.Databases.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ltxjava.Txid;
import io.github.ltxjava.compaction.restore.RestoreTarget;
import io.github.ltxjava.compaction.restore.Restorer;
import io.github.ltxjava.replica.ReplicaEvent.AllPagesCaptured;
import io.github.ltxjava.replica.ReplicaEvent.Fenced;
import io.github.ltxjava.store.DirectoryStore;
import io.github.ltxjava.store.LtxFileInfo;
import io.github.ltxjava.store.LtxStore;
import io.github.ltxjava.store.MemoryStore;
import io.github.ltxjava.testkit.FaultInjectingStore;
import io.github.ltxjava.testkit.FaultPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicaTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path temporary;
  private Path folder;
  private Path database;
  private final Queue<ReplicaEvent> events = new ConcurrentLinkedQueue<>();

  @BeforeEach
  void create() throws IOException, SQLException {
    folder = temporary.toRealPath();
    database = folder.resolve("app.db");
    Databases.create(database, 4096).close();
  }

  private Replica.Builder replica(LtxStore store) {
    return Replica.of(database).store("backup", store).listener(events::add);
  }

  private String restored(LtxStore store, RestoreTarget target) throws IOException, SQLException {
    Path copy = folder.resolve("restored.db");
    Restorer.from(store).target(target).overwrite().restoreTo(copy);
    return contentOf(copy);
  }

  private <E extends ReplicaEvent> List<E> eventsOf(Class<E> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  @Test
  void everyTransactionCanBeRestored() throws Exception {
    LtxStore store = DirectoryStore.open(folder.resolve("backup"));
    Map<Txid, String> states = new LinkedHashMap<>();
    Random random = new Random(1);
    try (Connection writer = Databases.connect(database);
        Replica replica = replica(store).start()) {
      for (int i = 0; i < 40; i++) {
        run(writer, Databases.randomTransaction(random));
        states.put(replica.sync(LONG), content(writer));
      }
    }
    for (Map.Entry<Txid, String> state : states.entrySet()) {
      assertThat(restored(store, RestoreTarget.at(state.getKey()))).isEqualTo(state.getValue());
    }
    assertThat(eventsOf(AllPagesCaptured.class)).isEmpty();
  }

  @Test
  void whatIsCommittedIsUploadedWithoutBeingAskedFor() throws Exception {
    LtxStore store = new MemoryStore();
    try (Connection writer = Databases.connect(database);
        Replica replica = replica(store).start()) {
      replica.sync(LONG);
      run(writer, "INSERT INTO t(k, v) VALUES (42, 'x')");
      String expected = content(writer);
      long until = System.nanoTime() + LONG.toNanos();
      while (!restored(store, RestoreTarget.latest()).equals(expected)) {
        assertThat(System.nanoTime()).isLessThan(until);
      }
    }
  }

  @Test
  void theFirstSnapshotIsWrittenOnce() throws Exception {
    try (Connection writer = Databases.connect(database)) {
      run(writer, "INSERT INTO t(k, v) VALUES (1, randomblob(1000000))");
    }
    LtxStore store = DirectoryStore.open(folder.resolve("backup"));
    try (Replica replica = replica(store).start()) {
      replica.sync(LONG);
    }
    List<LtxFileInfo> files = store.listAll();
    assertThat(files).extracting(LtxFileInfo::level).containsExactly(0, 9);
    assertThat(files.get(0).size()).isLessThan(10_000);
    assertThat(files.get(1).size()).isGreaterThan(1_000_000);
  }

  @Test
  void severalStoresGetTheSame() throws Exception {
    LtxStore first = new MemoryStore();
    LtxStore second = DirectoryStore.open(folder.resolve("backup"));
    try (Connection writer = Databases.connect(database);
        Replica replica = replica(first).store("second", second).start()) {
      Random random = new Random(2);
      for (int i = 0; i < 10; i++) {
        run(writer, Databases.randomTransaction(random));
        replica.sync(LONG);
      }
      assertThat(restored(first, RestoreTarget.latest())).isEqualTo(content(writer));
      assertThat(restored(second, RestoreTarget.latest())).isEqualTo(content(writer));
    }
  }

  @Test
  void goesOnWhereItStopped() throws Exception {
    LtxStore store = DirectoryStore.open(folder.resolve("backup"));
    Random random = new Random(3);
    try (Connection writer = Databases.connect(database)) {
      run(writer, "PRAGMA wal_autocheckpoint=0");
      for (int round = 0; round < 4; round++) {
        run(writer, Databases.randomTransaction(random));
        try (Replica replica = replica(store).start()) {
          run(writer, Databases.randomTransaction(random));
          replica.sync(LONG);
          run(writer, Databases.randomTransaction(random));
        }
        assertThat(restored(store, RestoreTarget.latest())).isEqualTo(content(writer));
        run(writer, Databases.randomTransaction(random));
      }
    }
    assertThat(eventsOf(AllPagesCaptured.class)).isEmpty();
    assertThat(store.list(9, Txid.FIRST)).hasSize(1);
  }

  @Test
  void goesOnFromTheStoreIfTheLocalFolderIsLost() throws Exception {
    LtxStore store = DirectoryStore.open(folder.resolve("backup"));
    try (Connection writer = Databases.connect(database)) {
      run(writer, "INSERT INTO t(k, v) VALUES (1, randomblob(300000))");
      try (Replica replica = replica(store).start()) {
        replica.sync(LONG);
      }
      delete(LocalFolder.of(database));
      run(writer, "INSERT INTO t(k, v) VALUES (2, randomblob(1000))");
      Txid last;
      try (Replica replica = replica(store).start()) {
        last = replica.sync(LONG);
        assertThat(restored(store, RestoreTarget.latest())).isEqualTo(content(writer));
      }
      assertThat(last).isEqualTo(Txid.of(3));
      assertThat(eventsOf(AllPagesCaptured.class)).hasSize(1);
    }
  }

  @Test
  void fillsAStoreThatHasBeenEmptied() throws Exception {
    Path backup = folder.resolve("backup");
    try (Connection writer = Databases.connect(database)) {
      try (Replica replica = replica(DirectoryStore.open(backup)).start()) {
        run(writer, "INSERT INTO t(k, v) VALUES (1, randomblob(300000))");
        replica.sync(LONG);
      }
      delete(backup);
      LtxStore store = DirectoryStore.open(backup);
      try (Replica replica = replica(store).start()) {
        run(writer, "INSERT INTO t(k, v) VALUES (2, randomblob(1000))");
        replica.sync(LONG);
        assertThat(restored(store, RestoreTarget.latest())).isEqualTo(content(writer));
      }
    }
  }

  private static void delete(Path tree) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void stopsAtAnotherWritersTransactionAndOverwritesNothing() throws Exception {
    Path backup = folder.resolve("backup");
    Path other = folder.resolve("other.db");
    Databases.create(other, 4096).close();
    try (Connection writer = Databases.connect(database);
        Connection otherWriter = Databases.connect(other);
        Replica first = replica(DirectoryStore.open(backup)).start()) {
      first.sync(LONG);
      try (Replica second =
          Replica.of(other)
              .store("backup", DirectoryStore.open(backup))
              .options(ReplicaOptions.DEFAULT.withCloseTimeout(Duration.ofSeconds(1)))
              .start()) {
        // A restored copy goes on where the store ends, so the second one takes over.
        Txid taken = second.sync(LONG);
        run(otherWriter, "INSERT INTO t(k, v) VALUES (2, 'second')");
        run(writer, "INSERT INTO t(k, v) VALUES (1, 'first')");
        assertThatThrownBy(() -> first.sync(LONG))
            .isInstanceOf(FencedException.class)
            .hasMessageContaining(taken.toString())
            .hasMessageContaining("another one writes there");
        second.sync(LONG);
        LtxStore store = DirectoryStore.open(backup);
        assertThat(restored(store, RestoreTarget.latest())).isEqualTo(content(otherWriter));
      }
      assertThat(eventsOf(Fenced.class)).isNotEmpty();
      assertThat(first.status().stores().get(0).state()).isEqualTo(ReplicaStatus.State.FENCED);
    }
  }

  @Test
  void everyRequestToTheStoreMayFailOnce() throws Exception {
    for (int failing = 0; ; failing++) {
      Path copy = folder.resolve("copy-" + failing + ".db");
      Files.copy(database, copy);
      MemoryStore memory = new MemoryStore();
      FaultPlan plan = FaultPlan.failingAt(failing);
      try (Connection writer = Databases.connect(copy);
          Replica replica =
              Replica.of(copy).store("backup", new FaultInjectingStore(memory, plan)).start()) {
        run(writer, "INSERT INTO t(k, v) VALUES (1, randomblob(10000))");
        replica.sync(LONG);
        run(writer, "INSERT INTO t(k, v) VALUES (2, randomblob(10000))");
        replica.sync(LONG);
        assertThat(restored(memory, RestoreTarget.latest())).isEqualTo(content(writer));
      }
      assertThat(plan.allClosed()).isTrue();
      if (plan.failure().isEmpty()) {
        assertThat(failing).isGreaterThan(15);
        return;
      }
    }
  }

  @Test
  void aStoreThatCannotBeReachedIsWaitedFor() throws Exception {
    MemoryStore memory = new MemoryStore();
    FaultPlan plan = FaultPlan.failingAt(0);
    try (Replica replica = replica(new FaultInjectingStore(memory, plan)).start()) {
      assertThat(replica.sync(LONG)).isEqualTo(Txid.of(2));
      assertThat(eventsOf(ReplicaEvent.Retrying.class)).isNotEmpty();
      assertThat(replica.status().stores().get(0).state()).isEqualTo(ReplicaStatus.State.RUNNING);
    }
  }

  @Test
  void tellsHowItIsDoing() throws Exception {
    try (Connection writer = Databases.connect(database);
        Replica replica = replica(new MemoryStore()).start()) {
      run(writer, "INSERT INTO t(k, v) VALUES (1, 'x')");
      Txid txid = replica.sync(LONG);
      ReplicaStatus status = replica.status();
      assertThat(status.state()).isEqualTo(ReplicaStatus.State.RUNNING);
      assertThat(status.txid()).contains(txid);
      ReplicaStatus.StoreStatus store = status.stores().get(0);
      assertThat(store.txid()).contains(txid);
      assertThat(store.lagTransactions()).isZero();
      assertThat(store.lagBytes()).isZero();
      assertThat(store.lag()).isZero();
      assertThat(store.newestSnapshot()).isPresent();
      assertThat(store.levels()).extracting(ReplicaStatus.LevelStatus::level).contains(0, 9);
      assertThat(store.requests().lists()).isEqualTo(10);
      assertThat(store.requests().bytesWritten()).isPositive();
    }
  }

  @Test
  void onlyOneReplicaOfADatabaseRuns() throws Exception {
    try (Replica replica = replica(new MemoryStore()).start()) {
      assertThatThrownBy(() -> replica(new MemoryStore()).start())
          .isInstanceOf(IOException.class)
          .hasMessageContaining("another replica runs on the database");
      replica.sync(LONG);
    }
  }

  @Test
  void aClosedReplicaSaysSo() throws Exception {
    Replica replica = replica(new MemoryStore()).start();
    replica.sync(LONG);
    replica.close();
    replica.close();
    assertThatThrownBy(() -> replica.sync(LONG)).isInstanceOf(IllegalStateException.class);
    assertThat(replica.status().state()).isEqualTo(ReplicaStatus.State.CLOSED);
  }

  @Test
  void aStoreThatIsTooSlowIsATimeout() throws Exception {
    MemoryStore memory = new MemoryStore();
    try (Replica replica = replica(memory).start()) {
      assertThatThrownBy(() -> replica.sync(Duration.ZERO)).isInstanceOf(TimeoutException.class);
      replica.sync(LONG);
    }
  }
}

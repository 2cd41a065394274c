package io.github.ltxjava.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ltxjava.DatabaseChecksum;
import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxReader;
import io.github.ltxjava.Txid;
import io.github.ltxjava.WriteOptions;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.sqlite.DatabaseUnavailableException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqliteSnapshotTest {

  /** Different states that each test of a live database has to see, and tries it may take. */
  private static final int STATES = 8;

  private static final int MAX_SNAPSHOTS = 2000;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {512, 4096, 65536})
  void aQuietDatabaseIsItsFile(int pageSize) throws Exception {
    Path db = folder.resolve("test.db");
    Databases.run(
        db, "pragma page_size = " + pageSize, "create table t (x)", Databases.insert(100, 1000));
    assertThat(Databases.snapshot(db)).isEqualTo(Files.readAllBytes(db));
  }

  @Test
  void anEmptyFileIsADatabaseWithoutPages() throws IOException {
    Path db = Files.createFile(folder.resolve("test.db"));
    Path ltx = folder.resolve("1.ltx");
    try (SqliteSnapshot snapshot = SqliteSnapshot.open(db)) {
      assertThat(snapshot.commit()).isZero();
      SnapshotEncoder.of(snapshot).writeTo(ByteSink.atomic(ltx));
    }
    try (LtxReader reader = LtxReader.open(ByteSource.open(ltx))) {
      assertThat(reader.next()).isFalse();
      assertThat(reader.header().commit()).isZero();
    }
  }

  @Test
  void aSinkIsClosedWhenTheHeaderCannotBeMade() throws IOException {
    Path db = Files.createFile(folder.resolve("test.db"));
    Path ltx = folder.resolve("out").resolve("1.ltx");
    Files.createDirectory(ltx.getParent());
    try (SqliteSnapshot snapshot = SqliteSnapshot.open(db)) {
      SnapshotEncoder encoder = SnapshotEncoder.of(snapshot).timestamp(Instant.MAX);
      ByteSink sink = ByteSink.atomic(ltx);
      assertThatThrownBy(() -> encoder.writeTo(sink)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(ltx.getParent()).isEmptyDirectory();
  }

  @Test
  void aMissingFileIsNotMade() {
    Path db = folder.resolve("missing.db");
    assertThatThrownBy(() -> SqliteSnapshot.open(db)).isInstanceOf(NoSuchFileException.class);
    assertThat(db).doesNotExist();
  }

  @Test
  void aFileThatIsNoDatabaseIsRefused() throws IOException {
    Path db = Files.writeString(folder.resolve("notes.txt"), "milk, bread\n".repeat(500));
    assertThatThrownBy(() -> SqliteSnapshot.open(db))
        .isInstanceOf(SqliteFormatException.class)
        .hasMessageContaining("not a SQLite database");
  }

  @Test
  void aWalThatACrashLeftIsReadAsSqliteRecoversIt() throws Exception {
    Path db = folder.resolve("test.db");
    Path copy;
    try (Connection connection = Databases.connect(db)) {
      Databases.run(
          connection,
          "pragma journal_mode = wal",
          "pragma wal_autocheckpoint = 0",
          "create table t (x)",
          Databases.insert(100, 1000),
          "pragma wal_checkpoint(passive)",
          "update t set x = 'y' where rowid > 90");
      copy = Databases.copyWithWal(db, folder.resolve("crash"));
    }
    byte[] ours = Databases.snapshot(copy);
    assertThat(ours).isNotEqualTo(Files.readAllBytes(copy));
    Databases.run(copy, "pragma wal_checkpoint(truncate)");
    assertThat(Files.readAllBytes(copy)).isEqualTo(ours);
  }

  @Test
  void aWalOfAnotherPageSizeIsRefused() throws Exception {
    Path db = folder.resolve("test.db");
    Path other = folder.resolve("other.db");
    Databases.run(db, "pragma page_size = 1024", "pragma journal_mode = wal", "create table t (x)");
    try (Connection connection = Databases.connect(other)) {
      Databases.run(
          connection, "pragma page_size = 512", "pragma journal_mode = wal", "create table t (x)");
      Files.copy(Databases.wal(other), Databases.wal(db));
    }
    assertThatThrownBy(() -> SqliteSnapshot.open(db))
        .isInstanceOf(SqliteFormatException.class)
        .hasMessageContaining("another database");
  }

  @Test
  void aHotJournalIsRefused() throws Exception {
    Path db = hotDatabase();
    byte[] before = Files.readAllBytes(db);
    assertUnavailable(db, Reason.HOT_JOURNAL);
    assertThat(Files.readAllBytes(db)).isEqualTo(before);
    Databases.integrity(db);
    assertThat(Databases.snapshot(db)).isEqualTo(Files.readAllBytes(db));
  }

  @ParameterizedTest
  @ValueSource(strings = {"truncate", "persist"})
  void aJournalThatIsDoneWithIsNotHot(String mode) throws Exception {
    Path db = folder.resolve("test.db");
    Databases.run(
        db, "pragma journal_mode = " + mode, "create table t (x)", "insert into t values (1)");
    assertThat(Databases.journal(db)).exists();
    assertThat(Databases.snapshot(db)).isEqualTo(Files.readAllBytes(db));
  }

  @Test
  void aDatabaseThatThisProcessHasOpenIsRefused() throws Exception {
    Path db = folder.resolve("test.db");
    Databases.run(db, "create table t (x)");
    try (SqliteSnapshot first = SqliteSnapshot.open(db)) {
      assertUnavailable(db, Reason.OPEN_IN_THIS_PROCESS);
      assertThat(first.commit()).isEqualTo(2);
    }
    if (Files.isDirectory(Path.of("/proc/self/fd"))) {
      try (Connection connection = Databases.connect(db)) {
        Databases.query(connection, "select * from t");
        assertUnavailable(db, Reason.OPEN_IN_THIS_PROCESS);
      }
    }
    assertThat(Databases.snapshot(db)).isEqualTo(Files.readAllBytes(db));
  }

  @Test
  void anotherProcessThatHoldsTheLockIsWaitedForAndNamed() throws Exception {
    Path db = folder.resolve("test.db");
    Databases.run(db, "create table t (x)");
    try (LockHolder holder = LockHolder.start(db, "begin exclusive")) {
      assertThatThrownBy(() -> SqliteSnapshot.open(db, Duration.ofMillis(50)))
          .asInstanceOf(InstanceOfAssertFactories.type(DatabaseUnavailableException.class))
          .extracting(DatabaseUnavailableException::reason)
          .isEqualTo(Reason.LOCKED);
      holder.stop();
    }
    assertThat(Databases.snapshot(db)).isEqualTo(Files.readAllBytes(db));
  }

  @Test
  void theSourceGivesTheSameBytesWhereverItIsRead() throws Exception {
    Path db = folder.resolve("test.db");
    Databases.run(db, "pragma page_size = 1024", "create table t (x)", Databases.insert(20, 1000));
    byte[] file = Files.readAllBytes(db);
    try (SqliteSnapshot snapshot = SqliteSnapshot.open(db)) {
      ByteSource source = snapshot.asSource();
      assertThat(DatabaseChecksum.of(source, 1024))
          .isEqualTo(DatabaseChecksum.of(ByteSource.of("file", ByteBuffer.wrap(file)), 1024));
      for (int length : new int[] {1, 100, 1024, 3000}) {
        for (int at = 0; at + length <= file.length; at += 333) {
          ByteBuffer part = ByteBuffer.allocate(length);
          source.readFully(at, part);
          assertThat(part.flip()).isEqualTo(ByteBuffer.wrap(file, at, length));
        }
      }
    }
  }

  @Test
  void aSnapshotIsEncodedAsAsked() throws Exception {
    Path db = folder.resolve("test.db");
    Databases.run(db, "create table t (x)");
    Path ltx = folder.resolve("out.ltx");
    Instant time = Instant.ofEpochMilli(1234567890123L);
    try (SqliteSnapshot snapshot = SqliteSnapshot.open(db)) {
      SnapshotEncoder.of(snapshot)
          .txid(Txid.of(7))
          .timestamp(time)
          .withoutChecksums()
          .options(WriteOptions.DEFAULT.withLayout(Layout.V3_FRAME))
          .writeTo(ByteSink.atomic(ltx));
    }
    try (LtxReader reader = LtxReader.open(ByteSource.open(ltx))) {
      assertThat(reader.layout()).isEqualTo(Layout.V3_FRAME);
      assertThat(reader.header().txids().max()).isEqualTo(Txid.of(7));
      assertThat(reader.header().timestamp()).isEqualTo(time);
      assertThat(reader.header().tracksChecksums()).isFalse();
    }
    Path restored = folder.resolve("restored.db");
    Databases.restore(ltx, restored);
    assertThat(Files.readAllBytes(restored)).isEqualTo(Files.readAllBytes(db));
  }

  @ParameterizedTest
  @CsvSource({
    "delete, ''",
    "truncate, ''",
    "persist, ''",
    "wal, ''",
    "wal, passive",
    "wal, restart",
    "wal, truncate",
    "wal, 'passive,full,restart,truncate'"
  })
  void everySnapshotOfALiveDatabaseIsACommittedState(String mode, String checkpoints)
      throws Exception {
    Path db = folder.resolve("live.db");
    int last = 0;
    int distinct = 0;
    try (LiveWriter writer = LiveWriter.start(db, mode, checkpoints)) {
      for (int i = 0; i < MAX_SNAPSHOTS && distinct < STATES; i++) {
        Path ltx = folder.resolve(i + ".ltx");
        try (SqliteSnapshot snapshot = SqliteSnapshot.open(db, Duration.ofSeconds(60))) {
          SnapshotEncoder.of(snapshot).writeTo(ByteSink.atomic(ltx));
        }
        int newest = checkCommitted(ltx, folder.resolve(i + ".db"));
        assertThat(newest).isGreaterThanOrEqualTo(last);
        distinct += newest > last ? 1 : 0;
        last = newest;
      }
      assertThat(writer.stop()).isPositive();
    }
    assertThat(distinct).as("snapshots that saw something new").isEqualTo(STATES);
    assertThat(Databases.integrity(db)).isEqualTo("ok");
    assertThat(Databases.query(db, "select sum(balance) from account")).isEqualTo("0");
  }

  /** Returns the highest row id, which never goes down. */
  private static int checkCommitted(Path ltx, Path restored) throws Exception {
    Databases.restore(ltx, restored);
    // As SQLite reads it, without a WAL beside it.
    try (Connection connection = Databases.connect(restored)) {
      assertThat(Databases.query(connection, "pragma integrity_check")).isEqualTo("ok");
      if (Databases.query(connection, "select count(*) from sqlite_schema").equals("0")) {
        return 0;
      }
      assertThat(Databases.query(connection, "select total(balance) from account"))
          .isEqualTo("0.0");
      return Integer.parseInt(
          Databases.query(connection, "select coalesce(max(id), 0) from account"));
    }
  }

  private static void assertUnavailable(Path db, Reason reason) {
    assertThatThrownBy(() -> SqliteSnapshot.open(db))
        .asInstanceOf(InstanceOfAssertFactories.type(DatabaseUnavailableException.class))
        .extracting(DatabaseUnavailableException::reason)
        .isEqualTo(reason);
  }

  /** A database whose writer died with pages written and the journal not ended. */
  private Path hotDatabase() throws Exception {
    Path db = folder.resolve("test.db");
    Path copy = folder.resolve("hot.db");
    Databases.run(db, "create table t (x)", Databases.insert(100, 1000));
    try (Connection connection = Databases.connect(db)) {
      Databases.run(
          connection,
          "pragma cache_size = 5",
          "pragma cache_spill = 5",
          "begin",
          "update t set x = randomblob(1000)");
      Files.copy(db, copy);
      Files.copy(Databases.journal(db), Databases.journal(copy));
      Databases.run(connection, "rollback");
    }
    return copy;
  }
}

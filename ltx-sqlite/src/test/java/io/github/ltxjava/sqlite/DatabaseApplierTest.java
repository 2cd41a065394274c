package io.github.ltxjava.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.DatabaseChecksum;
import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxWriter;
import io.github.ltxjava.ReadOptions;
import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.sqlite.DatabaseUnavailableException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DatabaseApplierTest {

  private static final Path VECTORS = Path.of("..", "conformance-vectors", "apply");

  @TempDir Path folder;

  static Stream<Path> vectors() throws IOException {
    List<Path> cases = new ArrayList<>();
    try (Stream<Path> layouts = Files.list(VECTORS)) {
      for (Path layout : layouts.toList()) {
        try (Stream<Path> each = Files.list(layout)) {
          cases.addAll(each.toList());
        }
      }
    }
    assertThat(cases).hasSizeGreaterThan(50);
    return cases.stream().sorted();
  }

  /** Written by the Go programs; what they cannot do right is refused or done here. */
  @ParameterizedTest
  @MethodSource("vectors")
  void vectorsGiveTheRecordedDatabase(Path vector) throws Exception {
    Path db = folder.resolve("test.db");
    byte[] expected = Files.readAllBytes(vector.resolve("after.db"));
    Path before = vector.resolve("before.db");
    if (Files.exists(before)) {
      Files.copy(before, db);
    }
    List<ByteSource> sources = filesOf(vector);
    if (Files.readString(vector.resolve("case.json")).contains("\"expect\": \"refuse\"")) {
      assertThatThrownBy(() -> DatabaseApplier.apply(db, sources))
          .isInstanceOf(ApplyException.class);
      expected = Files.readAllBytes(before);
    } else {
      DatabaseApplier.Result result = DatabaseApplier.apply(db, sources);
      assertThat(result.commit() * result.pageSize()).isEqualTo(expected.length);
      result
          .position()
          .ifPresent(
              position ->
                  assertThat(position.checksum()).isEqualTo(checksum(db, result.pageSize())));
    }
    assertThat(Files.readAllBytes(db)).isEqualTo(expected);
    assertThat(Databases.journal(db)).doesNotExist();
  }

  private static List<ByteSource> filesOf(Path vector) throws IOException {
    try (Stream<Path> files = Files.list(vector)) {
      List<Path> sorted =
          files
              .filter(file -> file.toString().endsWith(".ltx"))
              .sorted(
                  Comparator.comparing(
                      file -> Integer.valueOf(file.getFileName().toString().replace(".ltx", ""))))
              .toList();
      List<ByteSource> sources = new ArrayList<>();
      for (Path file : sorted) {
        sources.add(ByteSource.of(file.toString(), ByteBuffer.wrap(Files.readAllBytes(file))));
      }
      return sources;
    }
  }

  private static Checksum checksum(Path db, int pageSize) {
    try (ByteSource source = ByteSource.open(db)) {
      return DatabaseChecksum.of(source, pageSize);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aDeltaForAnotherDatabaseIsRefused() throws Exception {
    Path db = database("test.db", "create table t (x)", Databases.insert(10, 100));
    byte[] before = Files.readAllBytes(db);
    byte[] other = before.clone();
    other[before.length - 1] ^= 1;
    ByteSource delta = delta(other, before);
    assertThatThrownBy(() -> DatabaseApplier.apply(db, List.of(delta)))
        .isInstanceOf(ApplyException.class)
        .hasMessageContaining("[delta.ltx]")
        .hasMessageContaining("checksum");
    assertThat(Files.readAllBytes(db)).isEqualTo(before);
  }

  @Test
  void aDamagedLastFileLeavesTheDatabaseAlone() throws Exception {
    Path db = database("test.db", "create table t (x)", Databases.insert(10, 100));
    byte[] first = Files.readAllBytes(db);
    Databases.run(db, "delete from t where rowid = 1");
    byte[] second = Files.readAllBytes(db);
    Databases.run(db, Databases.insert(30, 500));
    byte[] third = Files.readAllBytes(db);
    byte[] damaged = Databases.bytes(delta(second, third));
    damaged[damaged.length / 2] ^= 4;
    Files.write(db, first);
    ByteSource bad = ByteSource.of("bad.ltx", ByteBuffer.wrap(damaged));
    assertThatThrownBy(() -> DatabaseApplier.apply(db, List.of(delta(first, second), bad)))
        .isInstanceOf(LtxFormatException.class)
        .hasMessageContaining("bad.ltx");
    assertThat(Files.readAllBytes(db)).isEqualTo(first);
    Path absent = folder.resolve("absent.db");
    assertThatThrownBy(() -> DatabaseApplier.apply(absent, List.of(bad)))
        .isInstanceOf(IOException.class);
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(db);
    }
  }

  @Test
  void aSnapshotReplacesADatabaseOfAnotherPageSize() throws Exception {
    Path small = database("a.db", "pragma page_size = 512", "create table a (x)");
    Path large =
        database("b.db", "pragma page_size = 8192", "create table t (x)", Databases.insert(9, 900));
    byte[] expected = Files.readAllBytes(small);
    ByteSource snapshot = snapshot(small);
    DatabaseApplier.apply(large, List.of(snapshot));
    assertThat(Files.readAllBytes(large)).isEqualTo(expected);
    ByteSource delta = delta(expected, expected);
    Path other = database("c.db", "pragma page_size = 8192", "create table t (x)");
    assertThatThrownBy(() -> DatabaseApplier.apply(other, List.of(delta)))
        .isInstanceOf(ApplyException.class)
        .hasMessageContaining("8192");
  }

  @Test
  void aFileThatIsNoDatabaseIsNotOverwritten() throws Exception {
    Path notes = Files.writeString(folder.resolve("notes.txt"), "milk, bread");
    ByteSource snapshot = snapshot(database("a.db", "create table a (x)"));
    assertThatThrownBy(() -> DatabaseApplier.apply(notes, List.of(snapshot)))
        .isInstanceOf(ApplyException.class)
        .hasMessageContaining("is it a database?");
    assertThat(notes).hasContent("milk, bread");
  }

  @Test
  void aWalWithTransactionsIsRefused() throws Exception {
    Path db = folder.resolve("test.db");
    Path copy;
    try (Connection connection = Databases.connect(db)) {
      Databases.run(connection, "pragma journal_mode = wal", "create table t (x)");
      copy = Databases.copyWithWal(db, folder.resolve("crash"));
    }
    ByteSource snapshot = snapshot(database("a.db", "create table a (x)"));
    byte[] before = Files.readAllBytes(copy);
    assertUnavailable(() -> DatabaseApplier.apply(copy, List.of(snapshot)), Reason.WAL_NOT_EMPTY);
    assertThat(Files.readAllBytes(copy)).isEqualTo(before);
    Databases.run(copy, "pragma wal_checkpoint(truncate)");
    DatabaseApplier.apply(copy, List.of(snapshot));
    assertThat(Databases.query(copy, "select name from sqlite_schema")).isEqualTo("a");
  }

  @Test
  void whatIsLeftOfAnEarlierDatabaseIsNotMixedIn() throws Exception {
    ByteSource snapshot = snapshot(database("a.db", "create table a (x)"));
    for (String suffix : List.of("-journal", "-wal")) {
      Path db = folder.resolve("new" + suffix + ".db");
      Path left = Files.writeString(folder.resolve("new" + suffix + ".db" + suffix), "old");
      assertUnavailable(() -> DatabaseApplier.apply(db, List.of(snapshot)), Reason.LEFTOVER_FILE);
      Files.delete(left);
      DatabaseApplier.apply(db, List.of(snapshot));
      assertThat(Databases.integrity(db)).isEqualTo("ok");
    }
  }

  @Test
  void aDatabaseThatAnotherProcessUsesIsLeftAlone() throws Exception {
    ByteSource snapshot = snapshot(database("a.db", "create table a (x)"));
    List<List<String>> uses =
        List.of(
            List.of("begin immediate"),
            List.of("begin", "select * from t"),
            List.of("pragma journal_mode = wal", "select * from t"));
    int count = 0;
    for (List<String> use : uses) {
      Path db =
          database("used-" + count++ + ".db", "create table t (x)", "insert into t values(1)");
      try (LockHolder holder = LockHolder.start(db, use.toArray(new String[0]))) {
        assertUnavailable(
            () ->
                DatabaseApplier.apply(
                    db, List.of(snapshot), ReadOptions.DEFAULT, Duration.ofMillis(30)),
            Reason.LOCKED);
        holder.stop();
      }
      assertThat(Databases.query(db, "select x from t")).isEqualTo("1");
      DatabaseApplier.apply(db, List.of(snapshot));
      assertThat(Databases.query(db, "select name from sqlite_schema")).isEqualTo("a");
    }
  }

  @Test
  void aJournalOfSqliteIsRolledBackFirst() throws Exception {
    Path db = database("test.db", "create table t (x)", Databases.insert(100, 1000));
    byte[] before = Files.readAllBytes(db);
    Path hot = folder.resolve("hot.db");
    try (Connection connection = Databases.connect(db)) {
      Databases.run(
          connection,
          "pragma cache_size = 5",
          "begin",
          "update t set x = randomblob(1000)",
          Databases.insert(200, 1000));
      Files.copy(db, hot);
      Files.copy(Databases.journal(db), Databases.journal(hot));
      Databases.run(connection, "rollback");
    }
    assertThat(Files.readAllBytes(hot)).isNotEqualTo(before);
    // Fits only what the database was before the crash.
    byte[] after = before.clone();
    after[after.length - 7] ^= 1;
    DatabaseApplier.apply(hot, List.of(delta(before, after, 4096)));
    assertThat(Files.readAllBytes(hot)).isEqualTo(after);
  }

  @Test
  void aForgedSizeIsRefusedAtOnce() throws Exception {
    Path db = database("test.db", "pragma page_size = 512", "create table t (x)");
    byte[] before = Files.readAllBytes(db);
    LtxHeader header =
        LtxHeader.delta(512, LtxHeader.MAX_PAGE_NUMBER, TxidRange.of(Txid.of(2))).build();
    Path file = folder.resolve("forged.ltx");
    try (LtxWriter writer = LtxWriter.create(ByteSink.atomic(file), header)) {
      writer.write(LtxHeader.MAX_PAGE_NUMBER - 1, ByteBuffer.allocate(512));
      writer.finish();
    }
    try (ByteSource source = ByteSource.open(file)) {
      assertThatThrownBy(() -> DatabaseApplier.apply(db, List.of(source)))
          .isInstanceOf(ApplyException.class)
          .hasMessageContaining("does not hold the new ones");
    }
    assertThat(Files.readAllBytes(db)).isEqualTo(before);
  }

  @Test
  void aSymbolicLinkIsFollowedAndTheJournalIsWhereSqliteLooks() throws Exception {
    Path real = database("real.db", "create table t (x)");
    Path link = folder.resolve("link.db");
    Files.createSymbolicLink(link, real);
    ByteSource snapshot = snapshot(database("a.db", "create table a (x)"));
    DatabaseApplier.apply(link, List.of(snapshot));
    assertThat(link).isSymbolicLink();
    assertThat(Databases.query(real, "select name from sqlite_schema")).isEqualTo("a");
  }

  @Test
  void noFilesAreAMistakeOfTheCaller() {
    assertThatThrownBy(() -> DatabaseApplier.apply(folder.resolve("x.db"), List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private Path database(String name, String... statements) throws Exception {
    Path db = folder.resolve(name);
    Databases.run(db, statements);
    return db;
  }

  private ByteSource snapshot(Path db) throws IOException {
    Path file = folder.resolve("snapshot.ltx");
    try (SqliteSnapshot snapshot = SqliteSnapshot.open(db)) {
      SnapshotEncoder.of(snapshot).writeTo(ByteSink.atomic(file));
    }
    return take(file);
  }

  private ByteSource delta(byte[] before, byte[] after) throws IOException {
    return delta(before, after, DatabaseHeader.parse("before", ByteBuffer.wrap(before)).pageSize());
  }

  private ByteSource delta(byte[] before, byte[] after, int pageSize) throws IOException {
    Path file = folder.resolve("delta.ltx");
    DatabaseDiff.between(
            ByteSource.of("before", ByteBuffer.wrap(before)),
            ByteSource.of("after", ByteBuffer.wrap(after)),
            pageSize)
        .writeTo(TxidRange.of(Txid.of(2)), ByteSink.atomic(file));
    return take(file);
  }

  private static ByteSource take(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Files.delete(file);
    return ByteSource.of(file.getFileName().toString(), ByteBuffer.wrap(bytes));
  }

  private static void assertUnavailable(ThrowingCallable call, Reason reason) {
    assertThatThrownBy(call)
        .asInstanceOf(InstanceOfAssertFactories.type(DatabaseUnavailableException.class))
        .extracting(DatabaseUnavailableException::reason)
        .isEqualTo(reason);
  }
}

package io.github.ltxjava.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ltxjava.ReadOptions;
import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.sqlite.CrashingDisk.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Applying fails at every single operation, in every way, and SQLite looks at what is left. */
class DatabaseApplierCrashTest {

  private static final int SEEDS = 3;

  @TempDir Path folder;
  private final List<Path> files = new ArrayList<>();
  private byte[] before;
  private byte[] after;
  private int round;

  /** A database grows and changes, then shrinks below its first size. */
  @BeforeEach
  void makeFiles() throws Exception {
    Path db = folder.resolve("origin.db");
    Databases.run(
        db,
        "pragma page_size = 512",
        "pragma auto_vacuum = full",
        "create table t (id integer primary key, x)",
        Databases.insert(30, 300));
    before = Files.readAllBytes(db);
    byte[] state = before;
    state = delta(db, state, Databases.insert(20, 300), "update t set x = 1 where id % 5 = 0");
    after = delta(db, state, "delete from t where id > 20");
    assertThat(after.length).isLessThan(before.length);
  }

  private byte[] delta(Path db, byte[] state, String... statements) throws Exception {
    Databases.run(db, statements);
    byte[] next = Files.readAllBytes(db);
    writeDelta(state, next);
    return next;
  }

  private void writeDelta(byte[] state, byte[] next) throws IOException {
    Path file = folder.resolve((files.size() + 2) + ".ltx");
    DatabaseDiff.between(source(state), source(next), 512)
        .writeTo(TxidRange.of(Txid.of(files.size() + 2)), ByteSink.atomic(file));
    files.add(file);
  }

  private static ByteSource source(byte[] bytes) {
    return ByteSource.of("state", java.nio.ByteBuffer.wrap(bytes));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aDatabaseIsAsBeforeOrAsAfter(Kind kind) throws Exception {
    assertAsBeforeOrAsAfter(kind);
  }

  /** SQLite deletes the journal of a database of no size instead of playing it back. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void soIsOneThatIsEmptyInBetween(Kind kind) throws Exception {
    files.clear();
    byte[] nothing = new byte[0];
    writeDelta(before, nothing);
    writeDelta(nothing, after);
    assertAsBeforeOrAsAfter(kind);
  }

  private void assertAsBeforeOrAsAfter(Kind kind) throws Exception {
    int operations = 0;
    int asBefore = 0;
    boolean failed = true;
    while (failed) {
      for (int seed = 0; seed < (kind == Kind.POWER_FAILURE ? SEEDS : 1); seed++) {
        Path db = fresh();
        Files.write(db, before);
        failed = applyAndCrash(kind, operations, seed, db);
        if (failed) {
          asBefore += checkDatabase(kind, db) ? 1 : 0;
        } else {
          assertThat(Files.readAllBytes(db)).isEqualTo(after);
          assertThat(Databases.journal(db)).doesNotExist();
        }
      }
      operations++;
    }
    assertThat(operations).isGreaterThan(30);
    assertThat(asBefore).isGreaterThan(30);
  }

  /** Returns whether the database is as before. */
  private boolean checkDatabase(Kind kind, Path db) throws Exception {
    if (kind == Kind.IO_ERROR) {
      // The process went on, so it has cleaned up; only deleting the journal for good can fail
      // late.
      assertThat(Databases.journal(db)).doesNotExist();
    }
    Path copy = fresh();
    Files.copy(db, copy);
    if (Files.exists(Databases.journal(db))) {
      Files.copy(Databases.journal(db), Databases.journal(copy));
    }
    assertThat(Databases.integrity(copy)).isEqualTo("ok");
    byte[] bySqlite = Files.readAllBytes(copy);
    assertThat(bySqlite).isIn(before, after);

    // Our next attempt finds the same state.
    boolean isBefore = java.util.Arrays.equals(bySqlite, before);
    List<ByteSource> sources = open();
    try {
      DatabaseApplier.apply(db, sources);
      assertThat(isBefore).isTrue();
    } catch (ApplyException e) {
      assertThat(isBefore).as(e.getMessage()).isFalse();
    } finally {
      close(sources);
    }
    assertThat(Files.readAllBytes(db)).isEqualTo(after);
    return isBefore;
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aNewDatabaseIsThereOrNot(Kind kind) throws Exception {
    Path first = folder.resolve("1.ltx");
    Path origin = fresh();
    Files.write(origin, before);
    try (SqliteSnapshot snapshot = SqliteSnapshot.open(origin)) {
      SnapshotEncoder.of(snapshot).writeTo(ByteSink.atomic(first));
    }
    files.add(0, first);
    boolean failed = true;
    for (int operations = 0; failed; operations++) {
      for (int seed = 0; seed < 4 * SEEDS; seed++) {
        Path db = fresh();
        failed = applyAndCrash(kind, operations, seed, db);
        if (Files.exists(db)) {
          assertThat(Files.readAllBytes(db)).isEqualTo(after);
        } else {
          assertThat(failed).isTrue();
        }
        if (kind == Kind.IO_ERROR || !failed) {
          try (Stream<Path> left = Files.list(db.getParent())) {
            assertThat(left.filter(path -> !path.equals(db))).isEmpty();
          }
        }
      }
    }
  }

  private boolean applyAndCrash(Kind kind, int operations, int seed, Path db) throws IOException {
    CrashingDisk disk = new CrashingDisk(kind, operations, 31L * operations + seed);
    List<ByteSource> sources = open();
    try {
      new DatabaseApplier(disk).run(db, sources, ReadOptions.DEFAULT, Duration.ZERO);
    } catch (IOException e) {
      assertThat(e).hasMessage("simulated failure");
      assertThat(disk.hasFailed()).isTrue();
      disk.crash();
      return true;
    } finally {
      close(sources);
    }
    return false;
  }

  private List<ByteSource> open() throws IOException {
    List<ByteSource> sources = new ArrayList<>();
    for (Path file : files) {
      sources.add(ByteSource.open(file));
    }
    return sources;
  }

  private static void close(List<ByteSource> sources) throws IOException {
    for (ByteSource source : sources) {
      source.close();
    }
  }

  private Path fresh() throws IOException {
    return Files.createDirectory(folder.resolve("round-" + round++)).resolve("test.db");
  }
}

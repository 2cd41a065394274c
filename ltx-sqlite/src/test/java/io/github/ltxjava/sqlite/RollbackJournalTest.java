package io.github.ltxjava.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ltxjava.sqlite.Disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Journals that SQLite wrote, whole and damaged, played back by it and by us. */
class RollbackJournalTest {

  private static final long MAGIC = 0xd9d5_05f9_20a1_63d7L;

  @TempDir Path folder;
  private byte[] original;
  private byte[] torn;
  private byte[] journal;
  private int rounds;

  @BeforeEach
  void makeJournal() throws Exception {
    Path db = folder.resolve("origin.db");
    Databases.run(
        db,
        "pragma page_size = 512",
        "create table t (id integer primary key, x)",
        Databases.insert(60, 300));
    original = Files.readAllBytes(db);
    try (Connection connection = Databases.connect(db)) {
      Databases.run(
          connection,
          "pragma cache_size = 5",
          "begin",
          "update t set x = randomblob(300) where id < 40",
          Databases.insert(60, 300),
          "update t set x = randomblob(300)");
      torn = Files.readAllBytes(db);
      journal = Files.readAllBytes(Databases.journal(db));
      Databases.run(connection, "rollback");
    }
    assertThat(segments(journal)).as("segments").isGreaterThan(1);
  }

  private static int segments(byte[] journal) {
    int count = 0;
    ByteBuffer bytes = ByteBuffer.wrap(journal);
    for (int at = 0; at + 8 <= journal.length; at += 512) {
      count += bytes.getLong(at) == MAGIC ? 1 : 0;
    }
    return count;
  }

  @Test
  void aWholeJournalGivesTheDatabaseBefore() throws Exception {
    assertThat(rolledBack(journal)).isEqualTo(original);
  }

  @Test
  void aCutJournalIsPlayedBackAsSqliteDoes() throws Exception {
    Random random = new Random(3);
    for (int i = 0; i < 60; i++) {
      int length = i < 20 ? i * 30 : 1 + random.nextInt(journal.length);
      assertSameAsSqlite(Arrays.copyOf(journal, length), "cut to " + length);
    }
  }

  @Test
  void aJournalWithOneByteChangedIsPlayedBackAsSqliteDoes() throws Exception {
    Random random = new Random(4);
    for (int i = 0; i < 120; i++) {
      byte[] damaged = journal.clone();
      // Every byte of the header, and any of the rest.
      int at = i < 28 ? i : random.nextInt(journal.length);
      if (at >= 16 && at < 19) {
        // Both would grow the database to gigabytes, and nobody could compare them.
        at = 19;
      }
      damaged[at] ^= (byte) (1 << random.nextInt(8));
      assertSameAsSqlite(damaged, "byte " + at);
    }
  }

  @Test
  void aJournalWhoseCountWasNeverWrittenIsPlayedBackAsSqliteDoes() throws Exception {
    byte[] unsynced = journal.clone();
    ByteBuffer.wrap(unsynced).putInt(8, -1);
    assertSameAsSqlite(unsynced, "count -1");
    ByteBuffer.wrap(unsynced).putInt(8, 0);
    assertSameAsSqlite(unsynced, "count 0");
  }

  @Test
  void aTransactionOverSeveralDatabasesIsLeftToSqlite() throws IOException {
    byte[] name = folder.resolve("super-journal").toString().getBytes(StandardCharsets.UTF_8);
    int sum = 0;
    for (byte each : name) {
      sum += each;
    }
    ByteBuffer bytes = ByteBuffer.allocate(journal.length + name.length + 20);
    bytes.put(journal).putInt((1 << 30) / 512 + 1).put(name).putInt(name.length).putInt(sum);
    bytes.putLong(MAGIC);
    assertThatThrownBy(() -> rolledBack(bytes.array()))
        .isInstanceOf(DatabaseUnavailableException.class)
        .hasMessageContaining("several databases");
  }

  private void assertSameAsSqlite(byte[] damaged, String what) throws Exception {
    Path db = place(damaged);
    try {
      Databases.query(db, "select count(*) from sqlite_schema");
    } catch (SQLException e) {
      // Playing back a damaged journal may leave a damaged database; its bytes are what counts.
      assertThat(e.getMessage()).contains("SQLITE_");
    }
    boolean hot = damaged.length > 0 && damaged[0] != 0;
    assertThat(hot ? rolledBack(damaged) : torn).as(what).isEqualTo(Files.readAllBytes(db));
  }

  private byte[] rolledBack(byte[] damaged) throws IOException {
    Path db = place(damaged);
    try (FileChannel channel =
        FileChannel.open(db, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      DiskFile file = Disk.REAL.use(db, channel);
      RollbackJournal.rollBack(Disk.REAL, Databases.journal(db), file);
    }
    assertThat(Databases.journal(db)).doesNotExist();
    return Files.readAllBytes(db);
  }

  private Path place(byte[] damaged) throws IOException {
    Path db = Files.createDirectory(folder.resolve("round-" + rounds++)).resolve("test.db");
    Files.write(db, torn);
    Files.write(Databases.journal(db), damaged);
    return db;
  }
}

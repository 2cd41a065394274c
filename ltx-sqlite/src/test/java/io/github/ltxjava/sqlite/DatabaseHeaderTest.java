package io.github.ltxjava.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ltxjava.io.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseHeaderTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {512, 1024, 4096, 32768, 65536})
  void whatSqliteWroteIsRead(int pageSize) throws Exception {
    Path db = folder.resolve("test.db");
    Databases.run(db, "pragma page_size = " + pageSize, "create table t (x)");
    DatabaseHeader header = read(db);
    assertThat(header.pageSize()).isEqualTo(pageSize);
    assertThat(header.pageCount("db", Files.size(db))).isEqualTo(2);
    assertThat(header.isWal()).isFalse();
    assertThat(header.reservedBytes()).isZero();
    assertThat(header.changeCounter()).isEqualTo(header.versionValidFor());
  }

  @Test
  void walModeIsSeen() throws Exception {
    Path db = folder.resolve("test.db");
    Databases.run(db, "pragma journal_mode = wal", "create table t (x)");
    assertThat(read(db).isWal()).isTrue();
  }

  @Test
  void anEmptyFileIsADatabaseWithoutPages() throws IOException {
    assertThat(DatabaseHeader.read(ByteSource.of("empty", ByteBuffer.allocate(0)))).isEmpty();
  }

  @Test
  void anotherFileIsRefused() {
    ByteBuffer text = ByteBuffer.wrap("no database".repeat(20).getBytes());
    assertThatThrownBy(() -> DatabaseHeader.read(ByteSource.of("notes.txt", text)))
        .isInstanceOf(SqliteFormatException.class)
        .hasMessageContaining("[notes.txt]")
        .hasMessageContaining("not a SQLite database");
  }

  @Test
  void aCutFileIsRefused() throws Exception {
    DatabaseHeader header = DatabaseHeader.parse("db", ByteBuffer.wrap(validHeader()));
    assertThat(header.pageCount()).isEqualTo(2);
    assertThatThrownBy(() -> header.pageCount("db", 4096))
        .isInstanceOf(SqliteFormatException.class)
        .hasMessageContaining("cut");
    assertThat(header.pageCount("db", 3 * 4096)).isEqualTo(2);
  }

  @Test
  void aStalePageCountGivesWayToTheFileSize() throws Exception {
    byte[] bytes = validHeader();
    bytes[95]++;
    DatabaseHeader header = DatabaseHeader.parse("db", ByteBuffer.wrap(bytes));
    assertThat(header.pageCount("db", 5 * 4096)).isEqualTo(5);
    assertThatThrownBy(() -> header.pageCount("db", 5 * 4096 + 1))
        .isInstanceOf(SqliteFormatException.class);
  }

  @Test
  void everyPrefixAndEveryByteIsReadOrRefused() throws Exception {
    byte[] valid = validHeader();
    for (int length = 0; length < valid.length; length++) {
      ByteBuffer prefix = ByteBuffer.wrap(Arrays.copyOf(valid, length));
      assertThatThrownBy(() -> DatabaseHeader.parse("db", prefix))
          .isInstanceOf(SqliteFormatException.class);
    }
    int refused = 0;
    for (int i = 0; i < valid.length; i++) {
      for (int value = 0; value < 256; value++) {
        byte[] changed = valid.clone();
        changed[i] = (byte) value;
        try {
          DatabaseHeader header = DatabaseHeader.parse("db", ByteBuffer.wrap(changed));
          assertThat(DatabaseHeader.isPageSize(header.pageSize())).isTrue();
        } catch (SqliteFormatException e) {
          refused++;
        }
      }
    }
    // All other values of 16 magic bytes and 3 fractions, at least.
    assertThat(refused).isGreaterThan(19 * 255);
  }

  private byte[] validHeader() throws IOException, SQLException {
    Path db = folder.resolve("valid.db");
    Databases.run(db, "pragma page_size = 4096", "create table t (x)");
    return Arrays.copyOf(Files.readAllBytes(db), DatabaseHeader.SIZE);
  }

  private static DatabaseHeader read(Path db) throws IOException {
    try (ByteSource source = ByteSource.open(db)) {
      return DatabaseHeader.read(source).orElseThrow();
    }
  }
}

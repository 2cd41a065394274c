package io.github.ltxjava.benchmarks.sidebyside;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.SplittableRandom;

/** Makes SQLite databases with SQLite itself: the same rows every time. */
final class DatabaseMaker {

  private static final int ROWS_PER_BATCH = 2000;
  private static final int WORDS = 4000;

  private final SplittableRandom random = new SplittableRandom(20_261_125);
  private final String[] words = new String[WORDS];

  private DatabaseMaker() {
    String consonants = "bcdfghlmnprstvw";
    String vowels = "aeiou";
    for (int i = 0; i < WORDS; i++) {
      StringBuilder word = new StringBuilder();
      int syllables = 1 + random.nextInt(4);
      for (int j = 0; j < syllables; j++) {
        word.append(consonants.charAt(random.nextInt(consonants.length())));
        word.append(vowels.charAt(random.nextInt(vowels.length())));
      }
      words[i] = word.toString();
    }
  }

  /** Makes a database unless it is there. */
  static void make(DataSet set, Path file) throws IOException, SQLException {
    if (Files.exists(file)) {
      return;
    }
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    Files.deleteIfExists(temporary);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + temporary)) {
      new DatabaseMaker().fill(set, connection);
    }
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private void fill(DataSet set, Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA page_size = " + set.pageSize());
      statement.execute("PRAGMA journal_mode = OFF");
      statement.execute("PRAGMA synchronous = OFF");
      statement.execute("CREATE TABLE document (id INTEGER PRIMARY KEY, author TEXT, body TEXT)");
      statement.execute("CREATE INDEX document_author ON document (author)");
      statement.execute(
          "CREATE TABLE reading (id INTEGER PRIMARY KEY, device INT, at INT, a INT, b INT, c INT)");
      statement.execute("CREATE INDEX reading_device ON reading (device, at)");
      statement.execute("CREATE TABLE attachment (id INTEGER PRIMARY KEY, content BLOB)");
      connection.setAutoCommit(false);
      long pages = ((long) set.megabytes() << 20) / set.pageSize();
      long target = pages;
      switch (set.content()) {
        case TEXT -> grow(connection, statement, target, this::addDocuments);
        case INTEGERS -> grow(connection, statement, target, this::addReadings);
        case BLOBS -> grow(connection, statement, target, this::addAttachments);
        case MIXED -> {
          grow(connection, statement, pages / 3, this::addDocuments);
          grow(connection, statement, pages * 2 / 3, this::addReadings);
          grow(connection, statement, pages, this::addAttachments);
        }
      }
    }
  }

  /** Adds rows. */
  private interface Batch {
    void add(Connection connection) throws SQLException;
  }

  private static void grow(Connection connection, Statement statement, long pages, Batch batch)
      throws SQLException {
    while (pageCount(statement) < pages) {
      batch.add(connection);
      connection.commit();
    }
  }

  private static long pageCount(Statement statement) throws SQLException {
    try (ResultSet result = statement.executeQuery("PRAGMA page_count")) {
      result.next();
      return result.getLong(1);
    }
  }

  private void addDocuments(Connection connection) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO document (author, body) VALUES (?, ?)")) {
      for (int i = 0; i < ROWS_PER_BATCH; i++) {
        insert.setString(1, word() + " " + word());
        StringBuilder body = new StringBuilder();
        int length = 20 + random.nextInt(300);
        for (int j = 0; j < length; j++) {
          body.append(word()).append(j % 12 == 11 ? ". " : " ");
        }
        insert.setString(2, body.toString());
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  /** Common words are much more frequent than rare ones. */
  private String word() {
    double skewed = random.nextDouble() * random.nextDouble() * random.nextDouble();
    return words[(int) (skewed * WORDS)];
  }

  private void addReadings(Connection connection) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO reading (device, at, a, b, c) VALUES (?, ?, ?, ?, ?)")) {
      for (int i = 0; i < 10 * ROWS_PER_BATCH; i++) {
        insert.setInt(1, random.nextInt(1000));
        insert.setLong(2, 1_700_000_000L + random.nextInt(100_000_000));
        insert.setInt(3, random.nextInt(100));
        insert.setInt(4, random.nextInt());
        insert.setLong(5, random.nextLong() >>> random.nextInt(64));
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private void addAttachments(Connection connection) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO attachment (content) VALUES (?)")) {
      for (int i = 0; i < ROWS_PER_BATCH / 10; i++) {
        byte[] content = new byte[500 + random.nextInt(40_000)];
        for (int j = 0; j < content.length; j++) {
          content[j] = (byte) random.nextInt();
        }
        insert.setBytes(1, content);
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }
}

package io.github.ltxjava.benchmarks.replicate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Commits one-row updates at full speed, as an application with SQLite's defaults does in WAL mode
 * with {@code synchronous=NORMAL}. Arguments: the database, seconds. Prints transactions a second,
 * the median and the longest commit in microseconds, and the length of the WAL.
 */
final class WriterMain {

  private static final int HOT_ROWS = 200;
  private static final int MAX_COMMITS = 5_000_000;

  private WriterMain() {}

  public static void main(String[] arguments) throws SQLException, IOException {
    Path database = Path.of(arguments[0]);
    long nanos = TimeUnit.SECONDS.toNanos(Long.parseLong(arguments[1]));
    Random random = new Random(1);
    int[] commits = new int[MAX_COMMITS];
    int count = 0;
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement setting = connection.createStatement()) {
      setting.execute("PRAGMA busy_timeout=5000");
      setting.execute("PRAGMA synchronous=NORMAL");
      try (PreparedStatement update =
          connection.prepareStatement("UPDATE t SET v = v + 1 WHERE id = ?")) {
        long start = System.nanoTime();
        for (long now = start; now - start < nanos && count < MAX_COMMITS; ) {
          update.setInt(1, 1 + random.nextInt(HOT_ROWS));
          update.executeUpdate();
          long then = System.nanoTime();
          commits[count++] = (int) (then - now);
          now = then;
        }
      }
      long wal = Files.size(database.resolveSibling(database.getFileName() + "-wal"));
      Arrays.sort(commits, 0, count);
      System.out.printf(
          Locale.ROOT,
          "%d %.1f %.0f %.1f%n",
          count * TimeUnit.SECONDS.toNanos(1) / nanos,
          commits[count / 2] / 1e3,
          commits[count - 1] / 1e3,
          wal / 1e6);
    }
  }
}

package io.github.ltxjava.benchmarks.replicate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Replication into a folder beside Litestream, in turn, for some rounds; prints a table. Linux
 * only. Arguments: the program litestream, rounds, seconds of each measurement.
 */
final class Replicate {

  private static final int ROWS = 20_000;
  private static final int LAG_COMMITS = 15;
  private static final int SNAPSHOT_MEGABYTES = 200;

  /** Who replicates. */
  private enum Side {
    NOBODY,
    OURS,
    LITESTREAM
  }

  private final String litestream;
  private final long seconds;
  private final Path folder;
  private final Random random = new Random(1);

  private Replicate(String litestream, long seconds, Path folder) {
    this.litestream = litestream;
    this.seconds = seconds;
    this.folder = folder;
  }

  public static void main(String[] arguments) throws IOException, SQLException {
    int rounds = Integer.parseInt(arguments[1]);
    Path folder = Files.createTempDirectory("replicate");
    Replicate measurement = new Replicate(arguments[0], Long.parseLong(arguments[2]), folder);
    System.out.println(
        "| round | side | commits/s | p50 us | max us | WAL MB | written/WAL | CPU s | lag p50 ms |"
            + " lag max ms | idle CPU % | RSS MB | first snapshot s |");
    System.out.println(
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for (int round = 1; round <= rounds; round++) {
      for (Side side : Side.values()) {
        System.out.println("| " + round + " | " + side + " | " + measurement.measure(side) + " |");
      }
    }
    delete(folder);
  }

  private String measure(Side side) throws IOException, SQLException {
    Path here = Files.createTempDirectory(folder, "run");
    Path database = here.resolve("a.db");
    create(database, ROWS, 100);
    String row;
    if (side == Side.NOBODY) {
      row = String.join(" | ", write(database)) + " | | | | | | | ";
    } else {
      try (Child child = start(side, database, here.resolve("b"))) {
        double writtenBefore = child.megabytesWritten();
        double cpuBefore = child.cpuSeconds();
        String[] writer = write(database);
        pause(TimeUnit.SECONDS.toNanos(2));
        // A commit of one row is one frame, now and then two.
        double wal = Double.parseDouble(writer[0]) * seconds * 4120 / 1e6;
        double written = (child.megabytesWritten() - writtenBefore) / wal;
        double cpu = child.cpuSeconds() - cpuBefore;
        double[] lags = lags(database, here.resolve("b/ltx/0"));
        double idle = child.cpuSeconds();
        pause(TimeUnit.SECONDS.toNanos(seconds));
        idle = (child.cpuSeconds() - idle) / seconds * 100;
        row =
            String.join(" | ", writer)
                + String.format(
                    Locale.ROOT,
                    " | %.2f | %.1f | %.0f | %.0f | %.1f | %.0f | %.2f",
                    written,
                    cpu,
                    lags[lags.length / 2],
                    lags[lags.length - 1],
                    idle,
                    child.megabytesResident(),
                    firstSnapshot(side));
      }
    }
    delete(here);
    return row;
  }

  private Child start(Side side, Path database, Path store) throws IOException {
    if (side == Side.OURS) {
      Child child =
          Child.java(
              ReplicatorMain.class, List.of(database.toString(), store.toString()), "-Xmx256m");
      child.readLine();
      return child;
    }
    Child child =
        Child.program(List.of(litestream, "replicate", database.toString(), "file://" + store));
    child.drain();
    await(store.resolve("ltx/9"));
    return child;
  }

  private String[] write(Path database) throws IOException {
    try (Child writer =
        Child.java(WriterMain.class, List.of(database.toString(), Long.toString(seconds)))) {
      return writer.readLine().split(" ");
    }
  }

  /** From a commit to a new file in the store, in milliseconds, ascending. */
  private double[] lags(Path database, Path level0) throws IOException, SQLException {
    double[] lags = new double[LAG_COMMITS];
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement update = connection.createStatement()) {
      update.execute("PRAGMA busy_timeout=5000");
      for (int i = 0; i < lags.length; i++) {
        pause(TimeUnit.MILLISECONDS.toNanos(300 + random.nextInt(700)));
        String before = newest(level0);
        long start = System.nanoTime();
        update.execute("UPDATE t SET v = v + 1 WHERE id = " + (1 + random.nextInt(200)));
        while (newest(level0).equals(before)) {
          pause(TimeUnit.MILLISECONDS.toNanos(1));
        }
        lags[i] = (System.nanoTime() - start) / 1e6;
      }
    }
    Arrays.sort(lags);
    return lags;
  }

  /** Seconds from the start of the process to a complete file of level 9. */
  private double firstSnapshot(Side side) throws IOException, SQLException {
    Path database = folder.resolve("large.db");
    if (Files.notExists(database)) {
      create(database, SNAPSHOT_MEGABYTES * 250, 3900);
    }
    Path store = Files.createTempDirectory(folder, "snapshot");
    long start = System.nanoTime();
    try (Child child =
        side == Side.OURS
            ? Child.java(
                ReplicatorMain.class, List.of(database.toString(), store.toString()), "-Xmx256m")
            : Child.program(
                List.of(litestream, "replicate", database.toString(), "file://" + store))) {
      child.drain();
      await(store.resolve("ltx/9"));
      return (System.nanoTime() - start) / 1e9;
    } finally {
      delete(store);
      delete(folder.resolve(".large.db-litestream"));
    }
  }

  private static void await(Path level) throws IOException {
    while (newest(level).isEmpty()) {
      pause(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  private static String newest(Path level) throws IOException {
    if (Files.notExists(level)) {
      return "";
    }
    try (Stream<Path> files = Files.list(level)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".ltx") && !name.startsWith("."))
          .max(Comparator.naturalOrder())
          .orElse("");
    }
  }

  /** Half of each row is noise, half is text. */
  private void create(Path database, int rows, int rowBytes) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode=WAL");
      statement.execute("PRAGMA synchronous=OFF");
      statement.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, v INT, noise BLOB, text TEXT)");
      connection.setAutoCommit(false);
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO t(v, noise, text) VALUES (0, ?, ?)")) {
        byte[] noise = new byte[rowBytes / 2];
        for (int i = 0; i < rows; i++) {
          random.nextBytes(noise);
          insert.setBytes(1, noise);
          insert.setString(2, "the quick brown fox ".repeat(rowBytes / 40) + i);
          insert.executeUpdate();
        }
      }
      connection.commit();
    }
  }

  private static void pause(long nanos) {
    for (long end = System.nanoTime() + nanos, rest = nanos; rest > 0; ) {
      LockSupport.parkNanos(rest);
      rest = end - System.nanoTime();
    }
  }

  private static void delete(Path tree) throws IOException {
    List<Path> all = new ArrayList<>();
    try (Stream<Path> files = Files.walk(tree)) {
      files.sorted(Comparator.reverseOrder()).forEach(all::add);
    }
    for (Path file : all) {
      Files.deleteIfExists(file);
    }
  }
}

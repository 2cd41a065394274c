package io.github.ltxjava.replica;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/** Commits at full speed, and checkpoints as an application might. */
final class BusyWriter {

  private BusyWriter() {}

  /** Arguments: the database, a seed. */
  public static void main(String[] arguments) throws SQLException, IOException {
    Path database = Path.of(arguments[0]);
    Random random = new Random(Long.parseLong(arguments[1]));
    BooleanSupplier stopped = watchInput();
    System.out.println("started");
    int count = 0;
    while (!stopped.getAsBoolean()) {
      // Closes now and then, perhaps as the last one.
      try (Connection connection = Databases.connect(database)) {
        Databases.run(
            connection,
            "PRAGMA synchronous=OFF",
            "PRAGMA wal_autocheckpoint=" + (random.nextBoolean() ? 1000 : random.nextInt(100)));
        for (int i = random.nextInt(400); i >= 0; i--) {
          step(connection, random);
          count++;
        }
      }
    }
    System.out.println(count);
  }

  private static BooleanSupplier watchInput() {
    AtomicBoolean stopped = new AtomicBoolean();
    Thread thread =
        new Thread(
            () -> {
              try {
                while (System.in.read() >= 0) {
                  // Only its end matters.
                }
              } catch (IOException e) {
                stopped.set(true);
              }
              stopped.set(true);
            });
    thread.setDaemon(true);
    thread.start();
    return stopped::get;
  }

  static void step(Connection connection, Random random) {
    switch (random.nextInt(60)) {
      case 0 -> tryRun(connection, "PRAGMA wal_checkpoint(PASSIVE)");
      case 1 -> tryRun(connection, "PRAGMA wal_checkpoint(FULL)");
      case 2 -> tryRun(connection, "PRAGMA wal_checkpoint(RESTART)");
      case 3 -> tryRun(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
      case 4 -> tryRun(connection, "PRAGMA journal_mode=DELETE");
      case 5 -> tryRun(connection, Databases.randomTransaction(random));
      case 6 -> tryRun(connection, "DELETE FROM t WHERE id % 2 = 0");
      default -> tryRun(connection, "INSERT INTO t(k, v) VALUES (1, randomblob(20))");
    }
  }

  /** Others may be faster; then nothing is committed. */
  private static boolean tryRun(Connection connection, String... statements) {
    try {
      Databases.run(connection, "PRAGMA busy_timeout=20");
      Databases.run(connection, statements);
      return true;
    } catch (SQLException e) {
      return rollBack(connection);
    }
  }

  private static boolean rollBack(Connection connection) {
    try {
      Databases.run(connection, "ROLLBACK");
      return false;
    } catch (SQLException e) {
      // There is no transaction.
      return false;
    }
  }
}

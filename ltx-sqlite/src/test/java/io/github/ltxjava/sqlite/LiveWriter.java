package io.github.ltxjava.sqlite;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Random;

/**
 * A process of its own that writes to a database at full speed until its input ends.
 *
 * <p>Every transaction keeps the sum of all balances at 0, so a state in which it is not was never
 * committed. Rows come and go, so that the database grows and shrinks.
 */
final class LiveWriter implements Closeable {

  private final Process process;
  private final BufferedReader output;

  private LiveWriter(Process process) {
    this.process = process;
    this.output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Starts the process and waits until it writes. */
  static LiveWriter start(Path database, String journalMode, String... checkpoints)
      throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    ProcessBuilder builder =
        new ProcessBuilder(
            java,
            "-Xmx64m",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            LiveWriter.class.getName(),
            database.toString(),
            journalMode,
            String.join(",", checkpoints));
    LiveWriter writer =
        new LiveWriter(builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
    String first = writer.output.readLine();
    if (!"writing".equals(first)) {
      throw new IOException("the writer said: " + first);
    }
    return writer;
  }

  /** Lets the process end by itself, and returns how many transactions it committed. */
  int stop() throws IOException, InterruptedException {
    process.getOutputStream().close();
    String last = output.readLine();
    if (process.waitFor() != 0) {
      throw new IOException("the writer failed: " + last);
    }
    return Integer.parseInt(last);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  public static void main(String[] args) throws Exception {
    Path database = Path.of(args[0]);
    String[] checkpoints = args[2].isEmpty() ? new String[0] : args[2].split(",");
    Random random = new Random(1);
    int committed = 0;
    while (true) {
      try (Connection connection = Databases.connect(database)) {
        Databases.run(
            connection,
            "pragma busy_timeout = 60000",
            "pragma journal_mode = " + args[1],
            "pragma synchronous = normal",
            "pragma cache_size = 10",
            "create table if not exists account (id integer primary key, balance, filling)");
        if (committed == 0) {
          System.out.println("writing");
        }
        // Now and then the last connection closes, which removes WAL and wal-index.
        int transactions = 20 + random.nextInt(400);
        for (int i = 0; i < transactions; i++) {
          transact(connection, random);
          committed++;
          if (checkpoints.length > 0 && random.nextInt(10) == 0) {
            String mode = checkpoints[random.nextInt(checkpoints.length)];
            Databases.query(connection, "pragma wal_checkpoint(" + mode + ")");
          }
          if (INPUT.ended) {
            System.out.println(committed);
            return;
          }
        }
      }
    }
  }

  /** The test closes our input to end us. */
  private static final Input INPUT = new Input();

  private static final class Input extends Thread {
    volatile boolean ended;

    Input() {
      setDaemon(true);
      start();
    }

    @Override
    public void run() {
      try {
        ended = System.in.read() < 0;
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static void transact(Connection connection, Random random) throws SQLException {
    int amount = random.nextInt(1000);
    int size = random.nextInt(3000);
    Databases.run(
        connection,
        "begin immediate",
        "insert into account (balance, filling) values (" + amount + ", randomblob(" + size + "))",
        "insert into account (balance, filling) values (" + -amount + ", randomblob(10))");
    if (random.nextInt(8) == 0) {
      Databases.run(
          connection,
          "update account set balance = balance + 1 where id % 2 = 0",
          "update account set balance = balance - (select count(*) from account where id % 2 = 0)"
              + " where id = (select max(id) from account)");
    }
    if (random.nextInt(20) == 0) {
      // In pairs, as they were made; what single rows gave and took is made up for.
      Databases.run(
          connection,
          "delete from account where id < (select max(id) from account) - 200",
          "update account set balance = balance - (select sum(balance) from account)"
              + " where id = (select max(id) from account)");
    }
    Databases.run(connection, "commit");
    if (random.nextInt(100) == 0) {
      Databases.run(connection, "vacuum");
    }
  }
}

package io.github.ltxjava.replica;

import io.github.ltxjava.Txid;
import io.github.ltxjava.store.DirectoryStore;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;

/** Replicates until it is killed, and says what it has in the store. */
final class ReplicatorProcess {

  private ReplicatorProcess() {}

  /** Arguments: the database, the store's folder. Prints lines of a counter and a transaction. */
  public static void main(String[] arguments) throws Exception {
    Path database = Path.of(arguments[0]);
    try (Connection reader = Databases.connect(database);
        DirectoryStore store = DirectoryStore.open(Path.of(arguments[1]));
        Replica replica = Replica.of(database).store("backup", store).start()) {
      System.out.println("started");
      while (System.in.available() == 0) {
        String counter = Databases.query(reader, "SELECT sum(k) FROM t").strip();
        Txid txid = replica.sync(Duration.ofSeconds(20));
        System.out.println(txid + " " + counter);
      }
    }
  }
}

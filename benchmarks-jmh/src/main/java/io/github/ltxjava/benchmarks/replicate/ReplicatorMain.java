package io.github.ltxjava.benchmarks.replicate;

import io.github.ltxjava.replica.Replica;
import io.github.ltxjava.replica.ReplicaGroup;
import io.github.ltxjava.store.DirectoryStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** Replicates databases until its input ends: pairs of a database and a folder. */
final class ReplicatorMain {

  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  private ReplicatorMain() {}

  public static void main(String[] arguments) throws IOException, TimeoutException {
    List<Replica> replicas = new ArrayList<>();
    try (ReplicaGroup group = ReplicaGroup.create()) {
      for (int i = 0; i < arguments.length; i += 2) {
        DirectoryStore store = DirectoryStore.open(Path.of(arguments[i + 1]));
        replicas.add(Replica.of(Path.of(arguments[i])).store("folder", store).in(group).start());
      }
      for (Replica replica : replicas) {
        replica.sync(TIMEOUT);
      }
      System.out.println("ready");
      while (System.in.read() >= 0) {
        // Only its end matters.
      }
      for (Replica replica : replicas) {
        replica.close();
      }
    }
  }
}

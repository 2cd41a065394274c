package io.github.ltxjava.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ltxjava.store.DirectoryStore;
import io.github.ltxjava.store.Lease;
import io.github.ltxjava.store.LeaseHeldException;
import io.github.ltxjava.store.LtxStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLeaseTest extends LeaseContract {

  @TempDir Path folder;

  @Override
  protected LtxStore openEmptyStore() throws IOException {
    return DirectoryStore.open(folder.resolve("replica"));
  }

  @Override
  protected LtxStore openAgain() throws IOException {
    return DirectoryStore.open(folder.resolve("replica"));
  }

  @Test
  void ofManyProcessesExactlyOneTakesTheLease() throws Exception {
    List<Process> processes = new ArrayList<>();
    try {
      for (int i = 0; i < 3; i++) {
        processes.add(
            new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Contender.class.getName(),
                    folder.resolve("replica").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
      }
      for (Process process : processes) {
        assertThat(process.inputReader().readLine()).isEqualTo("ready");
      }
      for (Process process : processes) {
        process.outputWriter().append("go\n").flush();
      }
      List<String> outcomes = new ArrayList<>();
      for (Process process : processes) {
        outcomes.add(process.inputReader().readLine());
      }
      assertThat(outcomes).containsExactlyInAnyOrder("acquired", "held", "held");
    } finally {
      processes.forEach(Process::destroyForcibly);
    }
  }

  /** Says that it is ready, waits to be told, and says what came of it. */
  static final class Contender {
    public static void main(String[] args) throws IOException {
      try (LtxStore store = DirectoryStore.open(Path.of(args[0]))) {
        System.out.println("ready");
        if (System.in.read() < 0) {
          return;
        }
        String owner = Long.toString(ProcessHandle.current().pid());
        Lease.acquire(store, owner, Duration.ofHours(1), Clock.systemUTC());
        System.out.println("acquired");
      } catch (LeaseHeldException e) {
        System.out.println("held");
      }
    }
  }
}

package io.github.ltxjava.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Fuzzes every target, each in a JVM of its own, if a time for it is set; the profiles fuzz-smoke
 * and fuzz-long do. Inputs that made a target fail are in target/fuzz/, to be taken into the seeds.
 */
class FuzzingTest {

  private static final Path FOLDER = Path.of("target/fuzz").toAbsolutePath();

  /** Start-up, and a last input that takes its time. */
  private static final long GRACE_SECONDS = 120;

  private record Outcome(String target, int exitCode, String output) {
    /** What Jazzer says of the failure, without how it got there. */
    String finding() {
      int start = output.lastIndexOf("== Java Exception");
      return start < 0 ? output : output.substring(start);
    }
  }

  @Test
  void everyTargetHoldsAndTheCanarySings() throws Exception {
    int seconds = Integer.getInteger("ltx.fuzz.secondsPerTarget", 0);
    assumeTrue(seconds > 0, "not fuzzed: use the profile fuzz-smoke or fuzz-long");
    int canarySeconds = Integer.getInteger("ltx.fuzz.canarySeconds", 60);
    ExecutorService threads =
        Executors.newFixedThreadPool(Integer.getInteger("ltx.fuzz.parallel", 2));
    try {
      Future<Outcome> canary = threads.submit(() -> fuzz(Targets.CANARY, canarySeconds));
      List<Future<Outcome>> outcomes = new ArrayList<>();
      for (String target : Targets.ALL) {
        outcomes.add(threads.submit(() -> fuzz(target, seconds)));
      }
      for (Future<Outcome> future : outcomes) {
        Outcome outcome = future.get();
        if (outcome.exitCode() != 0) {
          fail("%s fails; all of it is in %s%n%s", outcome.target(), FOLDER, outcome.finding());
        }
        assertThat(outcome.output()).as("fuzzing has happened").contains("Done ");
      }
      Outcome sung = canary.get();
      assertThat(sung.output())
          .as("the canary's planted bug is found within %d seconds", canarySeconds)
          .contains(CanaryFuzzTest.SONG);
      assertThat(sung.exitCode()).isNotZero();
    } finally {
      threads.shutdownNow();
    }
  }

  private static Outcome fuzz(String target, int seconds) throws IOException, InterruptedException {
    Path folder = Files.createDirectories(FOLDER.resolve(target));
    Path log = folder.resolve("log.txt");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "-cp",
            absoluteClassPath(),
            OneTarget.class.getName(),
            target);
    builder.environment().put("JAZZER_FUZZ", "1");
    builder.environment().put("JAZZER_MAX_DURATION", seconds + "s");
    builder.environment().put("JAZZER_INSTRUMENTATION_INCLUDES", "io.github.ltxjava.**");
    // Whatever Jazzer writes, it writes here, and not among the sources.
    Process process =
        builder
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      boolean ended = process.waitFor(seconds + GRACE_SECONDS, TimeUnit.SECONDS);
      String output = Files.readString(log, StandardCharsets.UTF_8);
      return ended
          ? new Outcome(target, process.exitValue(), output)
          : new Outcome(target, -1, output + "\nhangs");
    } finally {
      process.destroyForcibly();
    }
  }

  private static String absoluteClassPath() {
    List<String> entries = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      entries.add(Path.of(entry).toAbsolutePath().toString());
    }
    return String.join(File.pathSeparator, entries);
  }
}

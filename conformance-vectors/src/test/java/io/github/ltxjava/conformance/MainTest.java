package io.github.ltxjava.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The runner as a program, with a program under test. */
final class MainTest {
  @TempDir Path directory;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void copyAFewVectors() throws IOException {
    SomeVectors.copyTo(directory);
  }

  @Test
  void aProgramIsHeldAgainstTheVectors() {
    int code = run(program());
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "valid: 2 passed, 0 failed, 0 skipped",
            "invalid: 2 passed, 0 failed, 0 skipped",
            "merge: 2 passed, 0 failed, 0 skipped",
            "apply: 0 passed, 0 failed, 1 skipped",
            "litefs: 0 passed, 0 failed, 0 skipped",
            "litestream: 0 passed, 0 failed, 0 skipped");
    assertThat(code).isZero();
  }

  @Test
  void aProgramThatIsNoReaderFails() {
    List<String> version = List.of(java(), "-version");
    assertThat(run(version)).isEqualTo(1);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("failed valid/v2/snapshot-1p-512: threw")
        .contains("invalid: 1 passed, 1 failed, 0 skipped");
  }

  @Test
  void wrongUseIsSaid() {
    assertThat(Main.run(List.of(), print(out), print(err))).isEqualTo(2);
    assertThat(Main.run(List.of("--only", "nothing", "--command", "x"), print(out), print(err)))
        .isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("--command is missing")
        .contains("unknown kind of case: nothing");
  }

  @Test
  void aDirectoryWithoutVectorsIsSaid() throws IOException {
    Path empty = Files.createDirectory(directory.resolve("empty"));
    List<String> args = List.of("--vectors", empty.toString(), "--command", "x");
    assertThat(Main.run(args, print(out), print(err))).isEqualTo(3);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("no conformance vectors here");
  }

  @Test
  void theVectorsOfTheArtifactCanBeUnpacked() throws IOException {
    Path target = directory.resolve("unpacked");
    assertThat(Main.run(List.of("--unpack", target.toString()), print(out), print(err))).isZero();
    for (String kind : List.of("valid", "invalid", "merge", "apply", "real", "own")) {
      assertThat(files(target.resolve(kind))).isEqualTo(files(Path.of(kind)));
    }
    assertThat(Main.run(List.of("--unpack", target.toString()), print(out), print(err)))
        .isEqualTo(3);
  }

  private static List<String> files(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.map(f -> root.relativize(f).toString()).sorted().toList();
    }
  }

  private int run(List<String> command) {
    List<String> args = new ArrayList<>(List.of("--vectors", directory.toString(), "--command"));
    args.addAll(command);
    return Main.run(args, print(out), print(err));
  }

  private static List<String> program() {
    String classPath = System.getProperty("java.class.path");
    String fast = "-XX:TieredStopAtLevel=1";
    return List.of(java(), fast, "-cp", classPath, SampleProgram.class.getName());
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static PrintStream print(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }
}

package io.github.ltxjava.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts the launchers the ways people do. */
class LaunchersIT {
  private static final List<String> TOOLS = List.of("ltx", "ltx-dump", "ltx-verify");
  private static final String VECTOR =
      "conformance-vectors/valid/v3-block/snapshot-10p-mixed-4096.ltx";
  private static final Map<String, String> PLAIN = Map.of("JAVA_OPTS", "");

  @TempDir Path folder;

  private final Path root = Repository.root();

  @BeforeEach
  void needsShell() {
    assumeTrue(
        Files.isExecutable(Path.of("/bin/sh")), "no /bin/sh: the launchers were not started");
  }

  @Test
  void everyLauncherExplainsItself() throws IOException, InterruptedException {
    for (String tool : TOOLS) {
      Shell.Result result = start(root.resolve("bin").resolve(tool), PLAIN, "--help");
      assertThat(result.exitCode()).as("%s --help: %s", tool, result.err()).isZero();
      assertThat(result.out()).contains("Usage: " + tool);
      assertThat(result.err()).isEmpty();
    }
  }

  @Test
  void aSymbolicLinkToALauncherWorksFromAnywhere() throws IOException, InterruptedException {
    Path direct = Files.createSymbolicLink(folder.resolve("dump"), root.resolve("bin/ltx-dump"));
    Path relative = Files.createSymbolicLink(folder.resolve("again"), Path.of("dump"));

    for (Path link : List.of(direct, relative)) {
      Shell.Result result = start(link, PLAIN, "--json", root.resolve(VECTOR).toString());
      assertThat(result.exitCode()).as(result.err()).isZero();
      assertThat(result.out()).contains("\"pageCount\"");
    }
    Files.delete(relative);
    Files.delete(direct);
  }

  @Test
  void aMovedCloneWithSpacesInItsPathStillStartsAndSaysNothingAboutItsArchive()
      throws IOException, InterruptedException {
    Path moved = folder.resolve("a clone, moved");
    copyTree(root.resolve("bin"), moved.resolve("bin"));
    copyTree(
        root.resolve("tools/ltx-dump/target/dist"), moved.resolve("tools/ltx-dump/target/dist"));

    Shell.Result result =
        start(moved.resolve("bin/ltx-dump"), PLAIN, "--json", root.resolve(VECTOR).toString());

    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).startsWith("{");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void anUnbuiltCloneSaysWhatToRun() throws IOException, InterruptedException {
    copyTree(root.resolve("bin"), folder.resolve("bin"));

    Shell.Result result = start(folder.resolve("bin/ltx-verify"), PLAIN, "x.ltx");

    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.err()).contains("not built yet").contains("./mvnw");
  }

  @Test
  void javaHomeDecidesWhichJavaRuns() throws IOException, InterruptedException {
    Map<String, String> wrong = Map.of("JAVA_HOME", folder.toString());
    Shell.Result refused = start(root.resolve("bin/ltx"), wrong, "--help");
    assertThat(refused.exitCode()).isEqualTo(3);
    assertThat(refused.err()).contains("JAVA_HOME is " + folder);

    Map<String, String> right = Map.of("JAVA_HOME", System.getProperty("java.home"));
    assertThat(start(root.resolve("bin/ltx"), right, "--help").exitCode()).isZero();
  }

  @Test
  void javaOptsReachTheJvm() throws IOException, InterruptedException {
    Map<String, String> options = Map.of("JAVA_OPTS", "-Xmx64m -XX:+PrintFlagsFinal -version");

    Shell.Result result = start(root.resolve("bin/ltx-dump"), options);

    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).containsPattern("MaxHeapSize\\s+= 67108864 ");
  }

  @Test
  void theSecondCompilerRunsWhereTheWorkIsLong() throws IOException, InterruptedException {
    Path small = Files.createFile(folder.resolve("a small file"));
    Path large = folder.resolve("large");
    try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
      file.setLength((1L << 30) + 512); // sparse
    }

    assertThat(tiers("verify", small.toString(), "no-such-file")).isEqualTo(1);
    assertThat(tiers("version")).isEqualTo(1);
    assertThat(tiers("merge", "-o", "out", small.toString(), large.toString())).isEqualTo(4);
    assertThat(tiers("restore", folder.toString())).as("a folder").isEqualTo(4);
    assertThat(tiers("verify", "--digest=sha256", small.toString())).isEqualTo(4);
    assertThat(tiers("replicate", small.toString(), "s3://bucket/path")).isEqualTo(4);
  }

  @Test
  void aFileThatIsNamedLikeAnOptionIsOnlyAFile() throws IOException, InterruptedException {
    Path bystander = Files.createFile(folder.resolve("bystander"));
    List<Path> files = new ArrayList<>(List.of(bystander));
    for (String name : List.of("-delete", "-o", "!", "(")) {
      files.add(Files.createFile(folder.resolve(name)));
    }

    assertThat(tiers("bystander", "-delete", "-o", "!", "(")).isEqualTo(1);

    assertThat(files).allSatisfy(file -> assertThat(file).exists());
  }

  private int tiers(String... arguments) throws IOException, InterruptedException {
    // The JVM prints its flags and its version, and runs no command.
    Map<String, String> options = Map.of("JAVA_OPTS", "-XX:+PrintFlagsFinal -version");
    Shell.Result result = start(root.resolve("bin/ltx"), options, arguments);
    Matcher matcher = Pattern.compile("TieredStopAtLevel\\s+= (\\d)").matcher(result.out());
    assertThat(matcher.find()).as(result.err()).isTrue();
    return Integer.parseInt(matcher.group(1));
  }

  private Shell.Result start(Path launcher, Map<String, String> env, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(arguments));
    return Shell.run(folder, env, command);
  }

  private static void copyTree(Path source, Path target) throws IOException {
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path copy = target.resolve(source.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
  }
}

package io.github.ltxjava.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OwnVectorsTest {
  private static final Path OWN = Path.of("own");

  @TempDir Path directory;

  @Test
  void theProgramMakesTheBytesThatAreOnDisk() throws IOException {
    OwnVectors.generate(directory);
    if (Boolean.getBoolean("ltx.rewrite")) {
      replace();
    }
    Map<String, String> made = hashes(directory);
    Map<String, String> present = hashes(OWN);
    assertThat(made).isNotEmpty();
    assertThat(present.keySet()).isEqualTo(made.keySet());
    assertThat(made.keySet().stream().filter(f -> !made.get(f).equals(present.get(f)))).isEmpty();
  }

  private void replace() throws IOException {
    if (Files.exists(OWN)) {
      try (Stream<Path> old = Files.walk(OWN)) {
        for (Path path : old.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
    try (Stream<Path> made = Files.walk(directory)) {
      for (Path file : made.filter(Files::isRegularFile).toList()) {
        Path target = OWN.resolve(directory.relativize(file));
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
  }

  private static Map<String, String> hashes(Path root) throws IOException {
    Map<String, String> hashes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        hashes.put(root.relativize(file).toString().replace('\\', '/'), Hashes.sha256(file));
      }
    }
    return hashes;
  }
}

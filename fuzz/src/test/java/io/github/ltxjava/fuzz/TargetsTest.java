package io.github.ltxjava.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No target is forgotten, and each has seeds. */
class TargetsTest {

  private static final Path SOURCES = Path.of("src/test/java");
  private static final Path SEEDS = Path.of("src/test/resources");

  private static List<Method> fuzzMethods(String name) throws ClassNotFoundException {
    Class<?> type = Class.forName(name, false, TargetsTest.class.getClassLoader());
    return Arrays.stream(type.getDeclaredMethods())
        .filter(method -> method.isAnnotationPresent(FuzzTest.class))
        .toList();
  }

  @Test
  void everyTargetIsInTheSmoke() throws Exception {
    Set<String> registered = new TreeSet<>(Targets.ALL);
    registered.add(Targets.CANARY);
    Set<String> found = new TreeSet<>();
    try (Stream<Path> sources = Files.walk(SOURCES)) {
      for (Path source : sources.filter(file -> file.toString().endsWith(".java")).toList()) {
        String path = SOURCES.relativize(source).toString();
        String name = path.substring(0, path.length() - 5).replace('/', '.').replace('\\', '.');
        if (!fuzzMethods(name).isEmpty()) {
          found.add(name);
        }
      }
    }
    assertThat(found).isEqualTo(registered);
  }

  @Test
  void everyTargetHasOneMethodAndSeeds() throws Exception {
    Set<String> all = new TreeSet<>(Targets.ALL);
    all.add(Targets.CANARY);
    for (String target : all) {
      List<Method> methods = fuzzMethods(target);
      assertThat(methods).as(target).hasSize(1);
      Path seeds =
          SEEDS.resolve(target.replace('.', '/') + "Inputs").resolve(methods.get(0).getName());
      assertThat(seeds).isDirectory();
      assertThat(count(seeds)).as("seeds in " + seeds).isPositive();
    }
  }

  private static long count(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    }
  }
}

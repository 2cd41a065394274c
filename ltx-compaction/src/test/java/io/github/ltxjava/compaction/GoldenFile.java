package io.github.ltxjava.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Cases in a text file: a comment, a command of one or more lines, {@code ----}, the output, an
 * empty line. With {@code -Drewrite=true} the outputs are written anew, to be looked at in a diff.
 */
public final class GoldenFile {

  private static final Path FOLDER = Path.of("src/test/resources/golden");
  private static final String SEPARATOR = "----";

  private GoldenFile() {}

  /** Runs every command of a file and compares its output, or rewrites it. */
  public static void check(String name, Function<List<String>, String> command) throws IOException {
    Path file = FOLDER.resolve(name);
    String expected = Files.readString(file);
    StringBuilder actual = new StringBuilder();
    int cases = 0;
    for (String block : expected.strip().split("\n\n+", -1)) {
      List<String> lines = block.lines().toList();
      int separator = lines.indexOf(SEPARATOR);
      List<String> head = separator < 0 ? lines : lines.subList(0, separator);
      head.forEach(line -> actual.append(line).append('\n'));
      List<String> input = new ArrayList<>(head);
      input.removeIf(line -> line.startsWith("#"));
      if (!input.isEmpty()) {
        actual.append(SEPARATOR).append('\n').append(command.apply(input).strip()).append('\n');
        cases++;
      }
      actual.append('\n');
    }
    assertThat(cases).isPositive();
    String text = actual.toString().strip() + "\n";
    if (Boolean.getBoolean("rewrite")) {
      Files.writeString(file, text);
      return;
    }
    assertThat(text).as(name + "; -Drewrite=true takes this over").isEqualTo(expected);
  }
}

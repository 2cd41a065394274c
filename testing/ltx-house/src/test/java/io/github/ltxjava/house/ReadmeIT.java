package io.github.ltxjava.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the shell blocks of README.md, in order, in one folder that looks like a clone, so that what
 * they write does not land in the real one. Java blocks are run by the consumer projects.
 *
 * <p>A block that cannot be run from a test says so, with the reason, in a comment directly above
 * it: {@code <!-- not run: REASON -->}.
 */
class ReadmeIT {
  private static final Pattern NOT_RUN = Pattern.compile("<!-- not run: (.+) -->");

  /** A fenced block, where it starts, and why it is not run, or an empty text. */
  private record Block(int line, String language, List<String> lines, String notRunBecause) {}

  @TempDir Path folder;

  @BeforeEach
  void needsShell() throws IOException {
    assumeTrue(
        Files.isExecutable(Path.of("/bin/sh")), "no /bin/sh: README's commands were not run");
    // Where bin/try puts what later blocks use; it has to be there to be linked to.
    Files.createDirectories(Repository.root().resolve("target"));
    // bin/try writes there, and the blocks after it look there.
    Files.createDirectories(Repository.root().resolve("target"));
    try (Stream<Path> entries = Files.list(Repository.root())) {
      for (Path entry : (Iterable<Path>) entries::iterator) {
        Files.createSymbolicLink(folder.resolve(entry.getFileName()), entry);
      }
    }
  }

  @AfterEach
  void removeLinks() throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : (Iterable<Path>) entries::iterator) {
        if (Files.isSymbolicLink(entry)) {
          Files.delete(entry);
        }
      }
    }
  }

  @Test
  void everyCommandOfTheReadmeWorks() throws IOException, InterruptedException {
    int ran = 0;
    for (Block block : blocks()) {
      if (block.language().equals("sh") && block.notRunBecause().isEmpty()) {
        String script = String.join("\n", block.lines());
        Shell.Result result = Shell.run(folder, Map.of(), List.of("/bin/sh", "-e", "-c", script));
        assertThat(result.exitCode())
            .as("README.md line %d:%n%s%n%s%n%s", block.line(), script, result.out(), result.err())
            .isZero();
        ran++;
      }
    }
    assertThat(ran).as("shell blocks of README.md that were run").isPositive();
  }

  @Test
  void everyBlockSaysWhatItIs() throws IOException {
    assertThat(blocks())
        .isNotEmpty()
        .allSatisfy(
            block ->
                assertThat(block.language())
                    .as("README.md line %d", block.line())
                    .isIn("sh", "java", "xml", "text", "json"));
  }

  private static List<Block> blocks() throws IOException {
    List<Block> blocks = new ArrayList<>();
    List<String> lines = Files.readAllLines(Repository.root().resolve("README.md"));
    String comment = "";
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.startsWith("```")) {
        List<String> body = new ArrayList<>();
        int start = i + 1;
        for (i++; i < lines.size() && !lines.get(i).strip().equals("```"); i++) {
          body.add(lines.get(i));
        }
        assertThat(i)
            .as("README.md line %d: the block is never closed", start)
            .isLessThan(lines.size());
        Matcher reason = NOT_RUN.matcher(comment);
        blocks.add(
            new Block(start, line.substring(3), body, reason.matches() ? reason.group(1) : ""));
      }
      comment = line;
    }
    return blocks;
  }
}

package io.github.ltxjava.tools.ltx;

import static io.github.ltxjava.tools.ltx.Runner.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.ltxjava.tools.cli.ExitCode;
import io.github.ltxjava.tools.cli.Ran;
import io.github.ltxjava.tools.cli.TestVectors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What all commands have in common. */
class LtxTest {

  private static final Path SNAPSHOT = TestVectors.valid("v3-block/snapshot-10p-mixed-4096");
  private static final Path MISSING = Path.of("no", "such", "file.ltx");
  private static final Pattern EXAMPLE = Pattern.compile("(?m)^Example: ltx (.*)$");
  private static final String ESCAPE = "\u001b[";

  @TempDir Path folder;

  private static List<String> commands() {
    List<String> names = new ArrayList<>();
    Matcher line = Pattern.compile("(?m)^  ([a-z-]+)  +[A-Z]").matcher(run("--help").out());
    while (line.find()) {
      names.add(line.group(1));
    }
    names.remove("help");
    assertThat(names).contains("checksum", "convert", "diff", "dump", "extract", "list", "merge");
    return names;
  }

  @Test
  void everyCommandExplainsItselfWithAnExampleThatRuns() throws IOException {
    for (String command : commands()) {
      Ran help = run(command, "--help");
      assertThat(help.code()).as(command).isEqualTo(ExitCode.OK);
      assertThat(help.out()).contains("Usage: ltx " + command).doesNotContain(ESCAPE);
      assertThat(help.out().lines()).allMatch(line -> line.length() <= 90);
      for (String spelling : List.of("-h", "-help")) {
        assertThat(run(command, spelling).out()).isEqualTo(help.out());
      }

      Matcher example = EXAMPLE.matcher(help.out());
      assertThat(example.find()).as("example of " + command).isTrue();
      Path scene = Files.createDirectory(folder.resolve(command));
      List<String> args = ExampleScene.in(scene).resolve(example.group(1));
      Ran ran = run(args);
      assertThat(ran.code()).as("%s: %s", args, ran.err()).isEqualTo(ExitCode.OK);
      assertThat(ran.err()).as("%s", args).isEmpty();
    }
  }

  @Test
  void theExampleOfTheProgramItselfRuns() throws IOException {
    Matcher example = EXAMPLE.matcher(run("--help").out());
    assertThat(example.find()).isTrue();

    Ran ran = run(ExampleScene.in(folder).resolve(example.group(1)));

    assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.OK);
  }

  @Test
  void aWrongCommandLineIsExplainedInOneLine() {
    List<List<String>> wrong = new ArrayList<>();
    wrong.add(List.of());
    wrong.add(List.of("mrge", "x"));
    wrong.add(List.of("--nonsense"));
    wrong.add(List.of("merge", "a.ltx"));
    wrong.add(List.of("merge", "-o"));
    wrong.add(List.of("merge", "-o", "x", "--to", "v4", "a.ltx"));
    wrong.add(List.of("extract", "--page", "0", "-o", "x", "a.ltx"));
    wrong.add(List.of("extract", "--page", "4294967295", "-o", "x", "a.ltx"));
    wrong.add(List.of("extract", "--page", "1x", "-o", "x", "a.ltx"));
    wrong.add(List.of("diff", "a.ltx"));
    wrong.add(List.of("diff", "a.ltx", "b.ltx", "c.ltx"));
    wrong.add(List.of("dump", "--page", "0", SNAPSHOT.toString()));
    wrong.add(List.of("verify", "--digest=md5", "a.ltx"));
    wrong.add(List.of("verify", "--digest", "--structure", "a.ltx"));
    for (String command : commands()) {
      wrong.add(List.of(command, "--nonsense"));
      if (!List.of("version", "completion").contains(command)) {
        wrong.add(List.of(command));
      }
    }
    for (List<String> args : wrong) {
      Ran ran = run(args);
      assertThat(ran.code()).as("%s: %s", args, ran.err()).isEqualTo(ExitCode.USAGE);
      assertThat(ran.out()).as("%s", args).isEmpty();
      assertThat(ran.err()).as("%s", args).startsWith("ltx").contains("--help").hasLineCount(1);
    }
  }

  @Test
  void aMistypedCommandIsGuessed() {
    assertThat(run("mrge").err()).contains("there is no command mrge", "Did you mean", "merge");
  }

  @Test
  void aMissingFileIsNamed() {
    Path out = folder.resolve("out");
    for (List<Object> args :
        List.<List<Object>>of(
            List.of("checksum", MISSING),
            List.of("convert", "--to", "v2", "-o", out, MISSING),
            List.of("diff", MISSING, SNAPSHOT),
            List.of("diff", SNAPSHOT, MISSING),
            List.of("dump", MISSING),
            List.of("dump", "--json", MISSING),
            List.of("extract", "--page", "1", "-o", out, MISSING),
            List.of("list", MISSING),
            List.of("merge", "-o", out, SNAPSHOT, MISSING),
            List.of("verify", MISSING))) {
      Ran ran = run(args);
      assertThat(ran.code()).as("%s", args).isEqualTo(ExitCode.IO);
      assertThat(ran.err() + ran.out())
          .as("%s", args)
          .contains(MISSING.toString())
          .contains("no such file");
      assertThat(folder).isEmptyDirectory();
    }
  }

  @Test
  void noDamagedFileMakesACommandFailInAnyOtherWay() throws IOException {
    Path out = folder.resolve("out.ltx");
    for (Path file : TestVectors.ofKind("invalid")) {
      for (List<Object> args :
          List.<List<Object>>of(
              List.of("convert", "--to", "v3-block", "-o", out, file),
              List.of("convert", "--to", "v1-lz4", "-o", out, file),
              List.of("diff", file, SNAPSHOT),
              List.of("dump", file),
              List.of("extract", "--page", "3", "-o", out, file),
              List.of("list", file),
              List.of("merge", "-o", out, file),
              List.of("checksum", file),
              List.of("verify", file))) {
        Ran ran = run(args);
        assertThat(ran.code()).as("%s", args).isBetween(0, 3);
        assertThat(ran.err()).as("%s", args).doesNotContain("internal error", "\tat ");
        boolean complete = ran.code() == 0 && args.contains(out);
        assertThat(Files.deleteIfExists(out)).as("%s: %s", args, ran.err()).isEqualTo(complete);
        assertThat(folder).as("%s", args).isEmptyDirectory();
      }
    }
  }

  @Test
  void outputsThatCannotBeWrittenAreNamed() throws IOException {
    Path nowhere = folder.resolve("missing").resolve("out");
    Path existing = Files.writeString(folder.resolve("existing"), "precious");
    for (Path out : List.of(nowhere, existing, folder)) {
      for (List<Object> args :
          List.<List<Object>>of(
              List.of("convert", "--to", "v2", "-o", out, SNAPSHOT),
              List.of("extract", "--page", "1", "-o", out, SNAPSHOT),
              List.of("merge", "-o", out, SNAPSHOT))) {
        Ran ran = run(args);
        assertThat(ran.code()).as("%s: %s", args, ran.err()).isEqualTo(ExitCode.IO);
        assertThat(ran.err()).as("%s", args).contains(out.toString()).hasLineCount(1);
      }
    }
    assertThat(existing).hasContent("precious");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(existing);
    }
  }

  @Test
  void anExistingFileIsReplacedIfForced() throws IOException {
    Path existing = Files.writeString(folder.resolve("existing"), "worthless");

    assertThat(run("merge", "--force", "-o", existing, SNAPSHOT).code()).isEqualTo(ExitCode.OK);

    assertThat(existing).hasSameBinaryContentAs(SNAPSHOT);
  }

  @Test
  void coloursAppearOnlyOnATerminalAndNeverAgainstNoColor() {
    assertThat(run("verify").err()).doesNotContain(ESCAPE);
    assertThat(Runner.onTerminal(Map.of(), "verify").err()).contains(ESCAPE);
    assertThat(Runner.onTerminal(Map.of(), "--help").out()).contains(ESCAPE);
    assertThat(Runner.onTerminal(Map.of("NO_COLOR", ""), "verify").err()).contains(ESCAPE);
    for (Map<String, String> plain : List.of(Map.of("NO_COLOR", "1"), Map.of("TERM", "dumb"))) {
      assertThat(Runner.onTerminal(plain, "verify").err()).doesNotContain(ESCAPE);
      assertThat(Runner.onTerminal(plain, "--help").out()).doesNotContain(ESCAPE);
    }
  }

  @Test
  void bytesAreNotWrittenToATerminal() {
    Ran ran = Runner.onTerminal(Map.of("NO_COLOR", "1"), "merge", "-o", "-", SNAPSHOT);

    assertThat(ran.code()).isEqualTo(ExitCode.USAGE);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).contains("terminal");
  }

  @Test
  void aCancelledCommandLeavesNothingBehind() {
    Path out = folder.resolve("out.ltx");
    for (List<Object> args :
        List.<List<Object>>of(
            List.of("merge", "-o", out, SNAPSHOT),
            List.of("convert", "--to", "v2", "-o", out, SNAPSHOT))) {
      Cancellation cancellation = Cancellation.none();
      cancellation.cancel();
      Ran ran = Runner.cancellable(cancellation, args.toArray());
      // The interrupt that cancelling sends is this thread's.
      Thread.interrupted();
      assertThat(ran.code()).as("%s: %s", args, ran.err()).isEqualTo(130);
      assertThat(ran.err()).contains("interrupted");
      assertThat(folder).isEmptyDirectory();
    }
  }

  @Test
  void aCancelledVerificationSaysNothingAboutTheFile() {
    Cancellation cancellation = Cancellation.none();
    cancellation.cancel();

    Ran ran = Runner.cancellable(cancellation, "verify", SNAPSHOT);

    Thread.interrupted();
    assertThat(ran.code()).isEqualTo(130);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).contains("interrupted");
  }

  @Test
  void anEmptyNameIsNoFolder() {
    for (String command : List.of("verify", "list")) {
      Ran ran = Runner.run(command, "");
      assertThat(ran.code()).as(command).isEqualTo(ExitCode.IO);
      assertThat(ran.out() + ran.err()).contains("the name is empty");
    }
  }

  @Test
  void theVersionIsPrinted() {
    for (String spelling : List.of("version", "--version", "-V")) {
      assertThat(run(spelling).out()).startsWith("ltx ").hasLineCount(1);
    }
  }

  @Test
  void helpIsACommandToo() {
    assertThat(run("help").out()).isEqualTo(run("--help").out());
    assertThat(run("help", "merge").out()).isEqualTo(run("merge", "--help").out());
  }

  @Test
  void theCompletionScriptIsOneThatBashReads() throws IOException, InterruptedException {
    Ran ran = run("completion");
    assertThat(ran.out()).contains("merge").contains("--allow-gaps").contains("complete -F");
    Path bash = Path.of("/bin/bash");
    assumeTrue(Files.isExecutable(bash), "no /bin/bash: the completion script was not parsed");
    Path script = Files.writeString(folder.resolve("completion"), ran.out());
    Process process =
        new ProcessBuilder(bash.toString(), "-n", script.toString())
            .redirectErrorStream(true)
            .start();
    String complaint = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(complaint).isZero();
  }
}

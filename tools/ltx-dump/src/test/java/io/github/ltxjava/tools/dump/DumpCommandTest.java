package io.github.ltxjava.tools.dump;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ltxjava.tools.cli.ExitCode;
import io.github.ltxjava.tools.cli.Golden;
import io.github.ltxjava.tools.cli.JsonTree;
import io.github.ltxjava.tools.cli.Output;
import io.github.ltxjava.tools.cli.Ran;
import io.github.ltxjava.tools.cli.TestVectors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DumpCommandTest {

  private static final Path SNAPSHOT = TestVectors.valid("v3-block/snapshot-10p-mixed-4096");
  private static final Set<String> FIELDS =
      Set.of("layout", "header", "trailer", "fileSize", "indexOffset", "indexSize", "pageCount");

  @TempDir Path folder;

  private static Ran run(Object... args) {
    String[] words = new String[args.length];
    for (int i = 0; i < args.length; i++) {
      words[i] = args[i].toString();
    }
    return Ran.of((out, err) -> DumpCommand.run(words, out, err));
  }

  @Test
  void jsonSaysOfEveryValidVectorWhatItsSidecarSays() throws IOException {
    for (Path file : TestVectors.ofKind("valid")) {
      Ran ran = run("--json", file);
      assertThat(ran.code()).as("%s: %s", file, ran.err()).isEqualTo(ExitCode.OK);
      Map<String, Object> said = JsonTree.parseObject(ran.out());
      Map<String, Object> sidecar = TestVectors.sidecar(file);
      boolean withoutPages = sidecar.get("pageCount").equals(0L);
      for (String field : FIELDS) {
        // Without pages, v3-frame and v3-block are the same bytes.
        if (field.equals("layout") && withoutPages) {
          continue;
        }
        assertThat(said.get(field)).as("%s of %s", field, file).isEqualTo(sidecar.get(field));
      }
      assertThat(said.get("pagesSha256")).as(file.toString()).isEqualTo(sidecar.get("pagesSha256"));
      List<Object> pages = JsonTree.array(said.get("pages"));
      if (sidecar.containsKey("pages")) {
        assertThat(pages).as(file.toString()).isEqualTo(sidecar.get("pages"));
      } else {
        assertThat(pages)
            .containsAll(JsonTree.array(sidecar.getOrDefault("sampledPages", List.of())));
        assertThat((long) pages.size()).isEqualTo(sidecar.get("pageCount"));
      }
    }
  }

  @Test
  void everyInvalidVectorIsDumpedAsFarAsItGoesAndThenRefused() throws IOException {
    for (Path file : TestVectors.ofKind("invalid")) {
      String expected = (String) TestVectors.sidecar(file).get("expect");
      Ran json = run("--json", file);
      Ran text = run("--pages", file);
      assertThat(text.code()).as(file.toString()).isEqualTo(json.code());
      if (expected.equals("reject")) {
        assertThat(json.code()).as(file.toString()).isEqualTo(ExitCode.DAMAGED);
        Map<String, Object> said = JsonTree.parseObject(json.out());
        assertThat(JsonTree.array(said.get("findings"))).isNotEmpty();
        assertThat(text.err()).contains(" at offset ");
      } else if (expected.equals("accept")) {
        assertThat(json.code()).as(file.toString()).isEqualTo(ExitCode.OK);
      }
      assertThat(json.err() + text.err()).doesNotContain("\tat ").doesNotContain("java.");
    }
  }

  @Test
  void textIsForPeople() throws IOException {
    StringBuilder all = new StringBuilder();
    for (String name :
        List.of(
            "v3-block/snapshot-10p-mixed-4096",
            "v3-frame/delta-grow",
            "v2/delta-grow",
            "v1-raw/delta-grow",
            "v1-lz4/delta-grow",
            "v3-block/commit-zero-delta")) {
      Ran ran = run("--pages", TestVectors.valid(name));
      all.append("ltx-dump --pages ").append(name).append("\n----\n").append(ran.out());
      all.append("\n");
    }
    Ran summary = run(SNAPSHOT);
    all.append("ltx-dump\n----\n").append(summary.out());
    Golden.check("dump.txt", unixNames(all.toString()));
  }

  @Test
  void damageIsReportedAfterWhatCanBeRead() throws IOException {
    StringBuilder all = new StringBuilder();
    for (String name : List.of("page-size-0", "block-size-2gb", "index-entry-missing")) {
      Ran ran = run("--pages", TestVectors.invalid("v3-block/" + name));
      assertThat(ran.code()).isEqualTo(ExitCode.DAMAGED);
      all.append("ltx-dump --pages ").append(name).append("\n----\n").append(ran.out());
      all.append("---- errors\n").append(ran.err()).append("\n");
    }
    Golden.check("damaged.txt", unixNames(all.toString()));
  }

  @Test
  void aSinglePageIsPrintedInHexadecimal() throws IOException {
    StringBuilder all = new StringBuilder();
    for (String layout : List.of("v3-block", "v1-lz4", "v1-raw")) {
      Path file = TestVectors.valid(layout + "/snapshot-10p-mixed-4096");
      Ran ran = run("--page", 1, file);
      assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.OK);
      all.append("ltx-dump --page 1 ").append(layout).append("\n----\n").append(ran.out());
    }
    Golden.check("page.txt", all.toString());
  }

  @Test
  void aSinglePageInJsonAgreesWithTheListOfPages() throws IOException {
    Map<String, Object> whole = JsonTree.parseObject(run("--json", SNAPSHOT).out());
    for (Object listed : JsonTree.array(whole.get("pages"))) {
      Map<String, Object> expected = JsonTree.object(listed);
      Ran ran = run("--json", "--page=" + expected.get("pgno"), SNAPSHOT);
      Map<String, Object> page = JsonTree.parseObject(ran.out());
      assertThat(page).containsAllEntriesOf(expected);
      assertThat((String) page.get("data")).hasSize(2 * 4096);
    }
  }

  @Test
  void aPageIsFoundInAFileWhoseIndexIsBroken() {
    Ran ran = run("--page", 3, TestVectors.invalid("v3-block/index-entry-missing"));

    assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.OK);
    assertThat(ran.out()).startsWith("page 3, ");
  }

  @Test
  void aPageThatIsNotThereIsSaidToBeMissing() {
    Ran ran = run("--page", 11, SNAPSHOT);

    assertThat(ran.code()).isEqualTo(ExitCode.DAMAGED);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).contains("page 11 is not in").contains("--pages");
  }

  @Test
  void aWrongCommandLineIsExplained() {
    for (List<Object> args :
        List.<List<Object>>of(
            List.of(),
            List.of("--nonsense", SNAPSHOT),
            List.of(SNAPSHOT, SNAPSHOT),
            List.of(SNAPSHOT, "--page"),
            List.of("--page", "0", SNAPSHOT),
            List.of("--page", "-1", SNAPSHOT),
            List.of("--page", "4294967295", SNAPSHOT),
            List.of("--page", "99999999999999999999999", SNAPSHOT),
            List.of("--page", "two", SNAPSHOT))) {
      Ran ran = run(args.toArray());
      assertThat(ran.code()).as("%s", args).isEqualTo(ExitCode.USAGE);
      assertThat(ran.out()).isEmpty();
      assertThat(ran.err()).startsWith("ltx-dump: ").contains("ltx-dump --help").hasLineCount(1);
    }
  }

  @Test
  void aFileThatCannotBeReadIsAnErrorOfItsOwn() {
    Ran missing = run(folder.resolve("none.ltx"));
    assertThat(missing.code()).isEqualTo(ExitCode.IO);
    assertThat(missing.err()).contains("none.ltx: no such file").hasLineCount(1);

    Ran directory = run("--json", folder);
    assertThat(directory.code()).isEqualTo(ExitCode.IO);
    assertThat(directory.err()).contains(folder.toString()).hasLineCount(1);
  }

  @Test
  void anEmptyFileIsDamaged() throws IOException {
    Path empty = Files.createFile(folder.resolve("empty.ltx"));

    Ran ran = run(empty);

    assertThat(ran.code()).isEqualTo(ExitCode.DAMAGED);
    assertThat(ran.err()).contains("TRUNCATED at offset 0");
  }

  @Test
  void outputThatCannotBeWrittenIsAnError() {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("No space left on device");
          }
        };
    ByteArrayOutputStream err = new ByteArrayOutputStream();

    int code =
        DumpCommand.run(
            new String[] {"--json", SNAPSHOT.toString()},
            new Output(full),
            new PrintStream(err, true, StandardCharsets.UTF_8));

    assertThat(code).isEqualTo(ExitCode.IO);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("No space left on device");
  }

  @Test
  void theExampleOfTheHelpRuns() throws IOException {
    Ran help = run("--help");
    assertThat(help.code()).isEqualTo(ExitCode.OK);
    String example = help.out().substring(help.out().indexOf("Example: ") + "Example: ".length());
    String[] words = example.strip().split(" ");
    assertThat(words[0]).isEqualTo("ltx-dump");
    Path file = folder.resolve(words[words.length - 1]);
    Files.copy(SNAPSHOT, file);
    Object[] args = new Object[words.length - 1];
    System.arraycopy(words, 1, args, 0, args.length);
    args[args.length - 1] = file;

    assertThat(run(args).code()).isEqualTo(ExitCode.OK);
  }

  @Test
  void theVersionIsPrinted() {
    assertThat(run("--version").out()).startsWith("ltx-dump ");
  }

  private static String unixNames(String text) {
    return text.replace('\\', '/');
  }
}

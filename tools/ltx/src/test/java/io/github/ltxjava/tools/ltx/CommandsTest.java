package io.github.ltxjava.tools.ltx;

import static io.github.ltxjava.tools.ltx.Runner.run;
import static io.github.ltxjava.tools.ltx.Runner.runOn;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ltxjava.Layout;
import io.github.ltxjava.digest.DigestAlgorithm;
import io.github.ltxjava.digest.LtxDigest;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.tools.cli.ExitCode;
import io.github.ltxjava.tools.cli.Golden;
import io.github.ltxjava.tools.cli.JsonTree;
import io.github.ltxjava.tools.cli.Ran;
import io.github.ltxjava.tools.cli.TestVectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands that need nothing but LTX files. What the Go program prints is in the golden files
 * go-*, written by {@code ltx} v0.5.3 itself.
 */
class CommandsTest {

  private static final Path SNAPSHOT = TestVectors.valid("v3-block/snapshot-10p-mixed-4096");
  private static final List<Path> LISTED =
      List.of(
          TestVectors.valid("v3-block/chain3-1"),
          TestVectors.valid("v3-block/chain3-2"),
          TestVectors.valid("v3-block/chain3-3"),
          TestVectors.valid("v3-block/timestamp-max"),
          TestVectors.valid("v3-frame/delta-lock-neighbours-512"),
          TestVectors.valid("v3-block/commit-zero-delta"));

  @TempDir Path folder;

  @Test
  void listPrintsWhatTheGoProgramPrints() throws IOException {
    Golden.check("go-list.txt", runOn(LISTED, "list").out());
    for (String spelling : List.of("-tsv", "--tsv", "-tsv=true")) {
      Golden.check("go-list-tsv.txt", runOn(LISTED, "list", spelling).out());
    }
    Golden.check("go-list.txt", runOn(LISTED, "list", "-tsv=false").out());
  }

  @Test
  void listGoesOnAfterADamagedFile() {
    Path damaged = TestVectors.invalid("v3-block/index-empty");

    Ran ran = run("list", damaged, SNAPSHOT);

    assertThat(ran.code()).isEqualTo(ExitCode.DAMAGED);
    assertThat(ran.out()).hasLineCount(2);
    assertThat(ran.err()).contains("index-empty.ltx: BAD_INDEX at offset").hasLineCount(1);
  }

  @Test
  void dumpPrintsWhatTheGoProgramPrints() throws IOException {
    StringBuilder all = new StringBuilder();
    for (String name :
        List.of("v3-block/chain3-3", "v3-frame/delta-grow", "v3-block/timestamp-max")) {
      all.append(run("dump", TestVectors.valid(name)).out());
    }
    Golden.check("go-dump.txt", all.toString());
  }

  @Test
  void dumpHasTheOtherFormsToo() throws IOException {
    Map<String, Object> said = JsonTree.parseObject(run("dump", "--json", SNAPSHOT).out());
    assertThat(said).containsEntry("pageCount", 10L);
    assertThat(run("dump", "--pages", SNAPSHOT).out()).contains("pages in the file     10");
    assertThat(run("dump", "--summary", SNAPSHOT).out()).contains("pages in the file     10");
    assertThat(run("dump", "--page", 3, SNAPSHOT).out()).startsWith("page 3, ");
  }

  @Test
  void verifyPrintsWhatTheGoProgramPrints() {
    assertThat(runOn(LISTED, "verify")).isEqualTo(new Ran(ExitCode.OK, "ok\n", ""));

    Path damaged = TestVectors.invalid("v3-block/flip-page-data");
    Ran ran = run("verify", SNAPSHOT, damaged);
    assertThat(ran.code()).isEqualTo(ExitCode.DAMAGED);
    assertThat(ran.out()).startsWith(damaged + ": ").endsWith("1 ok, 1 invalid\n").hasLineCount(2);
  }

  @Test
  void verifyHasTheOtherFormsToo() throws IOException {
    List<Object> said = JsonTree.array(JsonTree.parse(runOn(LISTED, "verify", "--json").out()));
    assertThat(said).hasSameSizeAs(LISTED);
    assertThat(run("verify", "--list", SNAPSHOT).out()).contains(": ok, v3-block, snapshot ");
    assertThat(run("verify", "--digest=sha256", SNAPSHOT).out()).contains("sha256:");
    assertThat(run("verify", "--digest=blake3", SNAPSHOT).out()).contains("blake3:");
    Path flipped = TestVectors.invalid("v3-block/flip-page-data");
    assertThat(run("verify", "--structure", flipped).code()).isEqualTo(ExitCode.OK);
  }

  @Test
  void convertingKeepsTheContentInEveryLayout() throws IOException {
    for (Layout from : Layout.values()) {
      Path file = TestVectors.valid(from.label() + "/snapshot-10p-mixed-4096");
      LtxDigest content = content(file);
      for (Layout to : Layout.values()) {
        Path out = folder.resolve(from + "-" + to + ".ltx");
        Ran ran = run("convert", "--to", to, "-o", out, file);
        assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.OK);
        assertThat(content(out)).isEqualTo(content);
        assertThat(run("dump", "--json", out).out()).contains("\"layout\": \"" + to + "\"");
        assertThat(run("diff", file, out)).isEqualTo(new Ran(ExitCode.OK, "", ""));
      }
    }
  }

  private static LtxDigest content(Path file) throws IOException {
    return LtxDigest.ofContent(ByteSource.open(file), DigestAlgorithm.BLAKE3);
  }

  @Test
  void whatALayoutCannotCarryIsRefused() {
    Path noChecksum = TestVectors.valid("v3-block/delta-lock-neighbours-4096");
    assertThat(run("list", noChecksum).out()).contains("0000000000000000  0000000000000000");

    Ran ran = run("convert", "--to", "v1-raw", "-o", folder.resolve("out"), noChecksum);

    assertThat(ran.code()).isEqualTo(ExitCode.DAMAGED);
    assertThat(ran.err()).contains(noChecksum.toString(), "v1-raw", "use another layout");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void pagesAreExtractedFromEveryLayout() throws IOException, NoSuchAlgorithmException {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    for (Layout layout : Layout.values()) {
      Path file = TestVectors.valid(layout + "/snapshot-10p-mixed-4096");
      for (Object page : JsonTree.array(TestVectors.sidecar(file).get("pages"))) {
        Object number = JsonTree.object(page).get("pgno");
        Path out = folder.resolve(layout + "-" + number);
        Ran ran = run("extract", "--page", number, "-o", out, file);
        assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.OK);
        byte[] content = Files.readAllBytes(out);
        assertThat(HexFormat.of().formatHex(sha256.digest(content)))
            .isEqualTo(JsonTree.object(page).get("dataSha256"));
        assertThat(Runner.bytes("extract", "--page", number, "-o", "-", file)).isEqualTo(content);
      }
      Ran missing = run("extract", "--page", 11, "-o", folder.resolve("none"), file);
      assertThat(missing.code()).isEqualTo(ExitCode.DAMAGED);
      assertThat(missing.err()).contains("does not hold page 11");
    }
    assertThat(folder.resolve("none")).doesNotExist();
  }

  @Test
  void differencesAreNamed() throws IOException {
    Ran chain = run("diff", LISTED.get(0), LISTED.get(1));
    assertThat(chain.code()).isEqualTo(1);
    Golden.check("diff.txt", chain.out());

    Ran swapped = run("diff", LISTED.get(1), LISTED.get(0));
    assertThat(lines(swapped, "only in the second file"))
        .isEqualTo(lines(chain, "only in the first file"));
  }

  private static List<String> lines(Ran ran, String end) {
    return ran.out()
        .lines()
        .filter(line -> line.endsWith(end))
        .map(line -> line.substring(0, line.indexOf(':')))
        .toList();
  }

  @Test
  void aDamagedFileDoesNotPassForADifferentOne() {
    Ran ran = run("diff", SNAPSHOT, TestVectors.invalid("v3-block/flip-page-data"));

    assertThat(ran.code()).isEqualTo(ExitCode.IO);
    assertThat(ran.err()).contains("flip-page-data");
  }

  @Test
  void mergingGivesWhatTheGoProgramWrote() throws IOException {
    int merged = 0;
    try (Stream<Path> cases = Files.list(TestVectors.ROOT.resolve("merge/v3-block"))) {
      for (Path each : cases.sorted().toList()) {
        Map<String, Object> sidecar =
            JsonTree.parseObject(Files.readString(each.resolve("case.json")));
        if (!sidecar.get("result").equals("ok")
            || !Boolean.TRUE.equals(sidecar.get("outputEqualsUnchangedFrameCopy"))
            || each.getFileName().toString().startsWith("stale-page")) {
          continue;
        }
        Path out = folder.resolve(each.getFileName() + ".ltx");
        Ran ran = run(mergeArguments(each, sidecar, out));
        assertThat(ran.code()).as("%s: %s", each, ran.err()).isEqualTo(ExitCode.OK);
        assertThat(out).hasSameBinaryContentAs(each.resolve("out.ltx"));
        merged++;
      }
    }
    assertThat(merged).isGreaterThan(10);
  }

  private static List<Object> mergeArguments(Path folder, Map<String, Object> sidecar, Path out) {
    List<Object> args = new ArrayList<>(List.of("merge", "-o", out));
    Map<String, Object> options = JsonTree.object(sidecar.get("options"));
    if (Boolean.TRUE.equals(options.get("allowNonContiguousTXIDs"))) {
      args.add("--allow-gaps");
    }
    if (options.getOrDefault("headerFlags", 0L).equals(2L)) {
      args.add("--no-checksum");
    }
    for (Object input : JsonTree.array(sidecar.get("inputs"))) {
      args.add(folder.resolve((String) JsonTree.object(input).get("file")));
    }
    return args;
  }

  @Test
  void aGapIsRefusedAndBothFilesAreNamed() {
    Ran ran = run("merge", "-o", folder.resolve("out"), LISTED.get(0), LISTED.get(2));

    assertThat(ran.code()).isEqualTo(ExitCode.DAMAGED);
    assertThat(ran.err()).contains("chain3-1.ltx", "chain3-3.ltx");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void theMergedFileCanGoToTheStandardOutput() throws IOException {
    assertThat(Runner.bytes("merge", "-o", "-", SNAPSHOT)).isEqualTo(Files.readAllBytes(SNAPSHOT));
  }
}

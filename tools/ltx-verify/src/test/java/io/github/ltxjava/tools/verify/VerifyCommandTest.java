package io.github.ltxjava.tools.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.ltxjava.LtxFormatException.Reason;
import io.github.ltxjava.tools.cli.ExitCode;
import io.github.ltxjava.tools.cli.Golden;
import io.github.ltxjava.tools.cli.JsonTree;
import io.github.ltxjava.tools.cli.Ran;
import io.github.ltxjava.tools.cli.TestVectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyCommandTest {

  private static final Set<String> CODES =
      Arrays.stream(Reason.values()).map(Reason::name).collect(Collectors.toSet());

  private static final Path SNAPSHOT = TestVectors.valid("v3-block/snapshot-10p-mixed-4096");
  private static final Path DAMAGED = TestVectors.invalid("v3-block/index-entry-missing");

  @TempDir Path folder;

  private static Ran run(List<?> args) {
    String[] words = args.stream().map(Object::toString).toArray(String[]::new);
    return Ran.of((out, err) -> VerifyCommand.run(words, out, err));
  }

  private static Ran run(Object... args) {
    return run(List.of(args));
  }

  private static List<Map<String, Object>> json(List<?> args) throws IOException {
    List<Object> all = new ArrayList<>(List.of("--json"));
    all.addAll(args);
    return JsonTree.array(JsonTree.parse(run(all).out())).stream().map(JsonTree::object).toList();
  }

  @Test
  void everyValidVectorIsSound() throws IOException {
    List<Path> files = TestVectors.ofKind("valid");
    for (Map<String, Object> said : json(files)) {
      assertThat(said.get("ok")).as("%s", said).isEqualTo(true);
      assertThat(JsonTree.array(said.get("findings"))).isEmpty();
      Map<String, Object> sidecar = TestVectors.sidecar(Path.of((String) said.get("file")));
      if (!sidecar.get("pageCount").equals(0L)) {
        assertThat(said.get("layout")).as("%s", said).isEqualTo(sidecar.get("layout"));
      }
    }
    Ran text = run(files);
    assertThat(text.code()).isEqualTo(ExitCode.OK);
    assertThat(text.out()).hasLineCount(files.size() + 1);
    assertThat(text.err()).isEmpty();
  }

  @Test
  void everyInvalidVectorIsRefusedWithACodeAPlaceAndAMessage() throws IOException {
    List<Path> files = TestVectors.ofKind("invalid");
    List<Map<String, Object>> reports = json(files);
    assertThat(reports).hasSameSizeAs(files);
    for (Map<String, Object> said : reports) {
      Path file = Path.of((String) said.get("file"));
      switch ((String) TestVectors.sidecar(file).get("expect")) {
        case "reject" -> {
          assertThat(said.get("ok")).as("%s", said).isEqualTo(false);
          List<Object> findings = JsonTree.array(said.get("findings"));
          assertThat(findings).as("%s", said).isNotEmpty();
          for (Object finding : findings) {
            Map<String, Object> fields = JsonTree.object(finding);
            assertThat(CODES).contains((String) fields.get("code"));
            assertThat((Long) fields.get("offset")).isBetween(0L, Files.size(file));
            assertThat((String) fields.get("message")).isNotBlank();
          }
        }
        case "accept" -> assertThat(said.get("ok")).as("%s", said).isEqualTo(true);
        default -> assertThat(said).containsKey("ok");
      }
    }
  }

  @Test
  void textIsForPeople() throws IOException {
    Ran ran =
        run(
            SNAPSHOT,
            TestVectors.valid("v1-lz4/delta-grow"),
            TestVectors.valid("v3-block/commit-zero-delta"),
            DAMAGED,
            TestVectors.invalid("v3-block/magic-zero"),
            TestVectors.ROOT.resolve("no such file.ltx"));

    assertThat(ran.code()).isEqualTo(ExitCode.IO);
    assertThat(ran.err()).isEmpty();
    Golden.check("verify.txt", ran.out().replace('\\', '/'));
  }

  @Test
  void theExitCodeTellsDamageFromAMissingFile() {
    assertThat(run(SNAPSHOT).code()).isEqualTo(ExitCode.OK);
    assertThat(run(SNAPSHOT, DAMAGED).code()).isEqualTo(ExitCode.DAMAGED);
    assertThat(run(folder.resolve("none"), DAMAGED).code()).isEqualTo(ExitCode.IO);
    assertThat(run("--structure", DAMAGED).code()).isEqualTo(ExitCode.DAMAGED);
  }

  @Test
  void structureDoesNotReadPageData() {
    Path flipped = TestVectors.invalid("v3-block/flip-page-data");

    assertThat(run("--structure", flipped).code()).isEqualTo(ExitCode.OK);
    assertThat(run(flipped).code()).isEqualTo(ExitCode.DAMAGED);
  }

  @Test
  void aFileThatCannotBeReadIsAFindingInJson() throws IOException {
    Map<String, Object> said = json(List.of(folder.resolve("none.ltx"))).get(0);

    assertThat(said).containsEntry("ok", false).doesNotContainKey("layout");
    assertThat(JsonTree.array(said.get("findings")))
        .isEqualTo(
            List.of(Map.of("code", "IO", "offset", 0L, "message", "no such file or folder")));
  }

  @Test
  void aForbiddenFileIsSaidToBeForbidden() throws IOException {
    Path secret = Files.copy(SNAPSHOT, folder.resolve("secret.ltx"));
    assumeTrue(
        secret.getFileSystem().supportedFileAttributeViews().contains("posix"),
        "no POSIX permissions here: a forbidden file was not tried");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
    assumeTrue(!Files.isReadable(secret), "run as root: a forbidden file was not tried");

    Ran ran = run(secret);

    assertThat(ran.code()).isEqualTo(ExitCode.IO);
    assertThat(ran.out()).contains("permission denied");
  }

  @Test
  void aFolderStandsForAllFilesInItAndBelow() throws IOException {
    Path deep = Files.createDirectories(folder.resolve("b/c"));
    Files.copy(SNAPSHOT, deep.resolve("2.ltx"));
    Files.copy(SNAPSHOT, folder.resolve("z.ltx"));
    Files.copy(DAMAGED, folder.resolve("a.ltx"));
    Files.writeString(folder.resolve("notes.txt"), "not looked at");

    List<Object> files = new ArrayList<>();
    json(List.of(folder))
        .forEach(
            said -> files.add(folder.relativize(Path.of((String) said.get("file"))).toString()));

    assertThat(files).containsExactly("a.ltx", Path.of("b", "c", "2.ltx").toString(), "z.ltx");
    assertThat(run(folder).code()).isEqualTo(ExitCode.DAMAGED);
  }

  @Test
  void aFolderWithoutFilesIsNotSound() throws IOException {
    Ran ran = run(Files.createDirectories(folder.resolve("empty")));

    assertThat(ran.code()).isEqualTo(ExitCode.IO);
    assertThat(ran.out()).contains("a folder without a file");
  }

  @Test
  void digestsTellFilesApartAndContentsNot() throws IOException {
    Path other = TestVectors.valid("v2/snapshot-10p-mixed-4096");
    for (List<String> option :
        List.of(List.of("--digest"), List.of("--digest", "sha256"), List.of("--digest=sha256"))) {
      List<Object> args = new ArrayList<>(option);
      args.addAll(List.of(SNAPSHOT, other, DAMAGED));
      List<Map<String, Object>> said = json(args);

      assertThat(said.get(0).get("contentDigest")).isEqualTo(said.get(1).get("contentDigest"));
      assertThat(said.get(0).get("fileDigest")).isNotEqualTo(said.get(1).get("fileDigest"));
      assertThat(said.get(2)).doesNotContainKeys("fileDigest", "contentDigest");
    }
    assertThat(run("--digest", SNAPSHOT).out())
        .contains("  file     blake3:", "  content  blake3:");
    assertThat(run("--digest", "sha256", SNAPSHOT).out())
        .contains("sha256:" + TestVectors.sidecar(SNAPSHOT).get("fileSha256"));
  }

  @Test
  void aWrongCommandLineIsExplained() {
    for (List<Object> args :
        List.<List<Object>>of(
            List.of(),
            List.of("--json"),
            List.of("--nonsense", SNAPSHOT),
            List.of("--digest=md5", SNAPSHOT),
            List.of("--digest", "--structure", SNAPSHOT))) {
      Ran ran = run(args);
      assertThat(ran.code()).as("%s", args).isEqualTo(ExitCode.USAGE);
      assertThat(ran.out()).isEmpty();
      assertThat(ran.err()).startsWith("ltx-verify: ").contains("ltx-verify --help");
    }
  }

  @Test
  void namesWithControlCharactersDoNotReachTheTerminal() {
    Ran ran = run(folder.resolve("a\u001b[31m\nb.ltx"));

    assertThat(ran.out()).doesNotContain("\u001b").hasLineCount(1);
  }

  @Test
  void theExampleOfTheHelpRuns() throws IOException {
    Ran help = run("--help");
    assertThat(help.code()).isEqualTo(ExitCode.OK);
    String example = help.out().substring(help.out().indexOf("Example: ") + "Example: ".length());
    List<Object> words = new ArrayList<>(List.of((Object[]) example.strip().split(" ")));
    assertThat(words.remove(0)).isEqualTo("ltx-verify");
    Path file = folder.resolve(words.remove(words.size() - 1).toString());
    Files.copy(SNAPSHOT, file);
    words.add(file);

    assertThat(run(words).code()).isEqualTo(ExitCode.OK);
  }
}

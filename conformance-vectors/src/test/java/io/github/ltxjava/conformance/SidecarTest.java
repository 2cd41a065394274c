package io.github.ltxjava.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.conformance.CaseResult.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the sidecars and the README say is complete and goes together. */
final class SidecarTest {
  private static final Pattern CODE = Pattern.compile("`([A-Z_]+)`");
  private static final Pattern DEFECT = Pattern.compile("`([a-z0-9*-]+)`");
  private static final Set<String> REASONS =
      Arrays.stream(LtxFormatException.Reason.values()).map(Enum::name).collect(Collectors.toSet());

  @Test
  void everyFileIsTheOneItsSidecarDescribes() throws IOException {
    for (Kind kind : List.of(Kind.VALID, Kind.INVALID)) {
      for (Vector vector : vectors(kind)) {
        Json json = vector.json();
        assertThat(json.get("case").string()).isEqualTo(vector.name().replaceAll(".*/", ""));
        assertThat(vector.name()).contains("/" + json.get("layout").string() + "/");
        assertThat(json.get("producer").string()).as(vector.name()).isNotEmpty();
        assertThat(json.get("rule").string()).as(vector.name()).endsWith(".");
        assertThat(Files.size(vector.path())).isEqualTo(json.get("fileSize").number());
        assertThat(Hashes.sha256(vector.path())).isEqualTo(json.get("fileSha256").string());
      }
    }
  }

  @Test
  void everyInputOfAMergeOrApplicationIsTheOneItsSidecarDescribes() throws IOException {
    for (Kind kind : List.of(Kind.MERGE, Kind.APPLY)) {
      for (Vector vector : vectors(kind)) {
        List<Json> files = vector.json().get(kind == Kind.MERGE ? "inputs" : "steps").items();
        assertThat(files).isNotEmpty();
        for (Json file : files) {
          Path path = vector.path().resolve(file.get("file").string());
          assertThat(Hashes.sha256(path)).isEqualTo(file.get("fileSha256").string());
        }
      }
    }
  }

  @Test
  void everyRecordedFileOfARealDirectoryIsThere() throws IOException {
    for (Kind kind : List.of(Kind.LITEFS, Kind.LITESTREAM)) {
      for (Vector vector : vectors(kind)) {
        for (Json file : vector.json().get("files").items()) {
          Path path = vector.path().resolve(file.get("path").string());
          assertThat(Hashes.sha256(path)).isEqualTo(file.get("sha256").string());
        }
      }
    }
  }

  @Test
  void everyDamagedFileNamesReasonsThatExist() throws IOException {
    for (Vector vector : vectors(Kind.INVALID)) {
      Json json = vector.json();
      boolean reject = json.get("expect").string().equals("reject");
      assertThat(json.has("reasons") || !reject).as(vector.name()).isTrue();
      assertThat(REASONS).as(vector.name()).containsAll(codes(json));
    }
  }

  @Test
  void theReadmesTableOfDefectsIsWhatTheSidecarsSay() throws IOException {
    Map<String, Set<String>> table = table();
    assertThat(table).hasSizeGreaterThan(20);
    Set<String> unused = new TreeSet<>(table.keySet());
    for (Vector vector : vectors(Kind.INVALID)) {
      String defect = vector.json().get("defect").string();
      Set<String> allowed = new HashSet<>();
      for (Map.Entry<String, Set<String>> row : table.entrySet()) {
        if (defect.matches(row.getKey().replace("*", ".*"))) {
          allowed.addAll(row.getValue());
          unused.remove(row.getKey());
        }
      }
      assertThat(allowed).as("%s (%s)", vector.name(), defect).containsAll(codes(vector.json()));
    }
    assertThat(unused).isEmpty();
  }

  /** The rows of the README's table: a defect, which may end in an asterisk, and its codes. */
  private static Map<String, Set<String>> table() throws IOException {
    Map<String, Set<String>> table = new LinkedHashMap<>();
    String readme = Files.readString(Path.of("README.md"));
    String section = readme.substring(readme.indexOf("## Which code for which defect"));
    for (String line : section.substring(0, section.indexOf("\n## ")).lines().toList()) {
      String[] cells = line.split("\\|", -1);
      if (cells.length == 4 && cells[1].contains("`")) {
        Set<String> codes = matches(CODE, cells[2]);
        for (String defect : matches(DEFECT, cells[1])) {
          table
              .computeIfAbsent(defect, d -> new HashSet<>())
              .addAll(cells[2].startsWith(" any") ? REASONS : codes);
        }
      }
    }
    return table;
  }

  private static Set<String> matches(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .map(match -> match.substring(1, match.length() - 1))
        .collect(Collectors.toSet());
  }

  private static List<String> codes(Json json) {
    List<String> codes = new ArrayList<>();
    for (String list : List.of("reasons", "findings")) {
      if (json.has(list)) {
        json.get(list).items().forEach(item -> codes.add(item.get("code").string()));
      }
    }
    return codes;
  }

  private static List<Vector> vectors(Kind kind) throws IOException {
    List<Vector> vectors = Vectors.at(Path.of("")).list(kind);
    assertThat(vectors).isNotEmpty();
    return vectors;
  }
}

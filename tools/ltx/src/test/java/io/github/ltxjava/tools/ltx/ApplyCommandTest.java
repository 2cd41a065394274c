package io.github.ltxjava.tools.ltx;

import static io.github.ltxjava.tools.ltx.Runner.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ltxjava.tools.cli.ExitCode;
import io.github.ltxjava.tools.cli.JsonTree;
import io.github.ltxjava.tools.cli.Ran;
import io.github.ltxjava.tools.cli.TestVectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApplyCommandTest {

  @TempDir Path folder;

  @Test
  void everyChainOfTheVectorsGivesTheDatabaseOfTheReference() throws IOException {
    int applied = 0;
    for (String layout : List.of("v3-block", "v3-frame", "v2", "v1-raw", "v1-lz4")) {
      try (Stream<Path> cases = Files.list(TestVectors.ROOT.resolve("apply").resolve(layout))) {
        for (Path each : cases.sorted().toList()) {
          String json = Files.readString(each.resolve("case.json"));
          if (!JsonTree.object(JsonTree.parse(json.replace("null", "0")))
              .get("result")
              .equals("ok")) {
            continue;
          }
          Path database = folder.resolve(layout + "-" + each.getFileName());
          if (Files.exists(each.resolve("before.db"))) {
            Files.copy(each.resolve("before.db"), database);
          }
          List<Object> args = new ArrayList<>(List.of("apply", "-db", database));
          for (int i = 1; Files.exists(each.resolve(i + ".ltx")); i++) {
            args.add(each.resolve(i + ".ltx"));
          }
          assertThat(run(args)).as("%s", args).isEqualTo(new Ran(ExitCode.OK, "", ""));
          assertThat(database).hasSameBinaryContentAs(each.resolve("after.db"));
          applied++;
        }
      }
    }
    assertThat(applied).isGreaterThan(40);
  }

  @Test
  void aSnapshotOfARealDatabaseGivesItBack() throws IOException {
    Path database = folder.resolve("app.db");
    Databases.small(database);
    Path snapshot = folder.resolve("app.ltx");
    Path copy = folder.resolve("copy.db");

    run("encode-db", "-o", snapshot, database);

    for (String spelling : List.of("-db", "--db")) {
      assertThat(run("apply", spelling, copy, snapshot)).isEqualTo(new Ran(ExitCode.OK, "", ""));
      assertThat(copy).hasSameBinaryContentAs(database);
    }
    Ran equals = run("apply", "-db=" + folder.resolve("other.db"), snapshot);
    assertThat(equals.code()).as(equals.err()).isEqualTo(ExitCode.OK);
  }

  @Test
  void aFileThatDoesNotFitOrIsDamagedChangesNothing() throws IOException {
    Path database = folder.resolve("app.db");
    Path first = TestVectors.valid("v3-block/chain3-1");
    run("apply", "-db", database, first);
    byte[] content = Files.readAllBytes(database);

    for (Path wrong :
        List.of(
            TestVectors.valid("v3-block/chain3-3"),
            TestVectors.invalid("v3-block/flip-page-data"))) {
      Ran ran = run("apply", "-db", database, first, wrong);
      assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.DAMAGED);
      assertThat(ran.err()).contains(wrong.toString()).hasLineCount(1);
      assertThat(database).hasBinaryContent(content);
      Path absent = folder.resolve("absent.db");
      assertThat(run("apply", "-db", absent, first, wrong).code()).isEqualTo(ExitCode.DAMAGED);
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(database);
    }
  }
}

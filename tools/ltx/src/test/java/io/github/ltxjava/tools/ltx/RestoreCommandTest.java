package io.github.ltxjava.tools.ltx;

import static io.github.ltxjava.tools.ltx.Runner.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ltxjava.DatabaseChecksum;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.tools.cli.ExitCode;
import io.github.ltxjava.tools.cli.JsonTree;
import io.github.ltxjava.tools.cli.Ran;
import io.github.ltxjava.tools.cli.TestVectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoreCommandTest {

  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

  @TempDir Path folder;

  private Path store;
  private Path database;

  /** Three transactions, a second apart. */
  @BeforeEach
  void fillStore() throws IOException {
    store = folder.resolve("replica");
    database = folder.resolve("restored.db");
    Path level = Files.createDirectories(store.resolve("ltx/0"));
    for (int i = 1; i <= 3; i++) {
      String txid = "000000000000000" + i;
      Path file = level.resolve(txid + "-" + txid + ".ltx");
      Files.copy(TestVectors.valid("v3-block/chain3-" + i), file);
      Files.setLastModifiedTime(file, FileTime.from(NOON.plusSeconds(i)));
    }
  }

  private static Map<String, Object> part(int transaction, String name) throws IOException {
    Path file = TestVectors.valid("v3-block/chain3-" + transaction);
    return JsonTree.object(TestVectors.sidecar(file).get(name));
  }

  private void restores(int transaction, Object... options) throws IOException {
    List<Object> args = new ArrayList<>(List.of("restore", "-o", database));
    args.addAll(List.of(options));
    args.add(store);
    Ran ran = run(args);
    assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.OK);
    assertThat(ran.out()).startsWith("restored transaction 000000000000000" + transaction);
    try (ByteSource source = ByteSource.open(database)) {
      Long pageSize = (Long) part(transaction, "header").get("pageSize");
      assertThat(DatabaseChecksum.of(source, pageSize.intValue()))
          .hasToString((String) part(transaction, "trailer").get("postApplyChecksum"));
    }
    Files.delete(database);
  }

  @Test
  void everyStateCanBeHad() throws IOException {
    restores(3);
    restores(1, "--txid", "0000000000000001");
    restores(2, "-txid", "0000000000000002");
    restores(2, "--timestamp", "2026-11-25T12:00:02Z");
    restores(2, "--timestamp", "2026-11-25T13:00:02.999999999+01:00");
    restores(1, "--strictly-before", "--timestamp", "2026-11-25T12:00:02Z");
  }

  @Test
  void generationsOfOlderLitestreamAreRestored() throws IOException {
    Path vector =
        Path.of("../../conformance-vectors/real/litestream-replica/v0313-4096-generations");
    try (Stream<Path> files = Files.walk(vector)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = folder.resolve("old").resolve(vector.relativize(file));
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
        Files.setLastModifiedTime(copy, FileTime.from(NOON));
      }
    }
    Ran ran = run("restore", "-o", database, folder.resolve("old"));
    assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.OK);
    assertThat(ran.out())
        .startsWith("restored the state of 2026-11-25T12:00:00Z, 9 pages, from ")
        .contains("generation 621a5416c3f5a7c9");
    assertThat(database).hasSize(9 * 4096);
    Ran byTxid =
        run("restore", "-f", "-o", database, "-txid", "0000000000000001", folder.resolve("old"));
    assertThat(byTxid.code()).as(byTxid.err()).isEqualTo(ExitCode.DAMAGED);
  }

  @Test
  void anExistingDatabaseIsKeptUnlessForced() throws IOException {
    Files.writeString(database, "precious");

    Ran refused = run("restore", "-o", database, store);
    assertThat(refused.code()).isEqualTo(ExitCode.IO);
    assertThat(refused.err()).contains(database.toString(), "--force");
    assertThat(database).hasContent("precious");

    assertThat(run("restore", "--force", "-o", database, store).code()).isEqualTo(ExitCode.OK);
    assertThat(Files.size(database)).isGreaterThan(100);
  }

  @Test
  void whatTheStoreDoesNotHoldIsRefusedAndNothingIsLeftBehind() throws IOException {
    Path empty = Files.createDirectories(folder.resolve("empty/ltx/0")).getParent().getParent();
    for (List<Object> args :
        List.<List<Object>>of(
            List.of("--txid", "0000000000000004", store),
            List.of("--timestamp", "2026-11-25T12:00:00Z", store),
            List.of(empty))) {
      List<Object> all = new ArrayList<>(List.of("restore", "-o", database));
      all.addAll(args);
      Ran ran = run(all);
      assertThat(ran.code()).as("%s: %s", args, ran.err()).isEqualTo(ExitCode.DAMAGED);
      assertThat(ran.err()).hasLineCount(1).doesNotContain("internal error");
    }
    Ran nowhere = run("restore", "-o", database, folder.resolve("nowhere"));
    assertThat(nowhere.code()).isEqualTo(ExitCode.IO);
    assertThat(nowhere.err()).contains("nowhere");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactlyInAnyOrder(store, folder.resolve("empty"));
    }
  }

  @Test
  void aDamagedFileIsNamed() throws IOException {
    Path file = store.resolve("ltx/0/0000000000000002-0000000000000002.ltx");
    byte[] bytes = Files.readAllBytes(file);
    bytes[200] ^= 1;
    Files.write(file, bytes);

    Ran ran = run("restore", "-o", database, store);

    assertThat(ran.code()).isEqualTo(ExitCode.DAMAGED);
    assertThat(ran.err()).contains("0000000000000002-0000000000000002.ltx", "without it");
    assertThat(database).doesNotExist();
  }

  @Test
  void aDamagedFileThatAnotherLevelReplacesIsAWarning() throws IOException {
    String name = "0000000000000002-0000000000000002.ltx";
    byte[] bytes = Files.readAllBytes(store.resolve("ltx/0").resolve(name));
    bytes[200] ^= 1;
    Files.write(Files.createDirectories(store.resolve("ltx/1")).resolve(name), bytes);

    Ran ran = run("restore", "-o", database, store);

    assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.OK);
    assertThat(ran.err()).contains("warning: [1/" + name + "] is damaged").hasLineCount(1);
    assertThat(ran.out()).startsWith("restored transaction 0000000000000003");
  }

  @Test
  void aWrongCommandLineIsExplained() {
    for (List<String> args :
        List.of(
            List.of("--txid", "2"),
            List.of("--txid", "0000000000000000"),
            List.of("--txid", "000000000000000g"),
            List.of("--timestamp", "yesterday"),
            List.of("--timestamp", "2026-11-25"),
            List.of("--strictly-before"),
            List.of("--txid", "0000000000000001", "--timestamp", "2026-11-25T12:00:00Z"),
            List.of("s3://bucket/replica"))) {
      List<Object> all = new ArrayList<>(List.of("restore", "-o", database));
      all.addAll(args);
      if (!args.get(0).startsWith("s3")) {
        all.add(store);
      }
      Ran ran = run(all);
      assertThat(ran.code()).as("%s: %s", args, ran.err()).isEqualTo(ExitCode.USAGE);
      assertThat(ran.err()).hasLineCount(1);
    }
    assertThat(database).doesNotExist();
  }

  @Test
  void aCancelledRestoreLeavesNothingBehind() throws IOException {
    Cancellation cancellation = Cancellation.none();
    cancellation.cancel();

    Ran ran = Runner.cancellable(cancellation, "restore", "-o", database, store);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(ran.code()).as(ran.err()).isEqualTo(130);
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(store);
    }
  }
}

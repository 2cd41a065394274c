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
    restores(3, "--by-ranges");
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
  void aDryRunPrintsThePlanAndRestoresNothing() throws IOException {
    Ran table = run("restore", "--dry-run", "-txid", "0000000000000002", store);
    assertThat(table.code()).as(table.err()).isEqualTo(ExitCode.OK);
    assertThat(table.out().lines().map(line -> line.replaceAll(" +", " ").strip()))
        .containsExactly(
            "level min_txid max_txid size created",
            "0 0000000000000001 0000000000000001 " + size(1) + " 2026-11-25T12:00:01Z",
            "0 0000000000000002 0000000000000002 " + size(2) + " 2026-11-25T12:00:02Z",
            "would restore transaction 0000000000000002 of 2026-11-25T12:00:02Z from 2 file(s), "
                + (size(1) + size(2))
                + " bytes");
    Ran json = run("restore", "--dry-run", "--json", "-o", database, store);
    Map<String, Object> plan = JsonTree.object(JsonTree.parse(json.out()));
    assertThat(plan).containsEntry("txid", "0000000000000003").containsEntry("format", "ltx");
    assertThat((List<?>) plan.get("files")).hasSize(3);
    assertThat(database).doesNotExist();

    Ran missing = run("restore", "--dry-run", "-txid", "0000000000000009", store);
    assertThat(missing.code()).isEqualTo(ExitCode.DAMAGED);
  }

  private long size(int transaction) throws IOException {
    String txid = "000000000000000" + transaction;
    return Files.size(store.resolve("ltx/0/" + txid + "-" + txid + ".ltx"));
  }

  @Test
  void theResultCanBeHadAsJson() throws IOException {
    Ran ran = run("restore", "--json", "-o", database, store);
    Map<String, Object> result = JsonTree.object(JsonTree.parse(ran.out()));
    long pages = (Long) result.get("pages");
    assertThat(result).containsEntry("txid", "0000000000000003");
    assertThat(Files.size(database)).isEqualTo(pages * (Long) result.get("pageSize"));
    assertThat((List<?>) result.get("skipped")).isEmpty();
  }

  @Test
  void sqliteChecksWhatAppearsIfItIsAskedTo() throws IOException {
    Path live = folder.resolve("live.db");
    Databases.execute(
        live,
        "pragma journal_mode=wal",
        "create table t (id integer primary key, x)",
        "insert into t (x) values (1), (2), (3)");
    Path level = Files.createDirectories(folder.resolve("sound replica?/ltx/0"));
    Path file = level.resolve("0000000000000001-0000000000000001.ltx");
    assertThat(run("encode-db", "-o", file, live).code()).isEqualTo(ExitCode.OK);
    Path out = Files.createDirectories(folder.resolve("out #1 %41?"));
    for (String how : List.of("none", "quick", "full")) {
      Path restored = out.resolve(how + " ä.db");
      Ran ran = run("restore", "--integrity-check", how, "-o", restored, level.resolve("../.."));
      assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.OK);
      assertThat(restored).exists();
    }

    // The vectors are pages, but no database to SQLite.
    Path bad = out.resolve("bad ä.db");
    Ran ran = run("restore", "--integrity-check", "quick", "-o", bad, store);
    assertThat(ran.code()).isEqualTo(ExitCode.DAMAGED);
    assertThat(ran.err()).contains("quick_check").hasLineCount(1);
    try (Stream<Path> left = Files.list(out)) {
      assertThat(left).hasSize(3).doesNotContain(bad);
    }
  }

  @Test
  void theStoreMayBeAUrl() throws IOException {
    store = Files.move(store, folder.resolve("a replica"));

    for (String url : List.of(store.toUri().toString(), "file://" + store)) {
      Ran ran = run("restore", "-f", "-o", database, url);
      assertThat(ran.code()).as("%s: %s", url, ran.err()).isEqualTo(ExitCode.OK);
    }
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
            List.of("--integrity-check", "some"),
            List.of("--txid", "0000000000000001", "--timestamp", "2026-11-25T12:00:00Z"),
            List.of("ftp://host/replica"),
            List.of("s3://bucket/replica?nonsense=1"),
            List.of("file://host/replica"))) {
      List<Object> all = new ArrayList<>(List.of("restore", "-o", database));
      all.addAll(args);
      if (!args.get(0).contains("://")) {
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

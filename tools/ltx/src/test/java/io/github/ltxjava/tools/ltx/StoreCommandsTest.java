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
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that look at a store. */
class StoreCommandsTest {

  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

  @TempDir Path folder;

  private Path store;

  /** Three transactions in level 0, a second apart. */
  @BeforeEach
  void fillStore() throws IOException {
    store = folder.resolve("replica");
    for (int i = 1; i <= 3; i++) {
      Files.createDirectories(file(0, i, i).getParent());
      Files.copy(TestVectors.valid("v3-block/chain3-" + i), file(0, i, i));
      Files.setLastModifiedTime(file(0, i, i), FileTime.from(NOON.plusSeconds(i)));
    }
  }

  private static String txid(int number) {
    return "000000000000000" + number;
  }

  private Path file(int level, int min, int max) {
    return store.resolve("ltx/" + level + "/" + txid(min) + "-" + txid(max) + ".ltx");
  }

  /** Merges the transactions into level 1, and deletes those of level 0 but for the last. */
  private void merge() throws IOException {
    Files.createDirectories(file(1, 1, 3).getParent());
    Ran ran = run("merge", "-o", file(1, 1, 3), file(0, 1, 1), file(0, 2, 2), file(0, 3, 3));
    assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.OK);
    Files.delete(file(0, 1, 1));
    Files.delete(file(0, 2, 2));
    Files.setLastModifiedTime(file(1, 1, 3), FileTime.from(NOON.plusSeconds(3)));
  }

  private static Map<String, Object> json(Ran ran) throws IOException {
    return JsonTree.parseObject(ran.out());
  }

  private static Map<String, Object> element(Object array, int index) {
    return JsonTree.object(JsonTree.array(array).get(index));
  }

  @Test
  void levelsAreCounted() throws IOException {
    merge();
    long bytes = Files.size(file(1, 1, 3));

    Ran ran = run("levels", store);
    assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.OK);
    assertThat(ran.out().lines().skip(1).map(line -> line.replaceAll(" +", " ")))
        .containsExactly(
            "0 1 "
                + Files.size(file(0, 3, 3))
                + " 0000000000000003 0000000000000003 2026-11-25T12:00:03Z 2026-11-25T12:00:03Z",
            "1 1 "
                + bytes
                + " 0000000000000001 0000000000000003 2026-11-25T12:00:03Z 2026-11-25T12:00:03Z");

    Map<String, Object> level = element(json(run("levels", "--json", store)).get("levels"), 1);
    assertThat(level)
        .containsEntry("level", 1L)
        .containsEntry("files", 1L)
        .containsEntry("bytes", bytes)
        .containsEntry("firstTxid", txid(1))
        .containsEntry("lastTxid", txid(3))
        .containsEntry("findings", List.of());
  }

  @Test
  void whatIsMissingWithinALevelIsSaid() throws IOException {
    Files.delete(file(0, 2, 2));

    Ran ran = run("levels", store);
    assertThat(ran.code()).isEqualTo(ExitCode.OK);
    assertThat(ran.out())
        .contains("transactions are missing between 0/" + file(0, 1, 1).getFileName());
    Map<String, Object> level = element(json(run("levels", "--json", store)).get("levels"), 0);
    assertThat(element(level.get("findings"), 0)).containsEntry("kind", "GAP");
  }

  @Test
  void everyTransactionThatIsLeftIsARestorePoint() throws IOException {
    Ran ran = run("restore-points", store);
    assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.OK);
    assertThat(ran.out().lines().skip(1).map(line -> line.replaceAll(" +", " ")))
        .containsExactly(
            txid(1) + " 2026-11-25T12:00:01Z 0 0",
            txid(2) + " 2026-11-25T12:00:02Z 0 1",
            txid(3) + " 2026-11-25T12:00:03Z 0 1");

    merge();
    Map<String, Object> coarse = json(run("restore-points", "--json", store));
    assertThat(JsonTree.array(coarse.get("points"))).hasSize(1);
    assertThat(element(coarse.get("points"), 0)).containsEntry("txid", txid(3));
  }

  /** As it is when the snapshot is made a little after the transaction that it ends with. */
  @Test
  void aStateIsAsOldAsTheNewestFileThatItTakes() throws IOException {
    Files.createDirectories(file(9, 1, 2).getParent());
    run("merge", "-o", file(9, 1, 2), file(0, 1, 1), file(0, 2, 2));
    Files.delete(file(0, 1, 1));
    Files.setLastModifiedTime(file(9, 1, 2), FileTime.from(NOON.plusSeconds(5)));

    assertThat(run("restore-points", store).out())
        .contains(txid(2) + "  2026-11-25T12:00:05Z")
        .contains(txid(3) + "  2026-11-25T12:00:05Z");
  }

  @Test
  void everyRestorePointCanBeRestored() throws IOException {
    Map<String, Object> all = json(run("restore-points", "--json", store));
    for (Object point : JsonTree.array(all.get("points"))) {
      String txid = (String) JsonTree.object(point).get("txid");
      String time = (String) JsonTree.object(point).get("time");
      Path database = folder.resolve("restored.db");
      assertThat(run("restore", "-f", "-o", database, "--txid", txid, store).code()).isZero();
      Ran byTime = run("restore", "-f", "-o", database, "--timestamp", time, store);
      assertThat(byTime.out()).contains("transaction " + txid);
    }
  }

  @Test
  void aHoleEndsWhatCanBeRestored() throws IOException {
    Files.delete(file(0, 2, 2));

    Ran ran = run("restore-points", store);
    assertThat(ran.code()).isEqualTo(ExitCode.DAMAGED);
    assertThat(ran.out()).hasLineCount(2).contains(txid(1));
    assertThat(ran.err()).hasLineCount(1).contains("missing");
    assertThat(json(run("restore-points", "--json", store))).containsKey("problem");

    Ran verified = run("verify-replica", store);
    assertThat(verified.code()).isEqualTo(ExitCode.DAMAGED);
    assertThat(verified.out()).contains("cannot be restored", ": damaged");
  }

  @Test
  void aHoleThatAnotherLevelFillsIsAWarning() throws IOException {
    Files.createDirectories(file(1, 1, 3).getParent());
    run("merge", "-o", file(1, 1, 3), file(0, 1, 1), file(0, 2, 2), file(0, 3, 3));
    Files.delete(file(0, 2, 2));

    Ran verified = run("verify-replica", store);

    assertThat(verified.code()).isEqualTo(ExitCode.OK);
    assertThat(verified.out()).startsWith("warning: 0/").contains(": sound");
  }

  @Test
  void aSoundStoreIsSound() throws IOException {
    Ran ran = run("verify-replica", store);
    assertThat(ran.code()).as(ran.out() + ran.err()).isEqualTo(ExitCode.OK);
    assertThat(ran.out())
        .startsWith("3 file(s), ")
        .contains("up to transaction " + txid(3))
        .doesNotContain("restored")
        .endsWith(": sound\n");
  }

  @Test
  void everyFlippedByteIsFound() throws IOException {
    Path file = file(0, 2, 2);
    byte[] bytes = Files.readAllBytes(file);
    for (int at : List.of(0, 50, 200, bytes.length / 2, bytes.length - 1)) {
      byte[] damaged = bytes.clone();
      damaged[at] ^= 1;
      Files.write(file, damaged);

      Ran ran = run("verify-replica", store);

      assertThat(ran.code()).as("byte %d: %s", at, ran.out()).isEqualTo(ExitCode.DAMAGED);
      assertThat(ran.out()).contains("0/" + file.getFileName()).contains(": damaged");
      Map<String, Object> json = json(run("verify-replica", "--json", store));
      assertThat(json).containsEntry("sound", false);
      assertThat(element(json.get("findings"), 0)).containsEntry("file", "0/" + file.getFileName());
    }
  }

  @Test
  void aFileUnderAnotherNameIsFound() throws IOException {
    Files.copy(file(0, 2, 2), file(0, 4, 4));

    Ran ran = run("verify-replica", store);

    assertThat(ran.code()).isEqualTo(ExitCode.DAMAGED);
    assertThat(ran.out())
        .contains("0/" + file(0, 4, 4).getFileName() + ": holds transactions")
        .contains(txid(2));
  }

  @Test
  void aFileOfAnotherHistoryIsFound() throws IOException {
    Path other = folder.resolve("other.db");
    Databases.small(other);
    Files.delete(file(0, 1, 1));
    assertThat(run("encode-db", "-o", file(0, 1, 1), other).code()).isZero();

    Ran ran = run("verify-replica", "--json", store);

    assertThat(ran.code()).isEqualTo(ExitCode.DAMAGED);
    assertThat(element(json(ran).get("findings"), 0)).containsEntry("code", "CHAIN");
  }

  @Test
  void aRealDatabaseIsRestoredAndChecked() throws IOException {
    Path database = folder.resolve("app.db");
    Databases.small(database);
    Path other = folder.resolve("other");
    Path level = Files.createDirectories(other.resolve("ltx/9"));
    assertThat(run("encode-db", "-o", level.resolve(file(9, 1, 1).getFileName()), database).code())
        .isZero();

    Ran ran = run("verify-replica", "--full", other);

    assertThat(ran.code()).as(ran.out()).isEqualTo(ExitCode.OK);
    assertThat(ran.out()).contains("restored, integrity ok, checksum equal: sound");
  }

  @Test
  void whatIsNoDatabaseIsFoundByTheFullCheck() throws IOException {
    // The pages of the vectors are not those of a database.
    Ran ran = run("verify-replica", "--full", "--json", store);

    assertThat(ran.code()).isEqualTo(ExitCode.DAMAGED);
    assertThat(json(ran)).containsEntry("restored", true).containsEntry("checksumCompared", true);
    assertThat(element(json(ran).get("findings"), 0)).containsEntry("code", "INTEGRITY");
  }

  @Test
  void statusTellsHowFarEachStoreIs() throws IOException {
    Path database = folder.resolve("app.db");
    Databases.small(database);
    Path local = Files.createDirectories(folder.resolve(".app.db-litestream/ltx/0"));
    Files.createFile(local.resolve(txid(5) + "-" + txid(5) + ".ltx"));
    Files.writeString(folder.resolve("app.db-wal"), "x".repeat(32));
    Path nowhere = folder.resolve("nowhere");

    Ran ran = run("status", database, store);
    assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.OK);
    assertThat(ran.out())
        .contains("WAL 32 bytes", "captured: " + txid(5))
        .containsPattern(txid(3) + " +2\n");

    Ran json = run("status", "--json", database, store, nowhere);
    assertThat(json.code()).isEqualTo(ExitCode.IO);
    assertThat(json(json)).containsEntry("txid", txid(5)).containsEntry("walBytes", 32L);
    assertThat(element(json(json).get("stores"), 0)).containsEntry("lag", 2L);
    assertThat(element(json(json).get("stores"), 1))
        .doesNotContainKeys("lag", "txid")
        .containsKey("problem");
    assertThat(run("status", database, nowhere).err()).contains("nowhere").hasLineCount(1);
  }

  @Test
  void anEmptyStoreHasNothing() throws IOException {
    Path empty = Files.createDirectories(folder.resolve("empty/ltx")).getParent();
    for (String command : List.of("levels", "restore-points", "verify-replica")) {
      Ran ran = run(command, empty);
      assertThat(ran.code()).as(command).isEqualTo(ExitCode.DAMAGED);
      assertThat(ran.out() + ran.err()).contains("no LTX files");
    }
  }

  @Test
  void aStoreThatIsNotThereIsNamedAndNotMade() throws IOException {
    Path nowhere = folder.resolve("nowhere");
    for (String command : List.of("levels", "restore-points", "verify-replica")) {
      Ran ran = run(command, nowhere);
      assertThat(ran.code()).as(command).isEqualTo(ExitCode.IO);
      assertThat(ran.err()).contains("nowhere").hasLineCount(1);
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(store);
    }
  }

  @Test
  void aUrlThatIsNoneIsExplainedWithoutItsSecrets() {
    for (String url :
        List.of(
            "ftp://host/path",
            "s3://",
            "s3://bucket/path?sse-customer-key=SECRET",
            "s3://bucket/path?nonsense=SECRET",
            "s3://bucket/path?a=%ZZ&sse-customer-key=SECRET",
            "file://host/path?SECRET")) {
      Ran ran = run("levels", url);
      assertThat(ran.code()).as("%s: %s", url, ran.err()).isEqualTo(ExitCode.USAGE);
      assertThat(ran.err()).as(url).hasLineCount(1).doesNotContain("SECRET", "internal error");
    }
  }
}

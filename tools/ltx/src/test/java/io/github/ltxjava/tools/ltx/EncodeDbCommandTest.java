package io.github.ltxjava.tools.ltx;

import static io.github.ltxjava.tools.ltx.Runner.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ltxjava.Layout;
import io.github.ltxjava.tools.cli.ExitCode;
import io.github.ltxjava.tools.cli.JsonTree;
import io.github.ltxjava.tools.cli.Ran;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncodeDbCommandTest {

  @TempDir Path folder;

  /** The pages of a snapshot, one after the other. */
  private static byte[] pages(Path file) throws IOException {
    Map<String, Object> dump = JsonTree.parseObject(run("dump", "--json", file).out());
    long commit = (Long) JsonTree.object(dump.get("header")).get("commit");
    ByteBuffer all =
        ByteBuffer.allocate(
            (int) (commit * (Long) JsonTree.object(dump.get("header")).get("pageSize")));
    for (int page = 1; page <= commit; page++) {
      all.put(Runner.bytes("extract", "--page", page, "-o", "-", file));
    }
    return all.array();
  }

  @Test
  void theSnapshotHoldsTheDatabaseByteForByteInEveryLayout() throws IOException {
    Path database = folder.resolve("app.db");
    Databases.small(database);
    for (Layout layout : Layout.values()) {
      Path out = folder.resolve(layout + ".ltx");
      Ran ran = run("encode-db", "-o", out, "--to", layout, database);
      assertThat(ran).isEqualTo(new Ran(ExitCode.OK, "", ""));
      assertThat(run("verify", out).out()).isEqualTo("ok\n");
      assertThat(pages(out)).isEqualTo(Files.readAllBytes(database));
    }
  }

  @Test
  void theHeaderIsTheOneThatTheGoProgramWrites() throws IOException {
    Path database = folder.resolve("app.db");
    Databases.small(database);
    Path out = folder.resolve("app.ltx");
    Instant before = Instant.now();

    run("encode-db", "-o", out, database);

    Map<String, Object> dump = JsonTree.parseObject(run("dump", "--json", out).out());
    Map<String, Object> header = JsonTree.object(dump.get("header"));
    assertThat(header)
        .containsEntry("minTXID", "0000000000000001")
        .containsEntry("maxTXID", "0000000000000001")
        .containsEntry("flags", 0L)
        .containsEntry("commit", Files.size(database) / 4096);
    assertThat((Long) header.get("timestampMillis"))
        .isBetween(before.toEpochMilli(), Instant.now().toEpochMilli());
    String checksum = run("checksum", database).out().strip();
    assertThat(JsonTree.object(dump.get("trailer"))).containsEntry("postApplyChecksum", checksum);

    run("encode-db", "--no-checksum", "-o", out, database);
    assertThat(run("dump", "--summary", out).out()).contains("NoChecksum");
  }

  @Test
  void theDumpOfAPageSaysWhatKindOfBtreePageItIs() throws IOException {
    Path database = folder.resolve("app.db");
    Databases.small(database);
    Path out = folder.resolve("app.ltx");
    run("encode-db", "-o", out, database);

    // Page 1 has the database header first, then the schema: one table.
    assertThat(run("dump", "--page", 1, out).out()).contains("table leaf, 1 cell\n");
    assertThat(run("dump", "--page", 2, out).out()).contains("table interior, ");
    assertThat(run("dump", "--page", 3, "--json", out).out()).contains("\"type\": \"table leaf\"");
  }

  @Test
  void whatAWalHoldsIsEncodedToo() throws IOException, SQLException {
    Path live = folder.resolve("live.db");
    Path copy = folder.resolve("copy.db");
    try (Connection connection = Databases.open(live);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("CREATE TABLE t(a)");
      statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
      statement.execute("INSERT INTO t VALUES ('only in the WAL')");
      // As a crash leaves it: nobody has the copy open, and its WAL was never checkpointed.
      Files.copy(live, copy);
      Files.copy(folder.resolve("live.db-wal"), folder.resolve("copy.db-wal"));
    }
    Path out = folder.resolve("app.ltx");

    Ran ran = run("encode-db", "-o", out, copy);

    assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.OK);
    Path restored = Files.write(folder.resolve("restored.db"), pages(out));
    try (Connection connection = Databases.open(restored);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT a FROM t")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getString(1)).isEqualTo("only in the WAL");
    }
  }

  @Test
  void anExistingOutputIsReplacedAsTheGoProgramDoesUnlessItIsTheDatabase() throws IOException {
    Path database = folder.resolve("app.db");
    Databases.small(database);
    byte[] content = Files.readAllBytes(database);
    Path out = Files.writeString(folder.resolve("app.ltx"), "old");

    assertThat(run("encode-db", "-o", out, database).code()).isEqualTo(ExitCode.OK);
    assertThat(run("verify", out).out()).isEqualTo("ok\n");

    Path link = Files.createSymbolicLink(folder.resolve("link"), database);
    for (Path same : List.of(database, link)) {
      Ran ran = run("encode-db", "-o", same, database);
      assertThat(ran.code()).isEqualTo(ExitCode.USAGE);
      assertThat(ran.err()).contains("input and output files are the same");
    }
    assertThat(database).hasBinaryContent(content);
  }

  @Test
  void whatIsNoDatabaseIsRefusedAndTheOutputKept() throws IOException {
    Path out = Files.writeString(folder.resolve("app.ltx"), "precious");
    Path database = folder.resolve("app.db");
    Databases.small(database);
    byte[] content = Files.readAllBytes(database);
    Path file = folder.resolve("file");
    for (byte[] wrong :
        List.of(
            new byte[0], new byte[50], new byte[4096], java.util.Arrays.copyOf(content, 5000))) {
      Files.write(file, wrong);
      Ran ran = run("encode-db", "-o", out, file);
      assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.DAMAGED);
      assertThat(ran.err()).contains(file.toString()).hasLineCount(1);
    }
    assertThat(out).hasContent("precious");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactlyInAnyOrder(out, database, file);
    }
    assertThat(run("encode-db", "-o", out, folder.resolve("none")).code()).isEqualTo(ExitCode.IO);
  }
}

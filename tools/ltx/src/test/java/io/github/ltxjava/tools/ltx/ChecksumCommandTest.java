package io.github.ltxjava.tools.ltx;

import static io.github.ltxjava.tools.ltx.Runner.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ltxjava.DatabaseChecksum;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.tools.cli.ExitCode;
import io.github.ltxjava.tools.cli.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChecksumCommandTest {

  @TempDir Path folder;

  @Test
  void theChecksumIsThatOfAllPages() throws IOException {
    for (int pageSize : new int[] {512, 4096, 65_536}) {
      Path database = folder.resolve(pageSize + ".db");
      Databases.execute(database, "PRAGMA page_size = " + pageSize, "CREATE TABLE t(a)");
      try (ByteSource source = ByteSource.open(database)) {
        String expected = DatabaseChecksum.of(source, pageSize).toString();
        assertThat(run("checksum", database)).isEqualTo(new Ran(ExitCode.OK, expected + "\n", ""));
      }
    }
  }

  @Test
  void aWalThatDoesNotCountIsMentioned() throws IOException, SQLException {
    Path database = folder.resolve("app.db");
    Databases.small(database);
    try (Connection connection = Databases.open(database);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("INSERT INTO t(b) VALUES ('x')");

      Ran ran = run("checksum", database);

      assertThat(ran.code()).isEqualTo(ExitCode.OK);
      assertThat(ran.err()).contains("warning", "WAL");
    }
  }

  @Test
  void whatIsNoDatabaseIsRefused() throws IOException {
    Path file = folder.resolve("file");
    Files.write(file, new byte[0]);
    assertThat(run("checksum", file).err()).contains(file.toString(), "empty database");
    Files.write(file, new byte[99]);
    assertThat(run("checksum", file).err()).contains("shorter than the database header");
    Files.write(file, new byte[4096]);
    assertThat(run("checksum", file).err()).contains("page size at offset 16 is 0");
    Path database = folder.resolve("app.db");
    Databases.small(database);
    byte[] bytes = Files.readAllBytes(database);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
    Ran cut = run("checksum", file);
    assertThat(cut.err()).contains("whole number of pages");
    assertThat(cut.code()).isEqualTo(ExitCode.DAMAGED);
  }
}

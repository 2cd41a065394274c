package io.github.ltxjava.tools.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoMainTest {

  @TempDir Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void aDatabaseMadeOnTheSpotComesBackByteForByte() throws SQLException {
    assertThat(run(folder.resolve("demo").toString())).as(text(err)).isZero();

    assertThat(text(out)).contains("made by SQLite just now").contains("equal byte for byte");
    assertThat(text(out)).doesNotContain("DIFFERENT").doesNotContain("DAMAGED");
    assertThat(query(folder.resolve("demo/restored.db"), "pragma integrity_check")).isEqualTo("ok");
    assertThat(query(folder.resolve("demo/restored.db"), "select count(*) from ltx_demo"))
        .isEqualTo("50");
    assertThat(query(folder.resolve("demo/restored-at-4.db"), "select count(*) from ltx_demo"))
        .isEqualTo("1000");
  }

  @Test
  void aDatabaseOfTheUsersIsCopiedAndOnlyRead() throws IOException, SQLException {
    Path mine = folder.resolve("it's mine.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + mine);
        Statement statement = connection.createStatement()) {
      statement.execute("pragma page_size = 1024");
      statement.execute("pragma journal_mode = wal");
      statement.execute("create table kept(x)");
      statement.execute("insert into kept values (42)");
    }
    byte[] before = Files.readAllBytes(mine);

    assertThat(run(folder.resolve("demo").toString(), mine.toString())).as(text(err)).isZero();

    assertThat(Files.readAllBytes(mine)).isEqualTo(before);
    assertThat(text(out)).contains("pages of 1,024 bytes").doesNotContain("DIFFERENT");
    assertThat(query(folder.resolve("demo/restored.db"), "select x from kept")).isEqualTo("42");
  }

  @Test
  void whatIsNoDatabaseIsRefused() throws IOException {
    Path text = Files.writeString(folder.resolve("text.db"), "no database at all ".repeat(200));

    assertThat(run(folder.resolve("demo").toString(), text.toString())).isEqualTo(3);
    assertThat(text(err)).contains("SQLite cannot work with the database");

    assertThat(run(folder.resolve("other").toString(), "absent.db")).isEqualTo(3);
    assertThat(text(err)).contains("absent.db");
  }

  private int run(String... args) {
    return DemoMain.run(args, new PrintStream(out, true), new PrintStream(err, true));
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static String query(Path database, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      return result.getString(1);
    }
  }
}

package io.github.ltxjava.tools.ltx;

import io.github.ltxjava.tools.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;

/** How SQLite looks at a restored database before it appears. SQLite is loaded only if it does. */
enum IntegrityCheck {
  NONE(""),
  QUICK("quick_check"),
  FULL("integrity_check");

  private final String pragma;

  IntegrityCheck(String pragma) {
    this.pragma = pragma;
  }

  /** Returns the one of this label. */
  static IntegrityCheck ofLabel(String label) {
    for (IntegrityCheck check : values()) {
      if (check.label().equals(label)) {
        return check;
      }
    }
    throw new IllegalArgumentException("\"" + label + "\" is not none, quick or full");
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Fails if the database is not sound. */
  void check(Path database) throws IOException {
    if (this == NONE) {
      return;
    }
    String found;
    // Immutable: nothing is written beside the database, whatever its journal mode.
    String url = "jdbc:sqlite:" + database.toUri() + "?immutable=1";
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("pragma " + pragma + "(1)")) {
      found = rows.next() ? rows.getString(1) : "nothing";
    } catch (SQLException e) {
      found = String.valueOf(e.getMessage());
    }
    if (!found.equals("ok")) {
      throw new CommandException(
          ExitCode.DAMAGED,
          "the database does not pass SQLite's "
              + pragma
              + ", and nothing was restored: "
              + found
              + "; try an earlier state, or look at the database with --integrity-check none");
    }
  }
}

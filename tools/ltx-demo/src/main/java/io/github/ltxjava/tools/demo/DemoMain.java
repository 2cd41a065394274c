package io.github.ltxjava.tools.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;

/** Starts the {@link Demo}. */
public final class DemoMain {

  private DemoMain() {}

  /** Takes the folder to write to, which must not exist, and optionally a database to copy. */
  public static void main(String[] args) {
    System.exit(run(args, System.out, System.err));
  }

  /**
   * Runs the demo.
   *
   * @return 0 if everything came back byte for byte, 1 if not, 2 for wrong arguments, 3 if files
   *     cannot be read or written
   */
  static int run(String[] args, PrintStream out, PrintStream err) {
    if (args.length < 1 || args.length > 2) {
      err.println("Usage: bin/try [DATABASE]");
      return 2;
    }
    Path folder = Path.of(args[0]);
    Optional<Path> database =
        args.length == 2 ? Optional.of(Path.of(args[1])) : Optional.<Path>empty();
    if (database.isPresent() && !Files.isReadable(database.get())) {
      err.println(database.get() + ": there is no such file, or it cannot be read");
      return 3;
    }
    try {
      return new Demo(folder, out, err).run(database) ? 0 : 1;
    } catch (SQLException e) {
      err.println("SQLite cannot work with the database: " + e.getMessage());
      return 3;
    } catch (IOException e) {
      err.println("The demo stops: " + e.getMessage());
      return 3;
    }
  }
}

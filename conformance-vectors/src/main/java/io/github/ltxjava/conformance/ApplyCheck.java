package io.github.ltxjava.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Applying files to a database gives the recorded database after each one. What must be refused
 * leaves the database as it was before.
 */
final class ApplyCheck implements Check {

  @Override
  public String run(Vector vector, LtxImplementation implementation, Scratch scratch)
      throws IOException, RefusedException, CheckFailure {
    Json json = vector.json();
    String expect = json.get("expect").string();
    Path database = scratch.resolve("database");
    Path before = vector.path().resolve("before.db");
    if (Files.exists(before)) {
      Files.copy(before, database);
    }
    List<Json> steps = json.get("steps").items();
    for (Json step : steps) {
      Path file = vector.path().resolve(step.get("file").string());
      String hash = hash(database);
      try {
        implementation.apply(database, file);
      } catch (RefusedException e) {
        if (expect.equals("accept")) {
          throw e;
        }
        if (!hash(database).equals(hash)) {
          throw new CheckFailure("refused, but the database has changed");
        }
        return expect.equals("refuse") ? "" : "refused: " + e.getMessage();
      }
      if (expect.equals("refuse") && step == steps.get(steps.size() - 1)) {
        throw new CheckFailure("accepted: " + json.get("rule").string());
      }
      if (!hash(database).equals(step.get("databaseSha256After").string())) {
        throw new CheckFailure("other database after " + step.get("file").string());
      }
    }
    return expect.equals("accept") ? "" : "accepted";
  }

  private static String hash(Path database) throws IOException {
    return Files.exists(database) ? Hashes.sha256(database) : "no database";
  }
}

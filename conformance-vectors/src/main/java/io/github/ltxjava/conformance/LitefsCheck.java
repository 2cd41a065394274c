package io.github.ltxjava.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Every file in a data directory of LiteFS verifies, and applying those of a database from
 * transaction ID 1 on gives what {@code litefs export} gave, at the end and at each recorded
 * position. A directory that was copied right after a {@code kill -9} is held against what LiteFS
 * itself recovered from it.
 */
final class LitefsCheck implements Check {

  @Override
  public String run(Vector vector, LtxImplementation implementation, Scratch scratch)
      throws IOException, RefusedException, CheckFailure {
    Json json = vector.json();
    Json databases = json.get(json.has("databases") ? "databases" : "recovered");
    int applied = 0;
    for (String name : databases.names()) {
      Path directory = vector.path().resolve("dbs").resolve(name).resolve("ltx");
      List<Path> files = ltxFiles(directory);
      for (Path file : files) {
        implementation.verify(file, null);
      }
      boolean complete =
          !files.isEmpty() && files.get(0).getFileName().toString().startsWith("0000000000000001-");
      if (complete && databases.get(name).has("export_sha256")) {
        applied++;
        Path database = scratch.resolve("database-" + applied);
        String last = apply(files, exports(json, name), database, implementation);
        String want = databases.get(name).get("export_sha256").string();
        boolean reached = last.equals(databases.get(name).get("txid").string());
        if (reached && !Hashes.sha256(database).equals(want)) {
          throw new CheckFailure(name + ": other database than litefs export gave");
        }
        if (!reached && json.has("databases")) {
          throw new CheckFailure(name + ": the files end with transaction " + last);
        }
      }
    }
    return applied == 0 ? "verified; no chain from transaction 1 to apply" : "";
  }

  /** Applies a chain and returns its last transaction ID. */
  private static String apply(
      List<Path> files, Map<String, String> exports, Path database, LtxImplementation to)
      throws IOException, RefusedException, CheckFailure {
    String last = "";
    for (Path file : files) {
      to.apply(database, file);
      last = file.getFileName().toString().substring(17, 33);
      String want = exports.get(last);
      if (want != null && !Hashes.sha256(database).equals(want)) {
        throw new CheckFailure("other database after transaction " + last);
      }
    }
    return last;
  }

  /** The recorded exports on the way, by transaction ID. */
  private static Map<String, String> exports(Json json, String database) {
    Map<String, String> exports = new HashMap<>();
    if (json.has("intermediate_exports") && json.get("intermediate_exports").has(database)) {
      for (Json export : json.get("intermediate_exports").get(database).items()) {
        String txid = export.get("pos").string().substring(0, 16);
        exports.put(txid, export.get("sha256").string());
      }
    }
    return exports;
  }

  private static List<Path> ltxFiles(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(f -> f.toString().endsWith(".ltx")).sorted().toList();
    }
  }
}

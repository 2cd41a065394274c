package io.github.ltxjava.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Restoring from a replica that Litestream wrote gives Litestream's database, for the newest state,
 * every recorded transaction ID and every recorded time, and fails, leaving nothing behind, where
 * Litestream failed.
 */
final class LitestreamCheck implements Check {

  /** One way of restoring. */
  private interface Restore {
    void into(Path database) throws IOException, RefusedException;
  }

  @Override
  public String run(Vector vector, LtxImplementation implementation, Scratch scratch)
      throws IOException, RefusedException, CheckFailure {
    Json json = vector.json();
    if (!json.has("restore_txid")) {
      throw new LtxImplementation.NotSupportedException(
          "restoring from generations of Litestream 0.3");
    }
    Path replica = scratch.resolve("replica");
    Path database = scratch.resolve("database");
    String newest = copy(vector, replica);
    compare(
        "newest",
        json.get("restore_latest"),
        database,
        into -> implementation.restore(replica, null, into));
    Json txids = json.get("restore_txid");
    for (String txid : txids.names()) {
      // Litestream 0.5.5 restored the newest state for a transaction that does not exist yet.
      boolean exists = txid.compareTo(newest) <= 0;
      compare(
          txid,
          exists ? txids.get(txid) : null,
          database,
          into -> implementation.restore(replica, txid, into));
    }
    return byTime(json, replica, database, implementation);
  }

  private static String byTime(
      Json json, Path replica, Path database, LtxImplementation implementation)
      throws IOException, CheckFailure {
    Json times = json.get("restore_timestamp");
    for (String time : times.names()) {
      try {
        compare(
            time,
            times.get(time),
            database,
            into -> implementation.restoreBefore(replica, Instant.parse(time), into));
      } catch (LtxImplementation.NotSupportedException e) {
        return "not by time: not supported";
      }
    }
    return "";
  }

  /**
   * Copies a replica, with the times that git does not keep, and returns its newest transaction ID.
   */
  private static String copy(Vector vector, Path replica) throws IOException {
    String newest = "";
    for (Json file : vector.json().get("files").items()) {
      String path = file.get("path").string();
      Path copy = replica.resolve(path);
      Files.createDirectories(copy.getParent());
      Files.copy(vector.path().resolve(path), copy);
      Files.setLastModifiedTime(copy, FileTime.from(Instant.parse(file.get("mtime").string())));
      String max = copy.getFileName().toString().substring(17, 33);
      newest = max.compareTo(newest) > 0 ? max : newest;
    }
    return newest;
  }

  private static void compare(String what, @Nullable Json want, Path database, Restore restore)
      throws IOException, CheckFailure {
    String hash = want == null || want.has("error") ? null : want.get("sha256").string();
    try {
      restore.into(database);
    } catch (RefusedException e) {
      if (hash != null) {
        throw new CheckFailure(what + ": " + e.getMessage());
      }
      if (Files.exists(database)) {
        throw new CheckFailure(what + ": refused, but left a database");
      }
      return;
    }
    if (hash == null) {
      throw new CheckFailure(what + ": restored, although there is no such state");
    }
    if (!Hashes.sha256(database).equals(hash)) {
      throw new CheckFailure(what + ": other database");
    }
    Files.delete(database);
  }
}

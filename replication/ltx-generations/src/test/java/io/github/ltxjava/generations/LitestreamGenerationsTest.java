package io.github.ltxjava.generations;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ltxjava.compaction.restore.RestoreTarget;
import io.github.ltxjava.store.generations.DirectoryGenerations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Restores what Litestream 0.3.13 wrote to every state that the sidecar names. */
class LitestreamGenerationsTest {

  private static final String NAME = "v0313-4096-generations";
  private static final Path REPLICAS = Path.of("../../conformance-vectors/real/litestream-replica");
  private static final Pattern FILE =
      Pattern.compile("\"path\": \"([^\"]*)\",\\s*\"size\": \\d+,\\s*\"mtime\": \"([^\"]*)\"");
  private static final Pattern LATEST =
      Pattern.compile("\"restore_latest\": \\{\\s*\"sha256\": \"([^\"]*)\"");
  private static final Pattern STATE =
      Pattern.compile("\"(2026-[^\"]*Z)\": \\{\\s*\"sha256\": \"([^\"]*)\"");

  @TempDir Path folder;
  private String sidecar = "";

  /** A clone of the vectors does not have the modification times. */
  @BeforeEach
  void copyReplica() throws IOException {
    sidecar = Files.readString(REPLICAS.resolve(NAME + ".json"));
    for (Matcher file = FILE.matcher(sidecar); file.find(); ) {
      Path target = folder.resolve(file.group(1));
      Files.createDirectories(target.getParent());
      Files.copy(REPLICAS.resolve(NAME).resolve(file.group(1)), target);
      Files.setLastModifiedTime(target, FileTime.from(Instant.parse(file.group(2))));
    }
  }

  @Test
  void everyStateIsTheOneThatLitestreamRestores() throws IOException {
    Matcher latest = LATEST.matcher(sidecar);
    assertThat(latest.find()).isTrue();
    assertThat(restored(RestoreTarget.latest())).isEqualTo(latest.group(1));
    int states = 0;
    for (Matcher state = STATE.matcher(sidecar); state.find(); states++) {
      Instant time = Instant.parse(state.group(1));
      assertThat(restored(RestoreTarget.before(time))).as("%s", time).isEqualTo(state.group(2));
      assertThat(restored(RestoreTarget.at(time))).as("%s", time).isEqualTo(state.group(2));
    }
    assertThat(states).isEqualTo(8);
  }

  private String restored(RestoreTarget target) throws IOException {
    Path database = folder.resolve("restored.db");
    GenerationRestorer.from(DirectoryGenerations.open(folder))
        .target(target)
        .overwrite()
        .restoreTo(database);
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(database));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}

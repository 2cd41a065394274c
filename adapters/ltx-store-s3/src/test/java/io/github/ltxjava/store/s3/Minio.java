package io.github.ltxjava.store.s3;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A MinIO server, if somebody has compiled one: {@code .ci/minio} does. */
final class Minio {

  private Minio() {}

  /** Starts a server whose data are in the folder; skips the test if there is no program. */
  static ServerProcess start(Path folder) throws IOException {
    Optional<Path> program = program();
    assumeTrue(program.isPresent(), "no MinIO here: .ci/minio compiles it");
    return ServerProcess.start(
        port ->
            List.of(
                program.get().toString(),
                "server",
                "--quiet",
                "--address",
                "127.0.0.1:" + port,
                "--console-address",
                "127.0.0.1:0",
                folder.resolve("data").toString()),
        Map.of(
            "MINIO_ROOT_USER",
            ServerProcess.ACCESS_KEY,
            "MINIO_ROOT_PASSWORD",
            ServerProcess.SECRET_KEY,
            "MINIO_BROWSER",
            "off",
            "MINIO_UPDATE",
            "off",
            "HOME",
            folder.toString()),
        folder.resolve("log"));
  }

  private static Optional<Path> program() throws IOException {
    String named = System.getenv("LTX_MINIO");
    if (named != null && !named.isEmpty()) {
      return Optional.of(Path.of(named));
    }
    String cache = System.getenv("XDG_CACHE_HOME");
    Path folder =
        (cache == null ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache))
            .resolve("ltx-java");
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("minio-v"))
          .filter(file -> !file.toString().endsWith(".new"))
          .sorted()
          .reduce((older, newer) -> newer);
    }
  }
}

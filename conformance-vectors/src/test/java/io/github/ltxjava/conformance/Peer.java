package io.github.ltxjava.conformance;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * Another implementation behind the line protocol of {@code peers/}; built once a test run, where
 * its tools are.
 */
enum Peer {
  GO_0_5_3("v0.5.3", "v3-block", "v3-block v3-frame"),
  GO_0_5_2("v0.5.2", "v3-block", "v3-block v3-frame"),
  GO_0_5_1("v0.5.1", "v3-frame", "v3-frame"),
  GO_0_4_0("v0.4.0", "v2", "v2"),
  GO_0_3_14("v0.3.14", "v1-raw v1-lz4", "v1-raw v1-lz4"),
  RUST_LITETX("", "v1-raw v1-lz4", "v1-raw v1-lz4");

  private static final long BUILD_SECONDS = 480;
  private static final long BATCH_SECONDS = 240;
  private static final Map<Peer, Path> BUILT = new EnumMap<>(Peer.class);
  private static final Map<Peer, String> MISSING = new EnumMap<>(Peer.class);

  private final String version;
  private final String writes;
  private final String reads;

  Peer(String version, String writes, String reads) {
    this.version = version;
    this.writes = writes;
    this.reads = reads;
  }

  /** The layouts that it writes. */
  List<String> writes() {
    return List.of(writes.split(" ", -1));
  }

  /** The layouts that it reads. */
  List<String> reads() {
    return List.of(reads.split(" ", -1));
  }

  /** The release, as sidecars name it. */
  String version() {
    return version;
  }

  boolean isGo() {
    return this != RUST_LITETX;
  }

  /** What this peer cannot express. */
  Content.Limits limits(String layout) {
    boolean v1 = layout.startsWith("v1");
    return new Content.Limits(!v1, isGo(), v1);
  }

  /**
   * Runs commands in one process and returns one answer for each. Skips the test where the peer
   * cannot be built, or fails it there with {@code -Dltx.peers=required}.
   */
  List<String> run(List<String> commands, String whatIsNotTried) throws IOException {
    Path program = program(whatIsNotTried);
    Path directory = Files.createTempDirectory("ltx-peer-");
    Path in = Files.write(directory.resolve("in"), commands);
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(program.toString())
              .redirectInput(in.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      int code = await(builder, BATCH_SECONDS);
      List<String> answers = Files.readAllLines(out);
      if (code != 0 || answers.size() != commands.size()) {
        throw new AssertionError(
            this
                + " ended with "
                + code
                + " after "
                + answers.size()
                + " of "
                + commands.size()
                + " commands: "
                + Files.readString(err));
      }
      return answers;
    } finally {
      Stream.of(in, out, err, directory).map(Path::toFile).forEach(File::delete);
    }
  }

  private Path program(String whatIsNotTried) throws IOException {
    synchronized (BUILT) {
      if (!BUILT.containsKey(this) && !MISSING.containsKey(this)) {
        build();
      }
      String missing = MISSING.get(this);
      if (missing != null) {
        String message = "NOT TRIED: " + whatIsNotTried + ": " + missing;
        if ("required".equals(System.getProperty("ltx.peers"))) {
          throw new AssertionError(message);
        }
        System.err.println(message);
        Assumptions.abort(message);
      }
      return BUILT.get(this);
    }
  }

  private void build() throws IOException {
    Path peers = Path.of("peers").toAbsolutePath();
    Path target = Path.of("target", "peers").toAbsolutePath();
    Files.createDirectories(target);
    Path log = target.resolve(name() + ".log");
    ProcessBuilder builder = isGo() ? goBuild(peers, target) : cargoBuild(peers, target);
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    String tool = builder.command().get(0);
    try {
      int code = await(builder, BUILD_SECONDS);
      if (code == 0) {
        BUILT.put(this, isGo() ? target.resolve(name()) : target.resolve("cargo/release/ltxpeer"));
      } else {
        String said = Files.readString(log).strip();
        MISSING.put(this, tool + " cannot build it here: " + said.lines().findFirst().orElse(""));
      }
    } catch (IOException e) {
      MISSING.put(this, "there is no " + tool + " on this machine");
    }
  }

  private ProcessBuilder goBuild(Path peers, Path target) {
    return new ProcessBuilder(
            "go",
            "build",
            "-modfile=versions/" + version + ".mod",
            version.startsWith("v0.3") ? "-tags=ltxv1" : "-tags=",
            "-o",
            target.resolve(name()).toString(),
            ".")
        .directory(peers.resolve("go").toFile());
  }

  private static ProcessBuilder cargoBuild(Path peers, Path target) {
    return new ProcessBuilder(
            "cargo",
            "build",
            "--release",
            "--locked",
            "--target-dir",
            target.resolve("cargo").toString())
        .directory(peers.resolve("rust").toFile());
  }

  private static int await(ProcessBuilder builder, long seconds) throws IOException {
    Process process = builder.start();
    try {
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        throw new AssertionError(builder.command() + ": no end after " + seconds + " s");
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      process.destroyForcibly();
    }
  }

  @Override
  public String toString() {
    return isGo() ? "superfly/ltx " + version : name().toLowerCase(Locale.ROOT);
  }
}

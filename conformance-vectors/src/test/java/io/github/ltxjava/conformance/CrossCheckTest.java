package io.github.ltxjava.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ltxjava.LtxFile;
import io.github.ltxjava.io.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Holds the library against the Go releases and the Rust crate, both ways, on random content. The
 * seed is in every failure; {@code -Dltx.seed=N} repeats a run, {@code -Dltx.crosscheck.cases=N}
 * makes it longer, and {@code -Dltx.peers=required} fails instead of skipping where a toolchain is
 * missing.
 */
final class CrossCheckTest {
  private static final int CASES = Integer.getInteger("ltx.crosscheck.cases", 60);
  private static final long SEED = Long.getLong("ltx.seed", System.nanoTime());

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(Peer.class)
  void filesWrittenHereAreReadByThePeerWithTheSameContent(Peer peer) throws IOException {
    for (String layout : peer.reads()) {
      List<Content> contents = contents(peer, layout);
      List<String> commands = new ArrayList<>();
      for (int i = 0; i < contents.size(); i++) {
        JavaSide.write(contents.get(i), layout, file(i, "ltx"));
        commands.add(command("decode", file(i, "ltx"), file(i, "txt"), file(i, "pages")));
      }
      List<String> answers = peer.run(commands, "files written here are read by " + peer);
      for (int i = 0; i < contents.size(); i++) {
        assertThat(answers.get(i))
            .as("%s %s file %d seed %d", peer, layout, i, SEED)
            .isEqualTo("ok");
        assertThat(Content.read(file(i, "txt"), file(i, "pages")))
            .as("%s %s file %d seed %d", peer, layout, i, SEED)
            .isEqualTo(contents.get(i));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Peer.class)
  void filesWrittenByThePeerAreReadHereWithTheSameContent(Peer peer) throws IOException {
    for (String layout : peer.writes()) {
      List<Content> contents = contents(peer, layout);
      List<String> commands = new ArrayList<>();
      for (int i = 0; i < contents.size(); i++) {
        contents.get(i).write(file(i, "txt"), file(i, "pages"));
        commands.add(command("encode", file(i, "txt"), file(i, "pages"), file(i, "ltx")));
      }
      List<String> answers = peer.run(commands, "files written by " + peer + " are read here");
      for (int i = 0; i < contents.size(); i++) {
        assertThat(answers.get(i))
            .as("%s %s file %d seed %d", peer, layout, i, SEED)
            .isEqualTo("ok");
        assertThat(JavaSide.read(file(i, "ltx"), layout))
            .as("%s %s file %d seed %d", peer, layout, i, SEED)
            .isEqualTo(contents.get(i));
        assertThat(JavaSide.readStream(file(i, "ltx"), layout))
            .as("%s %s file %d seed %d, as a stream", peer, layout, i, SEED)
            .isEqualTo(contents.get(i));
        assertThat(verdict(file(i, "ltx")))
            .as("%s %s file %d seed %d, layout not told", peer, layout, i, SEED)
            .isEqualTo("sound");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(value = Peer.class, mode = EnumSource.Mode.EXCLUDE, names = "RUST_LITETX")
  void mergesOfFilesThatGoWroteGiveTheBytesThatGoGives(Peer peer) throws IOException {
    for (String layout : peer.writes()) {
      Random random = new Random(SEED ^ peer.name().hashCode() * 37L ^ layout.hashCode());
      List<Integer> lengths = new ArrayList<>();
      List<String> commands = new ArrayList<>();
      List<Integer> answersAt = new ArrayList<>();
      List<Boolean> checksums = new ArrayList<>();
      for (int i = 0; i < CASES; i++) {
        boolean v1 = layout.startsWith("v1");
        checksums.add(v1 || random.nextBoolean());
        List<Content> chain = Chain.random(random, checksums.get(i), !v1);
        lengths.add(chain.size());
        for (int n = 0; n < chain.size(); n++) {
          if (layout.equals("v1-lz4")) {
            chain.get(n).put("flags", Content.COMPRESSED);
          }
          Path file = input(i, n);
          chain.get(n).write(file(i, n + ".txt"), file(i, n + ".pages"));
          commands.add(command("encode", file(i, n + ".txt"), file(i, n + ".pages"), file));
        }
        answersAt.add(commands.size());
        commands.add(compact(layout, checksums.get(i), i, chain.size()));
      }
      List<String> answers = peer.run(commands, "merges of files that " + peer + " wrote");
      for (int i = 0; i < CASES; i++) {
        String name = String.format("%s %s merge %d seed %d", peer, layout, i, SEED);
        int inputs = lengths.get(i);
        List<String> said = answers.subList(answersAt.get(i) - inputs, answersAt.get(i) + 1);
        assertThat(said).as(name).containsOnly("ok");
        // Version 1 compresses the whole page block again.
        boolean sameBytes = !layout.equals("v1-lz4");
        compareMerge(name, layout, checksums.get(i), i, inputs, sameBytes);
      }
    }
  }

  /**
   * The block inside a frame of Go is the block that Go would write: nothing is compressed again.
   */
  @Test
  void mergesOfFramesThatOldGoWroteGiveTheBytesThatNewGoGives() throws IOException {
    Random random = new Random(SEED);
    List<Integer> lengths = new ArrayList<>();
    List<Boolean> checksums = new ArrayList<>();
    List<String> encodes = new ArrayList<>();
    List<String> merges = new ArrayList<>();
    for (int i = 0; i < CASES; i++) {
      checksums.add(random.nextBoolean());
      List<Content> chain = Chain.random(random, checksums.get(i), true);
      lengths.add(chain.size());
      for (int n = 0; n < chain.size(); n++) {
        chain.get(n).write(file(i, n + ".txt"), file(i, n + ".pages"));
        encodes.add(command("encode", file(i, n + ".txt"), file(i, n + ".pages"), input(i, n)));
      }
      merges.add(compact("v3-block", checksums.get(i), i, chain.size()));
    }
    String what = "merges of frames from old Go";
    assertThat(Peer.GO_0_5_1.run(encodes, what)).containsOnly("ok");
    assertThat(Peer.GO_0_5_3.run(merges, what)).containsOnly("ok");
    int sameBytes = 0;
    for (int i = 0; i < CASES; i++) {
      String name = String.format("merge %d seed %d", i, SEED);
      boolean stored = false;
      for (int n = 0; n < lengths.get(i); n++) {
        stored |= holdsStoredPages(input(i, n));
      }
      sameBytes += stored ? 0 : 1;
      compareMerge(name, "v3-block", checksums.get(i), i, lengths.get(i), !stored);
    }
    assertThat(sameBytes).isGreaterThan(CASES / 20);
  }

  /** Whether a frame holds its page as it is, so that there is no block to unwrap. */
  private static boolean holdsStoredPages(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    try (LtxFile ltx = LtxFile.open(ByteSource.open(file))) {
      for (int i = 0; i < ltx.index().size(); i++) {
        // Page header (6), LZ4 frame header (7), then the length: little-endian, stored in its top
        // bit.
        int topByte = (int) ltx.index().frameOffset(i) + 6 + 7 + 3;
        if (bytes[topByte] < 0) {
          return true;
        }
      }
    }
    return false;
  }

  @ParameterizedTest
  @EnumSource(value = Peer.class, mode = EnumSource.Mode.EXCLUDE, names = "RUST_LITETX")
  void ourOwnSoundVectorsAreReadByGoAsTheirSidecarsSay(Peer peer) throws IOException {
    List<Vector> vectors = new ArrayList<>();
    List<String> commands = new ArrayList<>();
    for (Vector vector : Vectors.at(Path.of("")).list(CaseResult.Kind.VALID)) {
      Json json = vector.json();
      if (vector.name().startsWith("own/") && json.get("readableBy").has(peer.version())) {
        Path out = file(vectors.size(), "txt");
        commands.add(
            command("decode", vector.path().toAbsolutePath(), out, file(vectors.size(), "pages")));
        vectors.add(vector);
      }
    }
    assertThat(vectors).isNotEmpty();
    List<String> answers = peer.run(commands, "our own vectors are read by " + peer);
    for (int i = 0; i < vectors.size(); i++) {
      Json json = vectors.get(i).json();
      String name = peer + " " + vectors.get(i).name() + ": " + answers.get(i);
      boolean reads = json.get("readableBy").get(peer.version()).string().equals("ok");
      assertThat(answers.get(i).equals("ok")).as(name).isEqualTo(reads);
      if (reads) {
        Content seen = Content.read(file(i, "txt"), file(i, "pages"));
        FileContent.Pages pages = new FileContent.Pages();
        seen.pages.forEach((number, page) -> pages.add(number, -1, -1, ByteBuffer.wrap(page)));
        assertThat(pages.sha256()).as(name).isEqualTo(json.get("pagesSha256").string());
      }
    }
  }

  /** Go is the laxer reader: what it refuses, nobody may accept. */
  @ParameterizedTest
  @EnumSource(value = Peer.class, mode = EnumSource.Mode.EXCLUDE, names = "RUST_LITETX")
  void damagedFilesThatGoRefusesAreRefusedHere(Peer peer) throws IOException {
    for (String layout : peer.writes()) {
      Random random = new Random(SEED ^ peer.name().hashCode() * 41L ^ layout.hashCode());
      List<Path> files = new ArrayList<>();
      for (Vector vector : Vectors.at(Path.of("")).list(CaseResult.Kind.VALID)) {
        boolean small = vector.json().get("fileSize").number() < 20_000;
        if (vector.name().startsWith("valid/" + layout + "/") && small) {
          byte[] sound = Files.readAllBytes(vector.path());
          for (int i = 0; i < CASES / 10 + 1; i++) {
            files.add(Files.write(file(files.size(), "ltx"), damage(sound, random)));
          }
        }
      }
      List<String> answers =
          peer.run(
              files.stream().map(file -> command("verify", file)).toList(),
              "damaged files are held against " + peer);
      for (int i = 0; i < files.size(); i++) {
        if (!answers.get(i).equals("ok")) {
          String name = String.format("%s %s damage %d seed %d", peer, layout, i, SEED);
          assertThat(verdict(files.get(i))).as(name + ": " + answers.get(i)).isNotEqualTo("sound");
        }
      }
      assertThat(answers.stream().filter(a -> !a.equals("ok")).count())
          .as("refused by %s", peer)
          .isGreaterThan(answers.size() / 2);
    }
  }

  /** Turns a bit over, cuts the file, overwrites, repeats or removes a stretch of it. */
  private static byte[] damage(byte[] sound, Random random) {
    byte[] bytes = sound.clone();
    int at = random.nextInt(bytes.length);
    int length = 1 + random.nextInt(Math.min(20, bytes.length - at));
    switch (random.nextInt(6)) {
      case 0 -> bytes = Arrays.copyOf(bytes, at);
      case 1 -> Arrays.fill(bytes, at, at + length, (byte) random.nextInt());
      case 2 -> {
        bytes = new byte[sound.length - length];
        System.arraycopy(sound, 0, bytes, 0, at);
        System.arraycopy(sound, at + length, bytes, at, bytes.length - at);
      }
      case 3 -> {
        bytes = new byte[sound.length + length];
        System.arraycopy(sound, 0, bytes, 0, at + length);
        System.arraycopy(sound, at, bytes, at + length, sound.length - at);
      }
      default -> bytes[at] ^= (byte) (1 << random.nextInt(8));
    }
    return bytes;
  }

  private void compareMerge(
      String name, String layout, boolean checksums, int number, int inputs, boolean sameBytes)
      throws IOException {
    List<Path> files = new ArrayList<>();
    for (int n = 0; n < inputs; n++) {
      files.add(input(number, n));
    }
    Path ours = file(number, "ours.ltx");
    try {
      new LtxJavaImplementation()
          .merge(new LtxImplementation.Merge(files, layout, false, !checksums, ours));
    } catch (RefusedException e) {
      throw new AssertionError(name + ": " + e.getMessage(), e);
    }
    Path theirs = file(number, "go.ltx");
    assertThat(JavaSide.read(ours, layout)).as(name).isEqualTo(JavaSide.read(theirs, layout));
    if (sameBytes) {
      assertThat(ours).as(name).hasSameBinaryContentAs(theirs);
    }
  }

  private String compact(String layout, boolean checksums, int number, int inputs) {
    int flags =
        (checksums ? 0 : Content.NO_CHECKSUM) | (layout.equals("v1-lz4") ? Content.COMPRESSED : 0);
    StringBuilder command = new StringBuilder("compact\t" + flags + "\tfalse\t");
    command.append(file(number, "go.ltx"));
    for (int n = 0; n < inputs; n++) {
      command.append('\t').append(input(number, n));
    }
    return command.toString();
  }

  private Path input(int number, int n) {
    return file(number, n + ".ltx");
  }

  private static String verdict(Path file) throws IOException {
    try {
      new LtxJavaImplementation().verify(file, null);
      return "sound";
    } catch (RefusedException e) {
      return e.getMessage();
    }
  }

  /** The contents of a run: the same for the same seed, peer and layout. */
  private static List<Content> contents(Peer peer, String layout) {
    Random random = new Random(SEED ^ peer.name().hashCode() * 31L ^ layout.hashCode());
    List<Content> contents = new ArrayList<>();
    for (int i = 0; i < CASES; i++) {
      Content content = Content.random(random, peer.limits(layout));
      if (layout.equals("v1-lz4")) {
        content.put("flags", Content.COMPRESSED);
      }
      contents.add(content);
    }
    return contents;
  }

  private Path file(int number, String suffix) {
    return directory.resolve(number + "." + suffix);
  }

  private static String command(String name, Path... files) {
    StringBuilder command = new StringBuilder(name);
    for (Path file : files) {
      command.append('\t').append(file);
    }
    return command.toString();
  }
}

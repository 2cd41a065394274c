package io.github.ltxjava.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxWriter;
import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.WriteOptions;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.io.ByteSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LtxDigestTest {

  private static final Path VALID = Path.of("..", "conformance-vectors", "valid");

  @Test
  void blake3GivesTheDigestsOfItsPublishedTestVectors() throws IOException {
    Map<Integer, String> expected = new TreeMap<>();
    expected.put(0, "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262");
    expected.put(1, "2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213");
    expected.put(1024, "42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7");
    expected.put(1025, "d00278ae47eb27b34faecf67b4fe263f82d5412916c1ffd97c8cb7fb814b8444");
    expected.put(2048, "e776b6028c7cd22a4d0ba182a8bf62205d2ef576467e838ed6f2529b85fba24a");
    expected.put(102_400, "bc3e3d41a1146b069abffad3c0d44860cf664390afce4d9661f7902e7943e085");

    for (Map.Entry<Integer, String> each : expected.entrySet()) {
      byte[] input = new byte[each.getKey()];
      for (int i = 0; i < input.length; i++) {
        input[i] = (byte) (i % 251);
      }
      LtxDigest digest = LtxDigest.ofFile(source(input), DigestAlgorithm.BLAKE3);
      assertThat(digest.hex()).as("%d bytes", input.length).isEqualTo(each.getValue());
    }
  }

  @Test
  void theFileDigestIsThatOfTheBytes() throws IOException {
    Path file = VALID.resolve("v3-block/snapshot-10p-mixed-4096.ltx");

    LtxDigest digest = LtxDigest.ofFile(ByteSource.open(file), DigestAlgorithm.SHA256);

    assertThat(digest)
        .hasToString("sha256:79a26d7975da53cedaabe15e0d99b9f13e14a87c9882596885dcd7f100bf9655");
  }

  @Test
  void theExampleOfTheSpecificationHolds() throws IOException {
    String text = Files.readString(Path.of("..", "ltx-spec", "DIGEST.md"));
    int start = text.indexOf("```\n4c 54") + 4;
    String dump = text.substring(start, text.indexOf("```", start));
    byte[] bytes = HexFormat.of().parseHex(dump.replaceAll("\\s", ""));
    LtxHeader header =
        LtxHeader.delta(512, 0, TxidRange.of(Txid.of(2))).timestamp(Instant.EPOCH).build();
    byte[] file = write(header, Layout.V3_BLOCK, List.of());

    for (DigestAlgorithm algorithm : DigestAlgorithm.values()) {
      LtxDigest ofContent = LtxDigest.ofContent(source(file), algorithm);
      assertThat(ofContent).isEqualTo(LtxDigest.ofFile(source(bytes), algorithm));
      assertThat(text).contains(algorithm.label() + ": `" + ofContent.hex() + "`");
    }
  }

  @Test
  void filesThatSayTheSameInDifferentLayoutsHaveTheSameContentDigest() throws IOException {
    Map<String, LtxDigest> digestOfContent = new HashMap<>();
    Map<LtxDigest, String> contentOfDigest = new HashMap<>();
    int compared = 0;
    for (Layout layout : Layout.values()) {
      for (Path file : files(VALID.resolve(layout.label()))) {
        String content = content(file);
        LtxDigest digest = LtxDigest.ofContent(ByteSource.open(file), DigestAlgorithm.BLAKE3);
        LtxDigest before = digestOfContent.putIfAbsent(content, digest);
        if (before != null) {
          assertThat(digest).as(file.toString()).isEqualTo(before);
          compared++;
        }
        assertThat(contentOfDigest.computeIfAbsent(digest, unused -> content)).isEqualTo(content);
      }
    }
    assertThat(compared).isGreaterThan(150);
  }

  /** Everything that the sidecar of a file says about its content, in one text. */
  private static String content(Path file) throws IOException {
    String name = file.getFileName().toString().replace(".ltx", ".json");
    String sidecar = Files.readString(file.resolveSibling(name));
    return part(sidecar, "\"header\": \\{[^}]*}").replace("\"flags\": 1", "\"flags\": 0")
        + part(sidecar, "\"postApplyChecksum\": \"\\w+\"")
        + part(sidecar, "\"pagesSha256\": \"\\w+\"");
  }

  private static String part(String sidecar, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(sidecar);
    assertThat(matcher.find()).as(pattern).isTrue();
    return matcher.group();
  }

  @Test
  void whateverAFileSaysIsCovered() throws IOException {
    byte[] zeros = new byte[512];
    byte[] ones = zeros.clone();
    ones[511] = 1;
    LtxHeader header = header(1000, 2, 3).build();
    Set<LtxDigest> seen = new HashSet<>();
    List<byte[]> variants = new ArrayList<>();
    variants.add(write(header, Layout.V3_BLOCK, List.of(zeros, zeros)));
    variants.add(write(header, Layout.V3_BLOCK, List.of(zeros)));
    variants.add(write(header, Layout.V3_BLOCK, List.of(zeros, ones)));
    variants.add(write(header, Layout.V3_BLOCK, List.of(ones, zeros)));
    variants.add(write(header(1001, 2, 3).build(), Layout.V3_BLOCK, List.of(zeros, zeros)));
    variants.add(write(header(1000, 2, 4).build(), Layout.V3_BLOCK, List.of(zeros, zeros)));
    variants.add(write(header(1000, 3, 3).build(), Layout.V3_BLOCK, List.of(zeros, zeros)));
    variants.add(
        write(header(1000, 2, 3).nodeId(1).build(), Layout.V3_BLOCK, List.of(zeros, zeros)));

    for (byte[] variant : variants) {
      assertThat(seen.add(LtxDigest.ofContent(source(variant), DigestAlgorithm.BLAKE3))).isTrue();
    }
  }

  @Test
  void aDamagedFileHasNoContentDigest() throws IOException {
    byte[] file = write(header(0, 2, 2).build(), Layout.V3_BLOCK, List.of(new byte[512]));
    file[file.length - 1] ^= 1;

    assertThatThrownBy(() -> LtxDigest.ofContent(source(file), DigestAlgorithm.BLAKE3))
        .isInstanceOf(LtxFormatException.class);
  }

  @Test
  void theTextFormIsReadBack() throws IOException {
    for (DigestAlgorithm algorithm : DigestAlgorithm.values()) {
      LtxDigest digest = LtxDigest.ofFile(source(new byte[100]), algorithm);
      assertThat(LtxDigest.parse(digest.toString())).isEqualTo(digest).hasSameHashCodeAs(digest);
      assertThat(digest.bytes()).hasSize(DigestAlgorithm.SIZE);
    }
    for (String wrong : List.of("", "blake3:", "blake3:00", "md5:" + "0".repeat(64), "0")) {
      assertThatThrownBy(() -> LtxDigest.parse(wrong)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> LtxDigest.parse("sha256:" + "g".repeat(64)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static LtxHeader.Builder header(long millis, long min, long max) {
    return LtxHeader.delta(512, 9, TxidRange.of(Txid.of(min), Txid.of(max)))
        .timestamp(Instant.ofEpochMilli(millis));
  }

  private static byte[] write(LtxHeader header, Layout layout, List<byte[]> pages)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    WriteOptions options = WriteOptions.DEFAULT.withLayout(layout);
    try (LtxWriter writer = LtxWriter.create(ByteSink.to(out), header, options)) {
      for (int i = 0; i < pages.size(); i++) {
        writer.write(i + 1, ByteBuffer.wrap(pages.get(i)));
      }
      writer.finish();
    }
    return out.toByteArray();
  }

  private static ByteSource source(byte[] bytes) {
    return ByteSource.of("test", ByteBuffer.wrap(bytes));
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".ltx")).sorted().toList();
    }
  }
}

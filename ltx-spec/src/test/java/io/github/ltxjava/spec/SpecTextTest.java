package io.github.ltxjava.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ltxjava.spec.SpecText.Row;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks what the texts say about themselves: links, vectors that they name, check values. */
class SpecTextTest {

  private static final SpecText FORMAT = SpecText.read("FORMAT.md");
  private static final Pattern LINK = Pattern.compile("]\\(([A-Z]*(?:\\.md)?)#?([^)]*)\\)");
  private static final Path VECTORS = Path.of("..", "conformance-vectors");
  private static final long TOP_BIT = 1L << 63;

  @ParameterizedTest
  @ValueSource(strings = {"FORMAT.md", "STORAGE.md"})
  void everyLinkLeadsSomewhere(String name) {
    List<MatchResult> links = LINK.matcher(SpecText.read(name).all()).results().toList();

    assertThat(links).isNotEmpty();
    for (MatchResult link : links) {
      String file = link.group(1).isEmpty() ? name : link.group(1);
      assertThat(anchors(file)).as("target of %s", link.group()).contains(link.group(2));
    }
  }

  private static List<String> anchors(String file) {
    return Stream.concat(
            Stream.of(""), SpecText.read(file).headings().stream().map(SpecTextTest::anchor))
        .toList();
  }

  /** As the usual renderers of Markdown make it. */
  private static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 -]", "").replace(' ', '-');
  }

  @Test
  void errataAreNumberedInOrder() {
    List<Integer> numbers = errata().map(row -> row.number("No.")).toList();

    assertThat(numbers).hasSizeGreaterThan(40);
    for (int i = 0; i < numbers.size(); i++) {
      assertThat(numbers.get(i)).isEqualTo(i + 1);
    }
  }

  @Test
  void everyVectorThatTheTextNamesExists() throws IOException {
    List<Path> cases;
    try (Stream<Path> files = Files.walk(VECTORS, 4)) {
      cases = files.map(VECTORS::relativize).toList();
    }
    List<String> names =
        Stream.concat(errata(), FORMAT.table("12. Findings", 1).stream())
            .flatMap(
                row -> Pattern.compile("`([^`]+)`").matcher(row.cells().get("Vector")).results())
            .map(match -> match.group(1))
            .toList();

    assertThat(names).isNotEmpty();
    for (String name : names) {
      String glob =
          name.contains("/") ? "{,own/}" + name : "{,own/}{invalid,valid}/*/" + name + ".ltx";
      PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
      assertThat(cases).as(name).anyMatch(matcher::matches);
    }
  }

  private static Stream<Row> errata() {
    return Stream.of("14.1 Reading", "14.2 Writing", "14.3 Merging", "14.4 Applying")
        .flatMap(heading -> FORMAT.table(heading, 0).stream());
  }

  @Test
  void checkValuesAreRight() {
    List<Row> crcs = FORMAT.table("9.1 CRC-64", 0);
    List<Row> databases = FORMAT.table("9.3 Database checksum", 0);

    assertThat(crcs.get(0).text("CRC-64")).isEqualTo(hex(crc(new byte[0])));
    assertThat(crcs.get(1).text("CRC-64"))
        .isEqualTo(hex(crc("123456789".getBytes(StandardCharsets.US_ASCII))));
    for (Row row : databases) {
      assertThat(row.text("Checksum"))
          .as(row.text("Database"))
          .isEqualTo(hex(databaseChecksum(row.text("Database"))));
    }
  }

  /** Of a database described as {@code 1024 × 32, 1024 × 33}, a page each. */
  private static long databaseChecksum(String description) {
    long sum = 0;
    int number = 0;
    for (String page :
        description.equals("no pages") ? new String[0] : description.split(", ", -1)) {
      String[] parts = page.split(" × ", -1);
      byte[] bytes = new byte[Integer.BYTES + Integer.parseInt(parts[0])];
      Arrays.fill(bytes, (byte) Integer.parseInt(parts[1], 16));
      ByteBuffer.wrap(bytes).putInt(++number);
      sum ^= TOP_BIT | crc(bytes);
    }
    return TOP_BIT | sum;
  }

  /** CRC-64/GO-ISO bit by bit, as its parameters are written down in the text. */
  private static long crc(byte[] bytes) {
    long crc = -1;
    for (byte b : bytes) {
      crc ^= b & 0xFF;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc >>> 1) ^ ((crc & 1) != 0 ? 0xD800000000000000L : 0);
      }
    }
    return ~crc;
  }

  private static String hex(long value) {
    return HexFormat.of().toHexDigits(value);
  }
}

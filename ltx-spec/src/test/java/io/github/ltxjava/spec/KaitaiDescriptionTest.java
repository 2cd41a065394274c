package io.github.ltxjava.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ltxjava.spec.Vectors.Vector;
import io.github.ltxjava.spec.generated.Ltx;
import io.kaitai.struct.ByteBufferKaitaiStream;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds {@code ltx.ksy} against the conformance vectors, through the parser generated from it. */
class KaitaiDescriptionTest {

  /**
   * Invalid vectors that the description has to refuse: it does not decompress, compute checksums,
   * compare index and frames, or look at the order of pages, but it knows fields and their bounds.
   */
  private static final Pattern STRUCTURAL =
      Pattern.compile(
          "truncated-.*|trailing-.*|magic-.*|page-size-(?!doubled).*|header-flag.*|page-flag-.*"
              + "|commit-all-ones|(min|max)-txid-zero|pre-apply-.*|wal-(offset|size)-negative"
              + "|lock-page-present|page-above-commit|commit-(below|zero-with).*"
              + "|block-(empty-first-page|size-2gb|size-all-ones)|end-marker-.*"
              + "|index-(size-field|end-marker|varint)-.*|page-number-zero-with-flag"
              + "|post-apply-(without|with-no).*|post-apply-zero.*|file-checksum-.*"
              + "|frame-(magic-wrong|end-mark-missing|block-length-huge|payload-is-block|missing)"
              + "|frame-option-dictionary-id|block-not-compressed|compressed-flag-on-raw-block");

  /** Of these, the ones inside the page block, which is compressed in v1-lz4. */
  private static final Pattern IN_PAGES =
      Pattern.compile("lock-page-present|page-above-commit|commit-(below|zero-with).*");

  static List<Vector> valid() {
    return Stream.of("valid", "own/valid")
        .flatMap(kind -> Vectors.ofKind(kind).stream())
        .filter(vector -> !usesExtension(vector))
        .toList();
  }

  private static boolean usesExtension(Vector vector) {
    return vector.sidecar().containsKey("extension");
  }

  @Test
  void findsVectorsOfEveryLayout() {
    Map<String, Long> counts =
        valid().stream().collect(Collectors.groupingBy(Vector::layout, Collectors.counting()));

    assertThat(counts).containsOnlyKeys("v1-raw", "v1-lz4", "v2", "v3-frame", "v3-block");
    assertThat(counts.values()).allMatch(count -> count >= 47);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("valid")
  void describesEveryValidVector(Vector vector) throws IOException {
    Ltx file = parse(vector.bytes());

    assertThat(layoutOf(file)).isEqualTo(nameOfLayout(vector));
    assertHeader(file.header(), vector.object("header"));
    assertTrailer(file.trailer(), vector.object("trailer"));
    KaitaiPages.Summary pages = KaitaiPages.summarize(file);
    assertThat(pages.pageCount()).isEqualTo(vector.number("pageCount"));
    assertThat(pages.sha256()).isEqualTo(vector.sidecar().get("pagesSha256"));
    if (file.hasIndex()) {
      assertThat(file.index().ofs()).isEqualTo(vector.number("indexOffset"));
      assertThat(file.indexSize()).isEqualTo(vector.number("indexSize"));
      assertFrames(file, vector);
      assertIndexNamesFrames(file);
    }
  }

  /** A file of version 3 without pages has the same bytes in both forms. */
  private static String nameOfLayout(Vector vector) {
    boolean hasPages = vector.number("pageCount") > 0;
    return vector.layout().equals("v3-frame") && !hasPages ? "v3-block" : vector.layout();
  }

  private static void assertHeader(Ltx.Header header, Map<String, Object> expected) {
    assertThat(header.flags()).isEqualTo(number(expected, "flags"));
    assertThat(header.pageSize()).isEqualTo(number(expected, "pageSize"));
    assertThat(header.commit()).isEqualTo(number(expected, "commit"));
    assertThat(header.minTxid()).isEqualTo(hex(expected, "minTXID"));
    assertThat(header.maxTxid()).isEqualTo(hex(expected, "maxTXID"));
    assertThat(header.timestamp()).isEqualTo(number(expected, "timestampMillis"));
    assertThat(header.preApplyChecksum()).isEqualTo(hex(expected, "preApplyChecksum"));
    assertThat(header.walOffset()).isEqualTo(number(expected, "walOffset"));
    assertThat(header.walSize()).isEqualTo(number(expected, "walSize"));
    assertThat(header.walSalt1()).isEqualTo(number(expected, "walSalt1"));
    assertThat(header.walSalt2()).isEqualTo(number(expected, "walSalt2"));
    assertThat(header.nodeId()).isEqualTo(hex(expected, "nodeID"));
  }

  private static void assertTrailer(Ltx.Trailer trailer, Map<String, Object> expected) {
    assertThat(trailer.postApplyChecksum()).isEqualTo(hex(expected, "postApplyChecksum"));
    assertThat(trailer.fileChecksum()).isEqualTo(hex(expected, "fileChecksum"));
  }

  private static void assertFrames(Ltx file, Vector vector) {
    Map<Long, Ltx.Frame> frames =
        file.frames().stream().collect(Collectors.toMap(Ltx.Frame::pageNumber, f -> f));
    for (Map<String, Object> page : vector.listedPages()) {
      Ltx.Frame frame = frames.get(number(page, "pgno"));
      assertThat(frame).as("page %s", page.get("pgno")).isNotNull();
      assertThat(frame.ofs()).isEqualTo(number(page, "frameOffset"));
      assertThat(frame.len()).isEqualTo(number(page, "frameSize"));
    }
  }

  private static void assertIndexNamesFrames(Ltx file) {
    List<Ltx.IndexEntry> entries = file.index().entries();
    assertThat(entries).hasSameSizeAs(file.frames());
    for (int i = 0; i < entries.size() - 1; i++) {
      Ltx.Frame frame = file.frames().get(i);
      assertThat(entries.get(i).pageNumber().value()).isEqualTo(frame.pageNumber());
      assertThat(entries.get(i).frameOffset().value()).isEqualTo(frame.ofs());
      assertThat(entries.get(i).frameSize().value()).isEqualTo(frame.len());
    }
  }

  static List<Vector> wrongInStructure() {
    return Vectors.ofKind("invalid").stream()
        .filter(v -> STRUCTURAL.matcher(caseOf(v)).matches())
        .filter(v -> !v.layout().equals("v1-lz4") || !IN_PAGES.matcher(caseOf(v)).matches())
        .toList();
  }

  private static String caseOf(Vector vector) {
    return (String) vector.sidecar().get("case");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrongInStructure")
  void refusesFilesOfWrongStructure(Vector vector) throws IOException {
    byte[] bytes = vector.bytes();

    assertThatThrownBy(() -> parse(bytes)).isInstanceOf(RuntimeException.class);
  }

  @Test
  void refusesFilesThatUseAnExtension() throws IOException {
    List<Vector> extended =
        Vectors.ofKind("own/valid").stream().filter(v -> usesExtension(v)).toList();

    assertThat(extended).isNotEmpty();
    for (Vector vector : extended) {
      byte[] bytes = vector.bytes();
      assertThatThrownBy(() -> parse(bytes)).isInstanceOf(RuntimeException.class);
    }
  }

  @Test
  void refusesEveryPrefixOfAFileOfEachLayout() throws IOException {
    for (Vector vector : smallestOfEachLayout()) {
      byte[] bytes = vector.bytes();
      for (int length = 0; length < bytes.length; length++) {
        byte[] prefix = Arrays.copyOf(bytes, length);
        assertThatThrownBy(() -> parse(prefix))
            .as("%s cut to %d bytes", vector, length)
            .isInstanceOf(RuntimeException.class);
      }
    }
  }

  @Test
  void refusesAByteBehindAFileOfEachLayout() throws IOException {
    for (Vector vector : smallestOfEachLayout()) {
      byte[] bytes = vector.bytes();
      byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
      assertThatThrownBy(() -> parse(longer)).as("%s", vector).isInstanceOf(RuntimeException.class);
    }
  }

  private static List<Vector> smallestOfEachLayout() {
    return valid().stream().filter(v -> v.file().endsWith("snapshot-1p-512.ltx")).toList();
  }

  private static Ltx parse(byte[] bytes) {
    return new Ltx(new ByteBufferKaitaiStream(bytes));
  }

  private static String layoutOf(Ltx file) {
    return file.layout().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static long number(Map<String, Object> object, String name) {
    return ((BigInteger) object.get(name)).longValueExact();
  }

  private static long hex(Map<String, Object> object, String name) {
    return Long.parseUnsignedLong((String) object.get(name), 16);
  }
}

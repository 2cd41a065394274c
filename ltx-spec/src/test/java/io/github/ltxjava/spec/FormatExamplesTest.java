package io.github.ltxjava.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.LtxFormatException.Reason;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxReader;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.spec.SpecText.Example;
import io.github.ltxjava.spec.SpecText.Row;
import io.github.ltxjava.spec.generated.Ltx;
import io.kaitai.struct.ByteBufferKaitaiStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Decodes the worked examples of FORMAT.md. */
class FormatExamplesTest {

  private static final String SECTION = "15. Worked examples";
  private static final SpecText FORMAT = SpecText.read("FORMAT.md");
  private static final String DATABASE_CHECKSUM = "eb1a999231044ddd";
  private static final int PAGE_SIZE = 512;

  static List<Example> examples() {
    return FORMAT.examples();
  }

  @Test
  void thereIsAnExampleOfEveryLayout() {
    assertThat(examples())
        .extracting(Example::layout)
        .contains(Arrays.stream(Layout.values()).map(Layout::label).toArray(String[]::new));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("examples")
  void theReaderDecodesWhatTheTextSays(Example example) throws IOException {
    Row row = rowOf(example);
    try (LtxReader reader = open(example.bytes())) {
      LtxHeader header = reader.header();
      assertThat(reader.layout().label()).isEqualTo(example.layout());
      assertThat(header.pageSize()).isEqualTo(PAGE_SIZE);
      assertThat(header.commit()).isEqualTo(1);
      assertThat(header.txids().min().value()).isEqualTo(1);
      assertThat(header.txids().max().value()).isEqualTo(1);
      assertThat(header.timestamp()).isEqualTo(Instant.ofEpochMilli(1000));
      assertThat(header.nodeId()).isZero();

      assertThat(reader.next()).isTrue();
      byte[] page = new byte[PAGE_SIZE];
      reader.page().get(page);
      assertThat(reader.pageNumber()).isEqualTo(1);
      assertThat(page).containsOnly(0x31);
      assertThat(reader.pageChecksum()).hasToString(DATABASE_CHECKSUM);

      assertThat(reader.next()).isFalse();
      assertThat(reader.trailer().file()).hasToString(row.text("fileChecksum"));
      assertThat(reader.trailer().postApply().isPresent()).isEqualTo(header.tracksChecksums());
      reader.trailer().postApply().ifPresent(c -> assertThat(c).hasToString(DATABASE_CHECKSUM));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("examples")
  void theDescriptionParsesIt(Example example) {
    Ltx file = new Ltx(new ByteBufferKaitaiStream(example.bytes()));

    assertThat(file.layout().name().replace('_', '-')).isEqualToIgnoringCase(example.layout());
    assertThat(KaitaiPages.summarize(file).pageCount()).isEqualTo(1);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("examples")
  void theTableGivesLayoutAndLength(Example example) {
    Row row = rowOf(example);

    assertThat(row.text("Layout")).isEqualTo(example.layout());
    assertThat(row.number("Bytes")).isEqualTo(example.bytes().length);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("examples")
  void everyFlippedBitIsRefused(Example example) {
    byte[] original = example.bytes();
    for (int bit = 0; bit < 8 * original.length; bit++) {
      byte[] bytes = original.clone();
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
      assertRefused(bytes, "bit " + bit);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("examples")
  void everyCutIsRefusedAndSoIsAnythingBehindTheEnd(Example example) {
    byte[] original = example.bytes();
    for (int length = 0; length < original.length; length++) {
      assertRefused(Arrays.copyOf(original, length), "cut to " + length);
    }
    assertRefused(Arrays.copyOf(original, original.length + 1), "longer");
  }

  @Test
  void whatTheTextSaysToTryIsRefusedForItsReason() {
    byte[] a = examples().get(0).bytes();

    assertRefused(withInt(a, 106, -1), Reason.BAD_PAGE_FRAME);
    assertRefused(withInt(a, 102, 0x0001_0002), Reason.UNSUPPORTED);
    assertRefused(withInt(a, 102, 0x0001_0003), Reason.BAD_PAGE_FRAME);
    assertRefused(withInt(a, 4, 0x0000_0001), Reason.BAD_HEADER);
    byte[] shortPage = a.clone();
    shortPage[115]--;
    assertRefused(shortPage, Reason.BAD_COMPRESSION);
  }

  private static byte[] withInt(byte[] bytes, int offset, int value) {
    return ByteBuffer.wrap(bytes.clone()).putInt(offset, value).array();
  }

  private static void assertRefused(byte[] bytes, Reason reason) {
    assertThatThrownBy(() -> pagesOf(bytes))
        .isInstanceOfSatisfying(
            LtxFormatException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private static void assertRefused(byte[] bytes, String what) {
    assertThatThrownBy(() -> pagesOf(bytes)).as(what).isInstanceOf(LtxFormatException.class);
  }

  private static byte[] pagesOf(byte[] bytes) throws IOException {
    ByteArrayOutputStream pages = new ByteArrayOutputStream();
    try (LtxReader reader = open(bytes)) {
      while (reader.next()) {
        byte[] page = new byte[reader.page().remaining()];
        reader.page().duplicate().get(page);
        pages.writeBytes(page);
      }
    }
    return pages.toByteArray();
  }

  private static LtxReader open(byte[] bytes) throws IOException {
    return LtxReader.open(ByteSource.of("example", ByteBuffer.wrap(bytes)));
  }

  private static Row rowOf(Example example) {
    return FORMAT.table(SECTION, 0).stream()
        .filter(row -> row.text("Example").equals(example.name()))
        .findFirst()
        .orElseThrow();
  }
}

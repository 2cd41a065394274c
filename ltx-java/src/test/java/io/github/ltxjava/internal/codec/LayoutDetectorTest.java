package io.github.ltxjava.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.LtxReader;
import io.github.ltxjava.LtxVerifier;
import io.github.ltxjava.LtxVerifier.Depth;
import io.github.ltxjava.ReadOptions;
import io.github.ltxjava.Verification;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.support.Forge;
import io.github.ltxjava.support.Ltx;
import io.github.ltxjava.support.Pages;
import io.github.ltxjava.support.ProbeSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Telling the five layouts apart, also where one looks like another. */
class LayoutDetectorTest {

  private static final Path VECTORS = Path.of("../conformance-vectors/valid");

  /** Files written by Go, in every layout, the ones that look like others among them. */
  static List<Path> vectors() throws IOException {
    try (Stream<Path> files = Files.walk(VECTORS)) {
      return files.filter(file -> file.toString().endsWith(".ltx")).sorted().toList();
    }
  }

  private static Layout layoutOf(Path vector) {
    return Layout.ofLabel(vector.getParent().getFileName().toString());
  }

  /** Without pages, the two forms of version 3 are the same bytes. */
  private static Layout expected(Layout layout, long pages) {
    return layout == Layout.V3_FRAME && pages == 0 ? Layout.V3_BLOCK : layout;
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void everyFileIsToldByItsStructureAlone(Path vector) throws IOException {
    byte[] file = Files.readAllBytes(vector);
    List<Layout> candidates =
        LayoutDetector.candidates(new ProbeSource(file), Arrays.copyOf(file, 100));
    try (LtxReader reader = LtxReader.open(ByteSource.open(vector), Ltx.as(layoutOf(vector)))) {
      assertThat(candidates).containsExactly(expected(layoutOf(vector), count(reader)));
    }
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void everyStreamIsToldOrHasToBeNamed(Path vector) throws IOException {
    byte[] file = Files.readAllBytes(vector);
    Layout layout = layoutOf(vector);
    boolean raw = layout == Layout.V1_RAW;
    try (LtxReader reader =
        LtxReader.open("stream", new ByteArrayInputStream(file), ReadOptions.DEFAULT)) {
      long pages = count(reader);
      assertThat(reader.layout()).isEqualTo(expected(layout, pages));
    } catch (LtxFormatException e) {
      assertThat(raw).as(e.getMessage()).isTrue();
    }
    try (LtxReader reader =
        LtxReader.open("stream", new ByteArrayInputStream(file), Ltx.as(layout))) {
      assertThat(count(reader)).isNotNegative();
    }
  }

  private static long count(LtxReader reader) throws IOException {
    while (reader.next()) {
      assertThat(reader.page().hasRemaining()).isTrue();
    }
    return reader.pageCount();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void aCutOrLengthenedFileIsRefusedWhateverItsLayout(Path vector) throws IOException {
    byte[] file = Files.readAllBytes(vector);
    if (file.length > 200_000) {
      return;
    }
    for (int length :
        new int[] {
          file.length - 1,
          file.length - 8,
          file.length - 16,
          file.length - 24,
          file.length / 2,
          110,
          101,
          100,
          file.length + 1,
          file.length + 16,
          file.length + 24
        }) {
      byte[] changed = Arrays.copyOf(file, Math.max(0, length));
      assertThatThrownBy(() -> Ltx.read(changed)).isInstanceOf(LtxFormatException.class);
      for (Depth depth : Depth.values()) {
        assertThat(Ltx.verify(changed, depth, ReadOptions.DEFAULT).isSound())
            .as("%s with %d bytes, %s", vector.getFileName(), length, depth)
            .isFalse();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Layout.class,
      names = {"V2", "V3_FRAME", "V3_BLOCK"})
  void aRawFileThatFeignsAnotherLayoutIsToldByItsEnd(Layout feigned) throws IOException {
    byte[] other = Forge.snapshot(feigned, 512, Pages.text(512, 1)).build();
    byte[] page = Arrays.copyOfRange(other, 104, 104 + 512);
    byte[] raw = Forge.snapshot(Layout.V1_RAW, 512, page, page).build();
    Verification verdict = Ltx.verify(raw, Depth.FULL, ReadOptions.DEFAULT);
    assertThat(verdict.findings()).isEmpty();
    assertThat(verdict.detectedLayout()).contains(Layout.V1_RAW);
  }

  @Test
  void theFileChecksumDecidesWhereARawFileCarriesAnIndexOfItsOwn() throws IOException {
    // The last page holds what v3-block needs at its end, up to the end marker of raw version 1,
    // whose zeros are the high bits of an index size.
    byte[] first = Pages.text(512, 1);
    ByteBuffer.wrap(first).putShort((short) 1).putInt(100);
    byte[] last = new byte[512];
    ByteBuffer.wrap(last).putInt(508, 12);
    byte[] file = Forge.snapshot(Layout.V1_RAW, 512, first, last).build();
    assertThat(Ltx.read(file)).hasSize(2);
    assertThat(Ltx.verify(file, Depth.FULL, ReadOptions.DEFAULT).detectedLayout())
        .contains(Layout.V1_RAW);
  }

  @Test
  void detectionReadsLittleOfALargeFile() throws IOException {
    byte[][] pages = new byte[100][];
    Arrays.setAll(pages, i -> Pages.random(4096, i));
    for (Layout layout : Layout.values()) {
      byte[] file = Forge.snapshot(layout, 4096, pages).build();
      ProbeSource source = new ProbeSource(file);
      assertThat(LayoutDetector.candidates(source, Arrays.copyOf(file, 100)))
          .containsExactly(layout);
      assertThat(source.bytesRead()).isLessThan(100);
    }
  }

  @Test
  void aHeaderAloneIsTruncated() throws IOException {
    for (Layout layout : Layout.values()) {
      byte[] header = Arrays.copyOf(Forge.delta(layout, 512, 3).build(), 100);
      Verification verdict =
          LtxVerifier.verify(Ltx.source(header), Depth.FULL, ReadOptions.DEFAULT);
      assertThat(verdict.findings().get(0).reason()).isEqualTo(LtxFormatException.Reason.TRUNCATED);
      assertThat(verdict.findings().get(0).offset()).isEqualTo(100);
    }
  }
}

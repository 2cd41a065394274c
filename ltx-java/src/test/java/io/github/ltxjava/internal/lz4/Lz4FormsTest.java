package io.github.ltxjava.internal.lz4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.airlift.compress.lz4.Lz4Compressor;
import io.airlift.compress.lz4.Lz4Decompressor;
import io.github.ltxjava.Layout;
import io.github.ltxjava.ReadOptions;
import io.github.ltxjava.internal.io.SequentialInput;
import io.github.ltxjava.support.Forge;
import io.github.ltxjava.support.Ltx;
import io.github.ltxjava.support.Lz4Maker;
import io.github.ltxjava.support.Pages;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** LZ4 in every legal form, ours and that of others. */
class Lz4FormsTest {

  static List<Object[]> legalForms() {
    return Lz4Maker.legalForms();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("legalForms")
  void aPageInAnyLegalFrameIsRead(String what, Lz4Maker.Frame form) throws Exception {
    for (int pageSize : new int[] {512, 4096, 65_536}) {
      for (byte[] page :
          List.of(Pages.text(pageSize, 1), Pages.random(pageSize, 2), Pages.filled(pageSize, 3))) {
        byte[] frame = form.of(page);
        byte[] target = new byte[pageSize];
        Lz4Frame.decode(frame, 0, frame.length, target, pageSize);
        assertThat(target).isEqualTo(page);
        byte[] shifted = new byte[frame.length + 13];
        System.arraycopy(frame, 0, shifted, 7, frame.length);
        SequentialInput in = SequentialInput.of(Ltx.source(shifted), 16);
        assertThat(Lz4Frame.measure(in, 7, Lz4Frame.maxSize(pageSize))).isEqualTo(frame.length);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("legalForms")
  void aFileWithSuchFramesIsRead(String what, Lz4Maker.Frame form) throws IOException {
    byte[][] pages = {Pages.text(1024, 1), Pages.random(1024, 2), Pages.filled(1024, 0)};
    for (Layout layout : new Layout[] {Layout.V2, Layout.V3_FRAME}) {
      Forge forge = Forge.snapshot(layout, 1024, pages);
      forge.frames.forEach(frame -> frame.payload = form.of(frame.page));
      byte[] file = forge.build();
      assertThat(Ltx.read(file, Ltx.as(layout)).values()).containsExactly(pages);
      assertThat(Ltx.readAtRandom(file, Ltx.as(layout)).values()).containsExactly(pages);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("legalForms")
  void acompressedPageBlockInAnyLegalFrameIsRead(String what, Lz4Maker.Frame form)
      throws IOException {
    byte[][] pages = new byte[12][];
    for (int i = 0; i < pages.length; i++) {
      pages[i] = Pages.mixed(8192, i);
    }
    Forge forge = Forge.snapshot(Layout.V1_LZ4, 8192, pages);
    forge.pageBlockFrame = form;
    byte[] file = forge.build();
    assertThat(Ltx.read(file).values()).containsExactly(pages);
    assertThat(Ltx.readStream(file, ReadOptions.DEFAULT).values()).containsExactly(pages);
  }

  @Test
  void linkedBlocksReachBack64KibibytesAndNoFurther() throws IOException {
    byte[] noise = Pages.random(65_535, 1);
    byte[] content = Arrays.copyOf(noise, 300_000);
    for (int at = 65_535; at < content.length; at++) {
      content[at] = content[at - 65_535];
    }
    for (int piece : new int[] {1000, 65_536, 50_001}) {
      byte[] frame = Lz4Maker.frame().linked().pieces(piece).blockSizeCode(7).of(content);
      assertThat(frame.length).isLessThan(80_000 + 20 * content.length / piece);
      assertThat(contentOf(frame, 100)).isEqualTo(content);
      assertThat(contentOf(frame, 1 << 20)).isEqualTo(content);
    }
  }

  private static byte[] contentOf(byte[] frame, int windowSize) throws IOException {
    try {
      SequentialInput in = SequentialInput.of(Ltx.source(frame), windowSize);
      Lz4FrameInput input = Lz4FrameInput.open(in);
      byte[] content = new byte[400_000];
      int length = 0;
      int step = 1;
      int read;
      while ((read = input.read(content, length, step)) == step) {
        length += read;
        step = step * 3 % 7919 + 1;
      }
      assertThat(in.require(1)).as("bytes behind the frame").isFalse();
      return Arrays.copyOf(content, length + read);
    } catch (MalformedLz4Exception e) {
      throw new AssertionError(e);
    }
  }

  @Property
  void ourFrameIsTheOneFormThatEveryGoVersionReads(
      @ForAll @IntRange(min = 9, max = 16) int bits, @ForAll long seed) throws Exception {
    int pageSize = 1 << bits;
    byte[] page = Pages.mixed(pageSize, seed);
    byte[] frame = new byte[Lz4.maxBlockSize(pageSize) + Lz4Frame.OVERHEAD];
    int length = Lz4Frame.encode(page, pageSize, frame, 0);
    assertThat(Arrays.copyOf(frame, 7)).containsExactly(4, 0x22, 0x4D, 0x18, 0x64, 0x40, 0xA7);
    int block = word(frame, 7);
    int blockLength = block & 0x7FFF_FFFF;
    assertThat(length).isEqualTo(11 + blockLength + 8);
    assertThat(word(frame, length - 8)).isZero();
    assertThat(word(frame, length - 4)).isEqualTo(Lz4Maker.xxHash32(page));
    byte[] content = new byte[pageSize];
    if (block < 0) {
      content = Arrays.copyOfRange(frame, 11, 11 + blockLength);
    } else {
      new Lz4Decompressor().decompress(frame, 11, blockLength, content, 0, pageSize);
    }
    assertThat(content).isEqualTo(page);
  }

  private static int word(byte[] bytes, int at) {
    return Lz4FrameHeader.getInt(bytes, at);
  }

  @Property
  void othersReadOurBlocksAndWeReadTheirs(
      @ForAll @IntRange(min = 1, max = 70_000) int length,
      @ForAll @IntRange(max = 2) int kind,
      @ForAll @IntRange(max = 40) int padding) {
    byte[] content = Pages.mixed(length, kind + 3L * length);
    byte[] block = new byte[padding + Lz4.maxBlockSize(length)];
    int ours = Lz4.compress(content, 0, length, block, padding);
    byte[] target = new byte[length];
    new Lz4Decompressor().decompress(block, padding, ours, target, 0, length);
    assertThat(target).isEqualTo(content);
    assertWeRead(block, padding, ours, content);

    Lz4Compressor compressor = new Lz4Compressor();
    byte[] theirs = new byte[padding + compressor.maxCompressedLength(length)];
    int theirLength =
        compressor.compress(content, 0, length, theirs, padding, theirs.length - padding);
    assertWeRead(theirs, padding, theirLength, content);

    byte[] simple = Lz4Maker.block(content);
    assertWeRead(simple, 0, simple.length, content);
    byte[] literals = Lz4Maker.literals(content);
    assertWeRead(literals, 0, literals.length, content);
  }

  private static void assertWeRead(byte[] block, int offset, int length, byte[] content) {
    byte[] target = new byte[content.length + 64];
    assertThat(Lz4.decompress(block, offset, length, target, 5, content.length))
        .isEqualTo(content.length);
    assertThat(Arrays.copyOfRange(target, 5, 5 + content.length)).isEqualTo(content);
    byte[] linked = new byte[content.length + 64];
    assertThat(LinkedBlocks.decompress(block, offset, length, linked, 5, 5, 5 + content.length))
        .isEqualTo(content.length);
    assertThat(linked).isEqualTo(target);
    assertThat(Lz4.decompress(block, offset, length, target, 5, content.length - 1)).isNegative();
    assertThat(LinkedBlocks.decompress(block, offset, length, linked, 5, 5, 4 + content.length))
        .isEqualTo(-1);
  }

  @Property(tries = 2000)
  void noiseNeverBreaksADecompressor(
      @ForAll byte[] noise, @ForAll @IntRange(min = 1, max = 600) int limit) {
    byte[] target = new byte[limit];
    int given = Lz4.decompress(noise, 0, noise.length, target, 0, limit);
    assertThat(given).isBetween(-1, limit);
    byte[] linked = new byte[limit];
    int linkedGiven = LinkedBlocks.decompress(noise, 0, noise.length, linked, 0, 0, limit);
    assertThat(linkedGiven).isBetween(-1, limit);
    if (linkedGiven >= 0) {
      assertThat(given).isEqualTo(linkedGiven);
      assertThat(target).isEqualTo(linked);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("legalForms")
  void aCutFrameIsNoticedWhereverItIsCut(String what, Lz4Maker.Frame form) {
    byte[] page = Pages.text(512, 1);
    byte[] frame = form.of(page);
    for (int length = 0; length < frame.length; length++) {
      int cut = length;
      assertThatThrownBy(() -> Lz4Frame.decode(frame, 0, cut, new byte[512], 512))
          .isInstanceOf(MalformedLz4Exception.class);
    }
  }

  @Test
  void xxHash32AgreesWithItsDefinition() {
    for (int length = 0; length < 200; length++) {
      byte[] bytes = Pages.random(length, length);
      assertThat(Lz4.xxHash32(bytes, 0, length)).isEqualTo(Lz4Maker.xxHash32(bytes));
    }
  }
}

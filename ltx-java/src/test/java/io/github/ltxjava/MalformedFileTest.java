package io.github.ltxjava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.ltxjava.LtxFormatException.Reason;
import io.github.ltxjava.LtxVerifier.Depth;
import io.github.ltxjava.support.Forge;
import io.github.ltxjava.support.Ltx;
import io.github.ltxjava.support.Lz4Maker;
import io.github.ltxjava.support.Pages;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each way of being wrong is refused for its reason, at its place. */
class MalformedFileTest {

  private static final int PAGE = 512;

  private static Forge snapshot(Layout layout) {
    return Forge.snapshot(
        layout, PAGE, Pages.text(PAGE, 1), Pages.random(PAGE, 2), Pages.filled(PAGE, 0));
  }

  private static Forge delta(Layout layout) {
    return Forge.delta(layout, PAGE, 9, 2, 3, 7);
  }

  static Stream<Layout> indexed() {
    return Stream.of(Layout.values()).filter(Layout::hasIndex);
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void forgedFilesAreSoundUnlessDamaged(Layout layout) throws IOException {
    for (Forge forge : List.of(snapshot(layout), delta(layout))) {
      byte[] file = forge.build();
      assertThat(Ltx.read(file)).hasSize(3);
      assertThat(Ltx.readStream(file, Ltx.as(layout))).hasSize(3);
      assertThat(Ltx.verify(file, Depth.FULL, ReadOptions.DEFAULT).findings()).isEmpty();
      assertThat(Ltx.verify(file, Depth.STRUCTURE, ReadOptions.DEFAULT).findings()).isEmpty();
    }
  }

  /** A header fault: how it is made, and the offset of the field to blame. */
  static Stream<Arguments> badHeaders() {
    return Stream.of(
        header("unknown flags", 4, f -> f.flags |= 4),
        header("all flags", 4, f -> f.flags = -1),
        header("page size 0", 8, f -> f.pageSize = 0),
        header("page size 256", 8, f -> f.pageSize = 256),
        header("page size 513", 8, f -> f.pageSize = 513),
        header("page size 131072", 8, f -> f.pageSize = 131_072),
        header("page size 2^31", 8, f -> f.pageSize = Integer.MIN_VALUE),
        header("commit above the largest page", 12, f -> f.commit = 0xFFFF_FFFFL),
        header("minTXID 0", 16, f -> f.minTxid = 0),
        header("maxTXID 0", 24, f -> f.maxTxid = 0),
        header("minTXID above maxTXID", 16, f -> f.minTxid = -1),
        header("delta without pre-apply", 40, f -> f.preApply = 0),
        header("pre-apply without its top bit", 40, f -> f.preApply = 1),
        header("snapshot with pre-apply", 40, f -> f.minTxid = 1),
        header("WAL offset negative", 48, f -> f.walOffset = -1),
        header("WAL size negative", 56, f -> f.walSize = -1),
        header("WAL size without offset", 56, f -> f.walSize = 1),
        header("salt 1 without offset", 64, f -> f.salt1 = 1),
        header("salt 2 without offset", 68, f -> f.salt2 = 1));
  }

  private static Arguments header(String what, long offset, Consumer<Forge> fault) {
    return Arguments.of(what, offset, fault);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badHeaders")
  void aBadHeaderIsRefusedAtItsField(String what, long offset, Consumer<Forge> fault)
      throws IOException {
    for (Layout layout : Layout.values()) {
      Forge forge = delta(layout);
      fault.accept(forge);
      byte[] file = forge.build();
      assertRefused(file, layout, Reason.BAD_HEADER, offset);
      assertThat(Ltx.verify(file, Depth.FULL, Ltx.as(layout)).findings())
          .as("what the verifier says of %s in %s", what, layout)
          .first()
          .extracting(Verification.Finding::reason, Verification.Finding::offset)
          .containsExactly(Reason.BAD_HEADER, offset);
    }
  }

  @Test
  void preApplyWithNoChecksumIsRefused() throws IOException {
    Forge forge = delta(Layout.V3_BLOCK);
    forge.flags = 2;
    forge.postApply = 0L;
    assertRefused(forge.build(), Layout.V3_BLOCK, Reason.BAD_HEADER, 40);
  }

  @Test
  void theVerifierNamesEveryBadField() throws IOException {
    Forge forge = delta(Layout.V3_BLOCK);
    forge.pageSize = 1000;
    forge.commit = 0xFFFF_FFFFL;
    forge.minTxid = 0;
    forge.preApply = 1;
    forge.walSize = -1;
    assertThat(Ltx.verify(forge.build(), Depth.STRUCTURE, ReadOptions.DEFAULT).findings())
        .extracting(Verification.Finding::offset)
        .containsExactly(8L, 12L, 16L, 40L, 56L);
  }

  @Test
  void flagsOfAnotherGenerationAreRefused() throws IOException {
    Forge compressed = delta(Layout.V3_BLOCK);
    compressed.flags = 1;
    assertRefused(compressed.build(), Layout.V3_BLOCK, Reason.BAD_HEADER, 4);
    Forge unchecked = delta(Layout.V1_RAW);
    unchecked.flags = 2;
    unchecked.preApply = 0;
    assertRefused(unchecked.build(), Layout.V1_RAW, Reason.BAD_HEADER, 4);
  }

  @Test
  void aWalOffsetWithoutSizeIsRefusedInVersion1Only() throws IOException {
    for (Layout layout : Layout.values()) {
      Forge forge = delta(layout);
      forge.walOffset = 32;
      if (layout.hasIndex()) {
        assertThat(Ltx.read(forge.build())).hasSize(3);
      } else {
        assertRefused(forge.build(), layout, Reason.BAD_HEADER, 48);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void anotherMagicNumberIsRefused(Layout layout) throws IOException {
    Forge forge = snapshot(layout);
    forge.magic = 0x4C545832;
    assertRefused(forge.build(), layout, Reason.BAD_MAGIC, 0);
    assertRefused(new byte[4], layout, Reason.BAD_MAGIC, 0);
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void aPageAboveTheCommitIsRefused(Layout layout) throws IOException {
    Forge forge = delta(layout);
    forge.commit = 6;
    byte[] file = forge.build();
    assertScanRefuses(file, layout, Reason.PAGE_NUMBER, frame(forge, 2));
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void aRepeatedPageIsRefused(Layout layout) throws IOException {
    Forge forge = Forge.delta(layout, PAGE, 9, 2, 3, 3);
    byte[] file = forge.build();
    assertScanRefuses(file, layout, Reason.PAGE_ORDER, frame(forge, 2));
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void descendingPagesAreRefused(Layout layout) throws IOException {
    Forge forge = Forge.delta(layout, PAGE, 9, 7, 3);
    byte[] file = forge.build();
    assertScanRefuses(file, layout, Reason.PAGE_ORDER, frame(forge, 1));
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void theLockPageIsRefused(Layout layout) throws IOException {
    long lockPage = LtxHeader.lockPageNumber(PAGE);
    Forge forge = Forge.delta(layout, PAGE, lockPage + 5, lockPage - 1, lockPage, lockPage + 1);
    byte[] file = forge.build();
    assertScanRefuses(file, layout, Reason.LOCK_PAGE, frame(forge, 1));
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void aSnapshotWithAHoleIsRefused(Layout layout) throws IOException {
    for (int missing = 0; missing < 3; missing++) {
      Forge forge = snapshot(layout);
      forge.frames.remove(missing);
      byte[] file = forge.build();
      long offset =
          layout == Layout.V1_LZ4
              ? -1
              : missing < 2 ? frame(forge, missing) : forge.endMarkerOffset();
      assertScanRefuses(file, layout, Reason.SNAPSHOT_INCOMPLETE, offset);
      if (layout.hasIndex()) {
        assertThat(Ltx.verify(file, Depth.STRUCTURE, ReadOptions.DEFAULT).findings())
            .singleElement()
            .extracting(Verification.Finding::reason, Verification.Finding::offset)
            .containsExactly(Reason.SNAPSHOT_INCOMPLETE, offset);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("indexed")
  void aPageNumberOfZeroWithFlagsIsRefused(Layout layout) throws IOException {
    if (layout == Layout.V2) {
      return;
    }
    Forge forge = delta(layout);
    forge.endMarker = new byte[] {0, 0, 0, 0, 0, 1};
    byte[] file = forge.build();
    assertScanRefuses(file, layout, Reason.PAGE_NUMBER, forge.endMarkerOffset());
    assertThat(Ltx.verify(file, Depth.STRUCTURE, ReadOptions.DEFAULT).findings())
        .singleElement()
        .extracting(Verification.Finding::reason, Verification.Finding::offset)
        .containsExactly(Reason.PAGE_NUMBER, forge.endMarkerOffset());
  }

  @Test
  void undefinedPageFlagsAreRefused() throws IOException {
    for (int flags : new int[] {3, 0x100, 0x8000, 0xFFFF}) {
      Forge forge = delta(Layout.V3_BLOCK);
      forge.frames.get(1).flags = flags;
      byte[] file = forge.build();
      assertRefusedByAll(file, Layout.V3_BLOCK, Reason.BAD_PAGE_FRAME, frame(forge, 1) + 4);
    }
  }

  @Test
  void pageFlagsOfAnExtensionAreUnsupported() throws IOException {
    Forge forge = delta(Layout.V3_BLOCK);
    forge.frames.get(1).flags = 2;
    assertRefusedByAll(forge.build(), Layout.V3_BLOCK, Reason.UNSUPPORTED, frame(forge, 1) + 4);
  }

  @Test
  void aForgedSizeFieldIsRefused() throws IOException {
    for (long size : new long[] {0, PAGE + PAGE / 255 + 17, 1L << 30, 0x7FFF_FFFFL, 0xFFFF_FFFFL}) {
      Forge forge = delta(Layout.V3_BLOCK);
      forge.frames.get(1).sizeField = size;
      byte[] file = forge.build();
      assertRefusedByAll(file, Layout.V3_BLOCK, Reason.BAD_PAGE_FRAME, frame(forge, 1) + 6);
    }
  }

  @Test
  void aSizeFieldThatTheIndexContradictsIsRefused() throws IOException {
    Forge forge = delta(Layout.V3_BLOCK);
    forge.frames.get(1).sizeField = forge.frames.get(1).payload.length - 1L;
    byte[] file = forge.build();
    assertRefusedAtRandom(file, Layout.V3_BLOCK, Reason.BAD_PAGE_FRAME, frame(forge, 1) + 6);
  }

  @Test
  void aFrameTooShortForItsHeaderIsRefused() throws IOException {
    for (int flags = 0; flags <= 3; flags++) {
      for (int length = 5; length <= 11; length++) {
        byte[] frame = {0, 0, 0, 2, 0, (byte) flags, 0, 0, 0, (byte) (length - 10), 0};
        Forge forge = delta(Layout.V3_BLOCK);
        forge.frames.clear();
        int size = length;
        forge.entries = entries -> List.of(new Forge.Entry(2, 100, size));
        byte[] empty = forge.build();
        byte[] file = new byte[empty.length + length];
        System.arraycopy(empty, 0, file, 0, 100);
        System.arraycopy(frame, 0, file, 100, length);
        System.arraycopy(empty, 100, file, 100 + length, empty.length - 100);
        refusal(() -> Ltx.readAtRandom(file, Ltx.as(Layout.V3_BLOCK)));
        refusal(() -> Ltx.read(file, Ltx.as(Layout.V3_BLOCK)));
        refusal(() -> Ltx.readAtRandom(file, ReadOptions.DEFAULT));
        Verification verdict = Ltx.verify(file, Depth.STRUCTURE, Ltx.as(Layout.V3_BLOCK));
        if (flags != 1 || length <= 10) {
          assertThat(verdict.isSound()).as("flags %d, %d bytes", flags, length).isFalse();
        }
      }
    }
  }

  /** LZ4 blocks that are wrong, each for the same page. */
  static Stream<Arguments> badBlocks() {
    byte[] page = Pages.text(PAGE, 3);
    byte[] longer = Arrays.copyOf(page, PAGE + 1);
    byte[] shorter = Arrays.copyOf(page, PAGE - 1);
    byte[] good = Lz4Maker.block(page);
    ByteArrayOutputStream beforeStart = new ByteArrayOutputStream();
    Lz4Maker.sequence(beforeStart, page, 0, 4, 5, PAGE - 9);
    Lz4Maker.sequence(beforeStart, page, 0, 5, 0, 0);
    ByteArrayOutputStream forever = new ByteArrayOutputStream();
    forever.write(0xF0);
    for (int i = 0; i < 300; i++) {
      forever.write(0xFF);
    }
    return Stream.of(
        Arguments.of("one byte too many", Lz4Maker.block(longer)),
        Arguments.of("one byte too few", Lz4Maker.block(shorter)),
        Arguments.of("nothing", new byte[] {0}),
        Arguments.of("cut", Arrays.copyOf(good, good.length - 1)),
        Arguments.of("one byte behind", Arrays.copyOf(good, good.length + 1)),
        Arguments.of("a match before the start", beforeStart.toByteArray()),
        Arguments.of("a length that runs forever", forever.toByteArray()),
        Arguments.of("a frame", Lz4Maker.frame().of(page)),
        Arguments.of("a run of 255s", Pages.filled(500, 0xFF)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badBlocks")
  void aBadBlockIsRefused(String what, byte[] block) throws IOException {
    Forge forge = delta(Layout.V3_BLOCK);
    forge.frames.get(1).payload = block;
    byte[] file = forge.build();
    long offset = frame(forge, 1) + 10;
    assertScanRefuses(file, Layout.V3_BLOCK, Reason.BAD_COMPRESSION, offset);
    assertRefusedAtRandom(file, Layout.V3_BLOCK, Reason.BAD_COMPRESSION, offset);
  }

  /** LZ4 frames that are wrong, and where, counted from the frame's start. */
  static Stream<Arguments> badFrames() {
    byte[] page = Pages.text(PAGE, 3);
    byte[] good = Lz4Maker.frame().of(page);
    byte[] sized = Lz4Maker.frame().contentSize().of(page);
    byte[] summed = Lz4Maker.frame().blockChecksums().of(page);
    return Stream.of(
        frame("one byte too many", Lz4Maker.frame().of(Arrays.copyOf(page, PAGE + 1)), 11),
        frame("one byte too few", Lz4Maker.frame().of(Arrays.copyOf(page, PAGE - 1)), 0),
        frame("no content", Lz4Maker.frame().of(new byte[0]), 0),
        frame("another magic number", with(good, 0, 5), 0),
        frame("version 2", with(good, 4, 0xA4), 4),
        frame("reserved bit", with(good, 4, 0x66), 4),
        frame("a dictionary", with(good, 4, 0x65), 4),
        frame("block size code 3", with(good, 5, 0x30), 5),
        frame("a reserved bit of BD", with(good, 5, 0x41), 5),
        frame("a wrong header check", with(good, 6, 0), 6),
        frame("a wrong header check behind a content size", with(sized, 14, sized[14] + 1), 14),
        frame("a block above the maximum", with(good, 9, 2), 7),
        frame(
            "a wrong content checksum",
            with(good, good.length - 1, good[good.length - 1] + 1),
            good.length - 4),
        frame(
            "a wrong block checksum",
            with(summed, summed.length - 9, summed[summed.length - 9] + 1),
            11),
        frame("a content size too large", Lz4Maker.frame().contentSizeOffBy(1).of(page), 6),
        frame(
            "a content size of 2^64-1", Lz4Maker.frame().contentSizeOffBy(-1L - PAGE).of(page), 6),
        frame(
            "a wrong content size behind skippable frames",
            Lz4Maker.frame().skippable(2).contentSizeOffBy(-1).of(page),
            8 + 13 + 6));
  }

  private static Arguments frame(String what, byte[] bytes, long at) {
    return Arguments.of(what, bytes, at);
  }

  private static byte[] with(byte[] bytes, int at, int value) {
    byte[] changed = bytes.clone();
    changed[at] = (byte) value;
    return changed;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badFrames")
  void aBadFrameIsRefused(String what, byte[] frame, long at) throws IOException {
    for (Layout layout : new Layout[] {Layout.V2, Layout.V3_FRAME}) {
      Forge forge = delta(layout);
      forge.frames.get(1).payload = frame;
      byte[] file = forge.build();
      long offset = frame(forge, 1) + (layout == Layout.V2 ? 4 : 6) + at;
      assertScanRefuses(file, layout, Reason.BAD_COMPRESSION, offset);
      assertRefusedAtRandom(file, layout, Reason.BAD_COMPRESSION, offset);
    }
  }

  @ParameterizedTest
  @MethodSource("indexed")
  void anIndexThatDoesNotDescribeTheFramesIsRefused(Layout layout) throws IOException {
    List<Consumer<List<Forge.Entry>>> faults =
        List.of(
            entries -> entries.clear(),
            entries -> entries.remove(1),
            entries -> entries.add(entries.get(2)),
            entries -> entries.add(1, entries.get(0)),
            entries -> entries.add(0, entries.remove(2)),
            entries -> replace(entries, 1, 0, 0, 1),
            entries -> replace(entries, 1, 0, 0, -1),
            entries -> replace(entries, 1, 0, 1, 0),
            entries -> replace(entries, 1, 0, -1, 0),
            entries -> replace(entries, 1, 1, 0, 0),
            entries -> replace(entries, 2, 1L << 32, 0, 0),
            entries -> replace(entries, 2, 9, 0, 0),
            entries -> replace(entries, 2, 0, 0, 1L << 62),
            entries -> replace(entries, 0, 0, Long.MIN_VALUE, 0),
            entries -> replace(entries, 1, 0, -entries.get(1).offset(), 0),
            entries -> replace(entries, 1, 0, 0, -entries.get(1).size()));
    for (Consumer<List<Forge.Entry>> fault : faults) {
      Forge forge = delta(layout);
      forge.entries =
          entries -> {
            List<Forge.Entry> changed = new ArrayList<>(entries);
            fault.accept(changed);
            return changed;
          };
      byte[] file = forge.build();
      assertBadIndex(file, layout, forge);
    }
  }

  private static void replace(
      List<Forge.Entry> entries, int i, long number, long offset, long size) {
    Forge.Entry e = entries.get(i);
    entries.set(i, new Forge.Entry(e.number() + number, e.offset() + offset, e.size() + size));
  }

  @ParameterizedTest
  @MethodSource("indexed")
  void anIndexWhoseBytesAreWrongIsRefused(Layout layout) throws IOException {
    Forge sound = delta(layout);
    byte[] whole = sound.build();
    byte[] varints =
        Arrays.copyOfRange(whole, (int) sound.indexOffset(), (int) sound.indexSizeOffset());
    byte[] overlong = Arrays.copyOf(varints, varints.length + 1);
    overlong[varints.length - 1] = (byte) 0x80;
    byte[] tooLong = Pages.filled(11, 0xFF);
    List<byte[]> indexes =
        List.of(
            Arrays.copyOf(varints, varints.length - 1),
            Arrays.copyOf(varints, varints.length + 1),
            overlong,
            tooLong,
            Pages.filled(64, 0x80),
            new byte[] {1});
    for (byte[] index : indexes) {
      Forge forge = delta(layout);
      forge.index = index;
      byte[] file = forge.build();
      assertBadIndex(file, layout, forge);
    }
  }

  private static void assertBadIndex(byte[] file, Layout layout, Forge forge) throws IOException {
    for (LtxFormatException refusal :
        List.of(
            refusal(() -> Ltx.read(file, Ltx.as(layout))),
            refusal(() -> Ltx.readStream(file, Ltx.as(layout))),
            refusal(() -> Ltx.readAtRandom(file, Ltx.as(layout))))) {
      assertThat(refusal.reason()).isEqualTo(Reason.BAD_INDEX);
      // An entry for another page can also show where that page's frame should be.
      assertThat(refusal.offset()).isBetween(100L, forge.indexSizeOffset() + 1);
    }
    for (Depth depth : Depth.values()) {
      assertThat(Ltx.verify(file, depth, Ltx.as(layout)).findings())
          .anyMatch(finding -> finding.reason() == Reason.BAD_INDEX);
    }
    refusal(() -> Ltx.read(file));
    assertThat(Ltx.verify(file, Depth.FULL, ReadOptions.DEFAULT).isSound()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("indexed")
  void aForgedIndexSizeIsRefused(Layout layout) throws IOException {
    for (long size : new long[] {0, 1, 2, 1L << 20, 1L << 31, 1L << 62, Long.MIN_VALUE, -1, -256}) {
      Forge forge = delta(layout);
      forge.indexSizeField = size;
      byte[] file = forge.build();
      assertScanRefuses(file, layout, Reason.BAD_INDEX, forge.indexSizeOffset());
      LtxFormatException atRandom = refusal(() -> Ltx.readAtRandom(file, Ltx.as(layout)));
      assertThat(atRandom.reason()).isEqualTo(Reason.BAD_INDEX);
      refusal(() -> Ltx.read(file));
      for (Depth depth : Depth.values()) {
        assertThat(Ltx.verify(file, depth, ReadOptions.DEFAULT).isSound()).isFalse();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void aBadPostApplyChecksumIsRefused(Layout layout) throws IOException {
    for (long sum : new long[] {0, 1, Long.MAX_VALUE}) {
      Forge forge = delta(layout);
      forge.postApply = sum;
      byte[] file = forge.build();
      assertScanRefuses(file, layout, Reason.BAD_TRAILER, forge.trailerOffset());
      if (layout.hasIndex()) {
        assertRefusedAtRandom(file, layout, Reason.BAD_TRAILER, forge.trailerOffset());
      }
    }
  }

  @Test
  void aPostApplyChecksumOfAnEmptyDatabaseIsTheFlagAlone() throws IOException {
    Forge forge = Forge.delta(Layout.V3_BLOCK, PAGE, 0);
    byte[] file = forge.build();
    assertScanRefuses(file, Layout.V3_BLOCK, Reason.BAD_TRAILER, forge.trailerOffset());
    assertRefusedAtRandom(file, Layout.V3_BLOCK, Reason.BAD_TRAILER, forge.trailerOffset());
  }

  @ParameterizedTest
  @MethodSource("indexed")
  void aPostApplyChecksumUnderNoChecksumIsRefused(Layout layout) throws IOException {
    Forge forge = delta(layout);
    forge.flags = 2;
    forge.preApply = 0;
    byte[] file = forge.build();
    assertScanRefuses(file, layout, Reason.BAD_TRAILER, forge.trailerOffset());
    assertRefusedAtRandom(file, layout, Reason.BAD_TRAILER, forge.trailerOffset());
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void aWrongDatabaseChecksumIsRefused(Layout layout) throws IOException {
    Forge forge = snapshot(layout);
    forge.postApply = 0x8000_0000_0000_0001L;
    byte[] file = forge.build();
    assertScanRefuses(file, layout, Reason.DATABASE_CHECKSUM, forge.trailerOffset());
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void aWrongFileChecksumIsRefused(Layout layout) throws IOException {
    for (long sum : new long[] {0, 1, -1, Long.MIN_VALUE}) {
      Forge forge = snapshot(layout);
      forge.fileChecksum = sum;
      byte[] file = forge.build();
      assertScanRefuses(file, layout, Reason.FILE_CHECKSUM, forge.trailerOffset() + 8);
    }
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void bytesBehindTheTrailerAreRefused(Layout layout) throws IOException {
    for (int count : new int[] {1, 8, 16, 1000}) {
      Forge forge = snapshot(layout);
      forge.trailing = new byte[count];
      byte[] file = forge.build();
      assertScanRefuses(file, layout, Reason.TRAILING_BYTES, forge.trailerOffset() + 16);
      refusal(() -> Ltx.read(file));
    }
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void aCutFileIsRefusedWhereItEnds(Layout layout) throws IOException {
    byte[] file = delta(layout).build();
    for (int length = 0; length < file.length; length++) {
      byte[] cut = Arrays.copyOf(file, length);
      assertScanRefuses(cut, layout, Reason.TRUNCATED, length);
    }
  }

  @Test
  void aStreamOfARawFileHasToBeNamed() throws IOException {
    byte[] file = delta(Layout.V1_RAW).build();
    LtxFormatException refusal = refusal(() -> Ltx.readStream(file, ReadOptions.DEFAULT));
    assertThat(refusal.reason()).isEqualTo(Reason.UNKNOWN_LAYOUT);
    assertThat(refusal.offset()).isEqualTo(100);
    assertThat(Ltx.readStream(file, Ltx.as(Layout.V1_RAW))).hasSize(3);
  }

  @Test
  void aCompressedVersion1FileHasNoPagesAtRandom() throws IOException {
    LtxFormatException refusal =
        refusal(() -> Ltx.readAtRandom(delta(Layout.V1_LZ4).build(), ReadOptions.DEFAULT));
    assertThat(refusal.reason()).isEqualTo(Reason.UNSUPPORTED);
    assertThat(refusal.offset()).isEqualTo(100);
  }

  @Test
  void messagesNameSourceReasonAndOffset() {
    byte[] file = {'L', 'T', 'X', '2'};
    LtxFormatException refusal = refusal(() -> Ltx.read(file));
    assertThat(refusal)
        .hasMessage("[bytes] BAD_MAGIC at offset 0: " + refusal.detail())
        .extracting(LtxFormatException::source)
        .isEqualTo("bytes");
  }

  @Test
  void theVerifierGoesOnAfterTheFirstFinding() throws IOException {
    Forge forge = Forge.delta(Layout.V3_BLOCK, PAGE, 9, 7, 3);
    forge.frames.get(0).payload = new byte[] {0};
    forge.indexSizeField = 3L;
    forge.trailing = new byte[1];
    assertThat(Ltx.verify(forge.build(), Depth.FULL, Ltx.as(Layout.V3_BLOCK)).findings())
        .extracting(Verification.Finding::reason)
        .containsExactly(
            Reason.BAD_COMPRESSION, Reason.PAGE_ORDER, Reason.BAD_INDEX, Reason.TRAILING_BYTES);
  }

  /** The offset of a frame; version 1 compressed has none, so there any will do. */
  private static long frame(Forge forge, int i) {
    return forge.layout == Layout.V1_LZ4 ? -1 : forge.frameOffset(i);
  }

  private interface Attempt {
    Object run() throws IOException;
  }

  private static LtxFormatException refusal(Attempt attempt) {
    LtxFormatException refusal =
        catchThrowableOfType(LtxFormatException.class, () -> attempt.run());
    assertThat(refusal).isNotNull();
    return refusal;
  }

  /** Refused by everything that reads a file, also where the layout is not told. */
  private static void assertRefused(byte[] file, Layout layout, Reason reason, long offset) {
    for (Attempt attempt :
        List.<Attempt>of(
            () -> Ltx.read(file, Ltx.as(layout)),
            () -> Ltx.readStream(file, Ltx.as(layout)),
            () -> Ltx.readAtRandom(file, Ltx.as(layout)))) {
      LtxFormatException refusal = refusal(attempt);
      assertThat(refusal.reason()).isEqualTo(reason);
      assertThat(refusal.offset()).isEqualTo(offset);
    }
    refusal(() -> Ltx.read(file));
    refusal(() -> Ltx.readStream(file, ReadOptions.DEFAULT));
  }

  /** Refused by reader, stream reader and verifier, which find it first. */
  private static void assertScanRefuses(byte[] file, Layout layout, Reason reason, long offset)
      throws IOException {
    for (Attempt attempt :
        List.<Attempt>of(
            () -> Ltx.read(file, Ltx.as(layout)), () -> Ltx.readStream(file, Ltx.as(layout)))) {
      LtxFormatException refusal = refusal(attempt);
      assertThat(refusal.reason()).as(refusal.getMessage()).isEqualTo(reason);
      if (offset >= 0) {
        assertThat(refusal.offset()).as(refusal.getMessage()).isEqualTo(offset);
      }
    }
    Verification verdict = Ltx.verify(file, Depth.FULL, Ltx.as(layout));
    assertThat(verdict.isSound()).isFalse();
    assertThat(verdict.findings().get(0).reason()).isEqualTo(reason);
  }

  private static void assertRefusedAtRandom(
      byte[] file, Layout layout, Reason reason, long offset) {
    LtxFormatException refusal = refusal(() -> Ltx.readAtRandom(file, Ltx.as(layout)));
    assertThat(refusal.reason()).as(refusal.getMessage()).isEqualTo(reason);
    assertThat(refusal.offset()).as(refusal.getMessage()).isEqualTo(offset);
  }

  /** Refused by the scans, at random, and without looking at page data. */
  private static void assertRefusedByAll(byte[] file, Layout layout, Reason reason, long offset)
      throws IOException {
    assertScanRefuses(file, layout, reason, offset);
    assertRefusedAtRandom(file, layout, reason, offset);
    assertThat(Ltx.verify(file, Depth.STRUCTURE, Ltx.as(layout)).findings())
        .first()
        .extracting(Verification.Finding::reason, Verification.Finding::offset)
        .containsExactly(reason, offset);
  }
}

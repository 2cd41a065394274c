package io.github.ltxjava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Txid, TxidRange, Checksum, Position, Layout, LtxHeader: what they accept, print and refuse. */
class VocabularyTest {

  @Test
  void aTxidPrintsSixteenDigitsAndParsesThem() {
    assertThat(Txid.of(0x2a)).hasToString("000000000000002a");
    assertThat(Txid.of(-1)).hasToString("ffffffffffffffff");
    assertThat(Txid.parse("000000000000002A")).isEqualTo(Txid.of(42));
    assertThat(Txid.parse("ffffffffffffffff")).isEqualTo(Txid.of(-1));
  }

  @Test
  void txidsAreUnsigned() {
    List<Txid> sorted =
        Stream.of(Txid.of(-1), Txid.of(1), Txid.of(Long.MIN_VALUE), Txid.of(2)).sorted().toList();
    assertThat(sorted)
        .containsExactly(Txid.of(1), Txid.of(2), Txid.of(Long.MIN_VALUE), Txid.of(-1));
    assertThat(Txid.of(Long.MAX_VALUE).next()).isEqualTo(Txid.of(Long.MIN_VALUE));
    assertThatThrownBy(() -> Txid.of(-1).next()).isInstanceOf(ArithmeticException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0000000000000000",
        "00000000000002a",
        "00000000000000002",
        "000000000000002g",
        "+00000000000002a",
        "000000000000002\u0661",
        " 00000000000002a"
      })
  void anotherTextIsNoTxid(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Txid.parse(text));
  }

  @Test
  void zeroIsNoTxid() {
    assertThatIllegalArgumentException().isThrownBy(() -> Txid.of(0));
  }

  @Test
  void aRangeNamesItsFile() {
    TxidRange range = TxidRange.of(Txid.of(1), Txid.of(-1));
    assertThat(range.fileName()).isEqualTo("0000000000000001-ffffffffffffffff.ltx");
    assertThat(TxidRange.ofFileName(range.fileName())).contains(range);
    assertThat(range).hasToString("0000000000000001-ffffffffffffffff");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "snapshot.ltx",
        "0000000000000001-0000000000000002",
        "0000000000000001-0000000000000002.ltx.tmp",
        "0000000000000001-0000000000000002.LTX",
        "000000000000000A-000000000000000B.ltx",
        "0000000000000000-0000000000000002.ltx",
        "0000000000000003-0000000000000002.ltx",
        "00000000000000001-0000000000000002.ltx",
        "0000000000000001-0000000000000002.ltx\n"
      })
  void anotherNameIsNoFileName(String name) {
    assertThat(TxidRange.ofFileName(name)).isEmpty();
  }

  @Test
  void aRangeDoesNotRunBackwards() {
    assertThatIllegalArgumentException().isThrownBy(() -> range(3, 2));
    assertThatIllegalArgumentException().isThrownBy(() -> range(-1, 2));
  }

  @Test
  void aRangeKnowsWhatItHolds() {
    assertThat(range(5, -2).contains(Txid.of(5))).isTrue();
    assertThat(range(5, -2).contains(Txid.of(-2))).isTrue();
    assertThat(range(5, -2).contains(Txid.of(4))).isFalse();
    assertThat(range(5, -2).contains(Txid.of(-1))).isFalse();
    assertThat(range(1, 1).isSnapshot()).isTrue();
    assertThat(range(2, 9).isSnapshot()).isFalse();
    assertThat(TxidRange.of(Txid.of(7))).isEqualTo(range(7, 7));
  }

  @Test
  void aRangeIsFollowedWithoutAGapAndOnlyByMore() {
    TxidRange range = range(3, 6);
    assertThat(range.isFollowedBy(range(7, 7))).isTrue();
    assertThat(range.isFollowedBy(range(5, 7))).isTrue();
    assertThat(range.isFollowedBy(range(3, 9))).isTrue();
    assertThat(range.isFollowedBy(range(8, 9))).isFalse();
    assertThat(range.isFollowedBy(range(4, 6))).isFalse();
    assertThat(range.isFollowedBy(range(3, 6))).isFalse();
    assertThat(range(1, -1).isFollowedBy(range(1, 5))).isFalse();
  }

  @Test
  void aRangeIsContiguousWithTheVeryNextOnly() {
    assertThat(range(3, 6).isContiguousWith(range(7, 8))).isTrue();
    assertThat(range(3, 6).isContiguousWith(range(6, 8))).isFalse();
    assertThat(range(3, 6).isContiguousWith(range(8, 8))).isFalse();
    assertThat(range(1, -1).isContiguousWith(range(1, 1))).isFalse();
  }

  @Test
  void rangesSortByFirstThenLast() {
    List<TxidRange> sorted =
        Stream.of(range(2, 9), range(-2, -1), range(1, 5), range(2, 3)).sorted().toList();
    assertThat(sorted).containsExactly(range(1, 5), range(2, 3), range(2, 9), range(-2, -1));
  }

  private static TxidRange range(long min, long max) {
    return TxidRange.of(Txid.of(min), Txid.of(max));
  }

  @Test
  void aChecksumHasItsTopBit() {
    assertThat(Checksum.of(5)).isEqualTo(new Checksum(0x8000_0000_0000_0005L));
    assertThat(Checksum.of(5)).hasToString("8000000000000005");
    assertThat(Checksum.parse("8000000000000005")).isEqualTo(Checksum.of(5));
    assertThat(Checksum.EMPTY_DATABASE).hasToString("8000000000000000");
    assertThatIllegalArgumentException().isThrownBy(() -> new Checksum(5));
    assertThatIllegalArgumentException().isThrownBy(() -> Checksum.parse("7000000000000000"));
    assertThatIllegalArgumentException().isThrownBy(() -> Checksum.parse("800000000000000"));
  }

  @Test
  void aPositionIsTxidSlashChecksum() {
    Position position = new Position(Txid.of(10), Checksum.of(11));
    assertThat(position).hasToString("000000000000000a/800000000000000b");
    assertThat(Position.parse("000000000000000a/800000000000000b")).isEqualTo(position);
    for (String text :
        List.of(
            "",
            "000000000000000a-800000000000000b",
            "000000000000000a/000000000000000b",
            "0000000000000000/800000000000000b",
            "000000000000000a/800000000000000b ")) {
      assertThatIllegalArgumentException().isThrownBy(() -> Position.parse(text));
    }
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void aLayoutIsFoundByItsLabel(Layout layout) {
    assertThat(Layout.ofLabel(layout.label())).isEqualTo(layout);
    assertThat(layout).hasToString(layout.label());
    assertThat(layout.hasIndex()).isEqualTo(!layout.label().startsWith("v1"));
  }

  @Test
  void anUnknownLabelIsAnsweredWithTheKnownOnes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Layout.ofLabel("v4"))
        .withMessageContaining("v4")
        .withMessageContaining("v3-block")
        .withMessageContaining("v1-lz4");
  }

  @Test
  void aHeaderRefusesAFieldOutOfRangeAndNamesIt() {
    assertRefused("page size", () -> LtxHeader.snapshot(0, 1, Txid.FIRST).build());
    assertRefused("page size", () -> LtxHeader.snapshot(1000, 1, Txid.FIRST).build());
    assertRefused("page size", () -> LtxHeader.snapshot(131_072, 1, Txid.FIRST).build());
    assertRefused("page size", () -> LtxHeader.snapshot(-512, 1, Txid.FIRST).build());
    assertRefused("commit", () -> LtxHeader.snapshot(512, -1, Txid.FIRST).build());
    assertRefused("commit", () -> LtxHeader.snapshot(512, 0xFFFF_FFFFL, Txid.FIRST).build());
    assertRefused("pre-apply", () -> LtxHeader.delta(512, 1, range(1, 2), Checksum.of(1)).build());
    assertRefused(
        "pre-apply",
        () ->
            new LtxHeader(
                512, 1, range(2, 2), Instant.EPOCH, Optional.empty(), WalSegment.NONE, 0, true));
    assertRefused(
        "pre-apply",
        () ->
            new LtxHeader(
                512,
                1,
                range(2, 2),
                Instant.EPOCH,
                Optional.of(Checksum.of(1)),
                WalSegment.NONE,
                0,
                false));
  }

  @Test
  void aHeaderRefusesAWalThatContradictsItself() {
    assertRefused("WAL offset", () -> withWal(-1, 0, 0, 0));
    assertRefused("WAL size", () -> withWal(0, -1, 0, 0));
    assertRefused("WAL size", () -> withWal(0, 5, 0, 0));
    assertRefused("salts", () -> withWal(0, 0, 1, 0));
    assertRefused("salts", () -> withWal(0, 0, 0, 1));
    assertThat(withWal(32, 0, 0, 0).wal().offset()).isEqualTo(32);
  }

  private static LtxHeader withWal(long offset, long size, int salt1, int salt2) {
    return LtxHeader.snapshot(512, 1, Txid.FIRST)
        .wal(new WalSegment(offset, size, salt1, salt2))
        .build();
  }

  @Test
  void aHeaderCutsItsTimeToMilliseconds() {
    Instant time = Instant.ofEpochSecond(-5, 123_999_999);
    assertThat(LtxHeader.snapshot(512, 1, Txid.FIRST).timestamp(time).build().timestamp())
        .isEqualTo(Instant.ofEpochSecond(-5, 123_000_000));
  }

  @Test
  void aHeaderRefusesATimeThatTheFormatCannotHold() {
    for (Instant time : List.of(Instant.MAX, Instant.MIN)) {
      assertRefused(
          "timestamp", () -> LtxHeader.snapshot(512, 1, Txid.FIRST).timestamp(time).build());
    }
  }

  @Test
  void aBuilderStartsFromZeros() {
    LtxHeader header = LtxHeader.snapshot(4096, 3, Txid.of(9)).build();
    assertThat(header.timestamp()).isEqualTo(Instant.EPOCH);
    assertThat(header.wal()).isEqualTo(WalSegment.NONE);
    assertThat(header.nodeId()).isZero();
    assertThat(header.preApply()).isEmpty();
    assertThat(header.tracksChecksums()).isTrue();
    assertThat(header.isSnapshot()).isTrue();
    assertThat(header.txids()).isEqualTo(range(1, 9));
    assertThat(LtxHeader.delta(512, 1, range(2, 3)).build().tracksChecksums()).isFalse();
    assertThat(LtxHeader.delta(512, 1, range(2, 3), Checksum.of(7)).build().preApply())
        .contains(Checksum.of(7));
  }

  @Test
  void theLockPageIsBehindTheFirstGibibyte() {
    assertThat(LtxHeader.lockPageNumber(512)).isEqualTo(2_097_153);
    assertThat(LtxHeader.lockPageNumber(4096)).isEqualTo(262_145);
    assertThat(LtxHeader.lockPageNumber(65_536)).isEqualTo(16_385);
  }

  private static void assertRefused(String field, Runnable attempt) {
    assertThatIllegalArgumentException().isThrownBy(attempt::run).withMessageContaining(field);
  }
}

package io.github.ltxjava.internal.crc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ltxjava.support.Pages;
import io.github.ltxjava.support.SlowCrc;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The fast checksum against its definition, one bit at a time. */
class Crc64IsoTest {

  private static final byte[] NOISE = Pages.random(200_000, 64);

  private final Crc64Iso crc = new Crc64Iso();

  @Test
  void thePublishedCheckValueComesOut() {
    byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
    assertThat(Crc64Iso.finish(crc.advance(Crc64Iso.INITIAL, digits, 0, 9)))
        .isEqualTo(0xb909_56c7_75a4_1001L);
    assertThat(SlowCrc.of(digits)).isEqualTo(0xb909_56c7_75a4_1001L);
  }

  @Property
  void anyPieceFromAnyStateAgreesWithTheDefinition(
      @ForAll long state,
      @ForAll @IntRange(max = 64) int offset,
      @ForAll @IntRange(max = 20_000) int length) {
    long expected = SlowCrc.advance(state, NOISE, offset, length);
    assertThat(crc.advance(state, NOISE, offset, length)).isEqualTo(expected);
    assertThat(Crc64Iso.advanceByWords(state, NOISE, offset, length)).isEqualTo(expected);
  }

  @Test
  void everyShortLengthAgreesWithTheDefinition() {
    for (int length = 0; length <= 2200; length++) {
      assertThat(crc.advance(length, NOISE, 3, length))
          .as("length %d", length)
          .isEqualTo(SlowCrc.advance(length, NOISE, 3, length));
    }
  }

  @Test
  void lengthsAroundTheChunksOfFoldingAgree() {
    for (int words :
        new int[] {64, 65, 127, 128, 2047, 2048, 2049, 4031, 4032, 4033, 8192, 24_999}) {
      for (int extra = 0; extra < 8; extra += 7) {
        int length = 8 * words + extra;
        assertThat(crc.advance(-1, NOISE, 0, length))
            .isEqualTo(SlowCrc.advance(-1, NOISE, 0, length));
      }
    }
  }

  @Property
  void piecesInARowGiveTheWhole(
      @ForAll @IntRange(max = 9000) int first, @ForAll @IntRange(max = 9000) int second) {
    long inPieces = crc.advance(crc.advance(-1, NOISE, 0, first), NOISE, first, second);
    assertThat(inPieces).isEqualTo(crc.advance(-1, NOISE, 0, first + second));
  }

  @Property
  void scratchSpaceHoldsNoMemoryOfEarlierCalls(@ForAll @IntRange(min = 1, max = 9000) int length) {
    crc.advance(0x1234, NOISE, 17, 9000);
    assertThat(crc.remainder(NOISE, 0, length))
        .isEqualTo(new Crc64Iso().remainder(NOISE, 0, length));
  }

  @Property
  void arraysInTurnAtAnyOffsetAgree(
      @ForAll @IntRange(max = 20) int first, @ForAll @IntRange(max = 20) int second) {
    byte[] other = Pages.text(1000, 5);
    for (int i = 0; i < 2; i++) {
      assertThat(crc.remainder(NOISE, first, 800)).isEqualTo(SlowCrc.advance(0, NOISE, first, 800));
      assertThat(crc.remainder(other, second, 800))
          .isEqualTo(SlowCrc.advance(0, other, second, 800));
    }
  }

  @Property
  void aNumberIsHashedAsFourBigEndianBytes(@ForAll long state, @ForAll int number) {
    byte[] bytes = {
      (byte) (number >>> 24), (byte) (number >>> 16), (byte) (number >>> 8), (byte) number
    };
    assertThat(Crc64Iso.advanceByInt(state, number)).isEqualTo(SlowCrc.advance(state, bytes));
  }

  @Property
  void multiplyingByAPowerIsAppendingZeros(
      @ForAll long state, @ForAll @IntRange(max = 3000) int length) {
    assertThat(Crc64Iso.multiply(state, Crc64Iso.powerOfX(length)))
        .isEqualTo(SlowCrc.advance(state, new byte[length]));
  }

  @Property
  void multiplicationIsCommutativeAndDistributes(@ForAll long a, @ForAll long b, @ForAll long c) {
    assertThat(Crc64Iso.multiply(a, b)).isEqualTo(Crc64Iso.multiply(b, a));
    assertThat(Crc64Iso.multiply(a, b ^ c))
        .isEqualTo(Crc64Iso.multiply(a, b) ^ Crc64Iso.multiply(a, c));
    assertThat(Crc64Iso.multiply(a, Crc64Iso.powerOfX(0))).isEqualTo(a);
  }

  @Property
  void aShiftJoinsAStateAndARemainder(
      @ForAll long state, @ForAll @IntRange(min = 9, max = 16) int bits) {
    int pageSize = 1 << bits;
    byte[] page = Arrays.copyOfRange(NOISE, bits, bits + pageSize);
    long remainder = crc.remainder(page, 0, pageSize);
    assertThat(Crc64Shift.ofPage(pageSize).advance(state, remainder))
        .isEqualTo(SlowCrc.advance(state, page));
  }

  @Property
  void aPageChecksumIsOverNumberAndContent(
      @ForAll @IntRange(min = 1) int number, @ForAll @IntRange(min = 9, max = 16) int bits) {
    byte[] page = Arrays.copyOf(NOISE, 1 << bits);
    PageHash hash = new PageHash(page.length);
    long unsigned = Integer.toUnsignedLong(-number);
    assertThat(hash.pageChecksum(unsigned, hash.remainder(page, 0)))
        .isEqualTo(SlowCrc.ofPage(unsigned, page));
  }
}

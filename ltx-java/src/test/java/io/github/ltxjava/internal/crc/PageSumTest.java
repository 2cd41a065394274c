package io.github.ltxjava.internal.crc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.support.Pages;
import io.github.ltxjava.support.SlowCrc;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** The checksum of the sum against the sum of the checksums. */
class PageSumTest {

  private static final byte[] NOISE = Pages.random(3 * 65_536, 7);

  @Property
  void pagesAnywhereSumUpToTheirChecksums(
      @ForAll @IntRange(min = 9, max = 16) int bits,
      @ForAll @IntRange(max = 20) int maxCount,
      @ForAll @LongRange(min = 1, max = 0xFFFF_FF00L) long first) {
    int pageSize = 1 << bits;
    int count = Math.min(maxCount, NOISE.length / pageSize);
    PageSum sum = new PageSum(pageSize);
    if (count > 0) {
      sum.add(first, first + count - 1, words(NOISE));
    }
    assertThat(Checksum.of(sum.checksums()))
        .isEqualTo(Checksum.of(slowSum(pageSize, first, count, NOISE)));
  }

  @Test
  void theLockPageDoesNotCountWhereverItStands() {
    int pageSize = 1024;
    long lockPage = LtxHeader.lockPageNumber(pageSize);
    for (int before = 0; before <= 10; before++) {
      for (int after = 0; after <= 10; after++) {
        long first = lockPage - before;
        PageSum sum = new PageSum(pageSize);
        sum.add(first, lockPage + after, words(NOISE));
        assertThat(Checksum.of(sum.checksums()))
            .as("%d before, %d after", before, after)
            .isEqualTo(Checksum.of(slowSum(pageSize, first, before + 1 + after, NOISE)));
      }
    }
  }

  @Property
  void piecesInARowGiveTheWhole(
      @ForAll @IntRange(min = 1, max = 19) int cut,
      @ForAll @LongRange(min = 1, max = 0xFFFF_FF00L) long first) {
    PageSum whole = new PageSum(1024);
    whole.add(first, first + 19, words(NOISE));
    PageSum parts = new PageSum(1024);
    parts.add(first, first + cut - 1, words(NOISE));
    parts.add(first + cut, first + 19, words(Arrays.copyOfRange(NOISE, cut * 1024, 20 * 1024)));
    assertThat(parts.checksums()).isEqualTo(whole.checksums());
  }

  private static LongBuffer words(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
  }

  private static long slowSum(int pageSize, long first, int count, byte[] content) {
    long sum = 0;
    for (int i = 0; i < count; i++) {
      if (first + i != LtxHeader.lockPageNumber(pageSize)) {
        byte[] page = Arrays.copyOfRange(content, i * pageSize, (i + 1) * pageSize);
        sum ^= SlowCrc.ofPage(first + i, page);
      }
    }
    return sum;
  }
}

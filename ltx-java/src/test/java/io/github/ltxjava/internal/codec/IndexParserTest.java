package io.github.ltxjava.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.LtxFormatException.Reason;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.support.Forge;
import io.github.ltxjava.support.Pages;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The index of the file, in pieces, hostile and huge. */
class IndexParserTest {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final Findings STRICT = Findings.strict("index");

  /** Parses an index as TailReader does, in pieces of a given size. */
  private static IndexParser parse(LtxHeader header, byte[] index, long indexOffset, int pieceSize)
      throws IOException {
    IndexParser parser =
        new IndexParser(header, Layout.V3_BLOCK, indexOffset, index.length, STRICT);
    int position = 0;
    while (position < index.length && !parser.isDamaged()) {
      int length = Math.min(pieceSize, index.length - position);
      position +=
          parser.parse(index, position, length, position, position + length == index.length);
    }
    return parser;
  }

  private static LtxHeader snapshot(long commit) {
    return LtxHeader.snapshot(4096, commit, Txid.of(1)).withoutChecksums().build();
  }

  @Property
  void piecesMakeNoDifference(
      @ForAll @IntRange(min = 1, max = 400) int pages,
      @ForAll @IntRange(min = 31, max = 4000) int pieceSize,
      @ForAll @IntRange(min = 5, max = 5000) int frameSize)
      throws IOException {
    List<Forge.Entry> entries = new ArrayList<>();
    long offset = 100;
    for (long number = 1; number <= pages; number++) {
      entries.add(new Forge.Entry(number, offset, frameSize));
      offset += frameSize;
    }
    IndexParser parser = parse(snapshot(pages), Forge.encode(entries), offset + 6, pieceSize);
    assertThat(parser.count()).isEqualTo(pages);
    assertThat(parser.offsets()[pages]).isEqualTo(offset);
    assertThat(parser.offsets()[0]).isEqualTo(100);
  }

  @Test
  void aHostileIndexTakesNoMoreMemoryThanItsOwnBytesCallFor() {
    long commit = LtxHeader.MAX_PAGE_NUMBER;
    byte[] zeros = new byte[10 << 20];
    byte[] ones = Pages.filled(10 << 20, 0xFF);
    byte[] small = Pages.filled(10 << 20, 1);
    for (byte[] index : new byte[][] {zeros, ones, small}) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      LtxFormatException refusal =
          catchThrowableOfType(
              LtxFormatException.class, () -> parse(snapshot(commit), index, 1L << 40, 1 << 20));
      long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
      assertThat(refusal.reason()).isEqualTo(Reason.BAD_INDEX);
      assertThat(allocated).isLessThan(2L * index.length);
    }
  }

  @Test
  void theIndexOfALargeDatabaseStaysWithinSixteenBytesAPageAlsoWhileItIsRead() throws IOException {
    assertStaysWithinSixteenBytesAPage(true);
    assertStaysWithinSixteenBytesAPage(false);
  }

  private static void assertStaysWithinSixteenBytesAPage(boolean isSnapshot) throws IOException {
    int pages = 4_000_000;
    ByteArrayOutputStream out = new ByteArrayOutputStream(14 * pages);
    long offset = 100;
    for (long number = 1; number <= pages + 1; number++) {
      if (number != LtxHeader.lockPageNumber(4096)) {
        Forge.varint(out, number);
        Forge.varint(out, offset);
        Forge.varint(out, 3000);
        offset += 3000;
      }
    }
    out.write(0);
    byte[] index = out.toByteArray();
    LtxHeader header =
        isSnapshot
            ? snapshot(pages + 1)
            : LtxHeader.delta(4096, 2L * pages, TxidRange.of(Txid.of(7))).build();
    long before = THREADS.getCurrentThreadAllocatedBytes();
    IndexParser parser = parse(header, index, offset + 6, 1 << 20);
    int[] numbers = parser.pageNumbers();
    long[] offsets = parser.offsets();
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    assertThat(parser.count()).isEqualTo(pages);
    assertThat(numbers.length).isLessThan(pages / 3 * 4);
    assertThat(offsets[pages]).isEqualTo(offset);
    assertThat(allocated).isLessThan(16L * pages);
  }

  @Test
  void anIndexOfManyPagesOfADeltaIsRightWhereItsArraysGrow() throws IOException {
    int pages = 700_000;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    long offset = 100;
    for (long number = 1; number <= pages; number++) {
      Forge.varint(out, number * 2);
      Forge.varint(out, offset);
      Forge.varint(out, 5 + number % 90);
      offset += 5 + number % 90;
    }
    out.write(0);
    LtxHeader header = LtxHeader.delta(4096, 2L * pages, TxidRange.of(Txid.of(7))).build();
    IndexParser parser = parse(header, out.toByteArray(), offset + 6, 1 << 20);
    assertThat(parser.count()).isEqualTo(pages);
    assertThat(Arrays.binarySearch(parser.pageNumbers(), 0, pages, 2 * pages)).isEqualTo(pages - 1);
    assertThat(parser.offsets()[pages]).isEqualTo(offset);
  }

  @Test
  void pagesBeyondSixteenTebibytesAreCountedRight() throws IOException {
    long last = LtxHeader.MAX_PAGE_NUMBER;
    long far = 100 + 60_000;
    List<Forge.Entry> entries =
        List.of(new Forge.Entry(last - 1, 100, 60_000), new Forge.Entry(last, far, 60_000));
    LtxHeader header = LtxHeader.delta(65_536, last, TxidRange.of(Txid.of(7))).build();
    IndexParser parser = parse(header, Forge.encode(entries), far + 60_006, 1 << 20);
    assertThat(parser.count()).isEqualTo(2);
    assertThat(parser.pageNumbers()).startsWith((int) (last - 1), (int) last);
  }
}

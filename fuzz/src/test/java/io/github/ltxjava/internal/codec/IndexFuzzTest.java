package io.github.ltxjava.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import java.util.Optional;

/** The varints of a page index: refused, or pages that ascend and frames without gaps. */
class IndexFuzzTest {

  private static final LtxHeader HEADER =
      LtxHeader.delta(512, LtxHeader.MAX_PAGE_NUMBER, TxidRange.of(Txid.of(2))).build();

  @FuzzTest
  void index(byte[] data) {
    // The first two bytes say where the index is; all else are its bytes.
    if (data.length < 3) {
      return;
    }
    long indexOffset = 106 + (data[0] & 0xFF) + ((data[1] & 0xFFL) << 8);
    Optional<IndexParser> whole = parse(data, indexOffset, data.length);
    Optional<IndexParser> inPieces = parse(data, indexOffset, 31);
    assertThat(inPieces.isPresent()).isEqualTo(whole.isPresent());
    if (whole.isPresent() && inPieces.isPresent()) {
      IndexParser parser = whole.get();
      assertThat(inPieces.get().count()).isEqualTo(parser.count());
      long previous = 0;
      assertThat(parser.offsets()[0]).isEqualTo(LtxHeader.SIZE);
      for (int i = 0; i < parser.count(); i++) {
        long number = Integer.toUnsignedLong(parser.pageNumbers()[i]);
        assertThat(number).isBetween(previous + 1, LtxHeader.MAX_PAGE_NUMBER);
        assertThat(parser.offsets()[i + 1]).isGreaterThan(parser.offsets()[i]);
        previous = number;
      }
      assertThat(parser.offsets()[parser.count()]).isEqualTo(indexOffset - 6);
    }
  }

  private static Optional<IndexParser> parse(byte[] data, long indexOffset, int pieceSize) {
    int size = data.length - 2;
    try {
      IndexParser parser =
          new IndexParser(HEADER, Layout.V3_BLOCK, indexOffset, size, Findings.strict("input"));
      int position = 0;
      while (position < size) {
        int length = Math.min(pieceSize, size - position);
        position += parser.parse(data, 2 + position, length, position, position + length == size);
      }
      return Optional.of(parser);
    } catch (LtxFormatException e) {
      assertThat(e.offset()).isBetween(indexOffset, indexOffset + size);
      return Optional.empty();
    }
  }
}

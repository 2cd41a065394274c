package io.github.ltxjava.internal.codec;

import io.github.ltxjava.IndexMemory;
import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxFormatException.Reason;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxTrailer;
import io.github.ltxjava.internal.format.FrameLayout;
import io.github.ltxjava.internal.format.HeaderLayout;
import io.github.ltxjava.internal.io.SequentialInput;
import io.github.ltxjava.io.ByteSource;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * Where the pages of a raw v1 file are, found by reading it front to back, and its trailer.
 *
 * @param pageNumbers ascending as unsigned numbers
 * @param offsets of the frames, and behind the last one, where they end
 * @param end offset of the end marker
 */
public record RawIndex(int[] pageNumbers, long[] offsets, long end, LtxTrailer trailer) {

  /** Scans a file; all of it is verified on the way, as every byte passes by anyway. */
  public static RawIndex scan(ByteSource source, LtxHeader header, Findings strict)
      throws IOException {
    SequentialInput in = SequentialInput.of(source, ScanStart.DEFAULT_WINDOW_SIZE);
    if (!in.require(HeaderLayout.SIZE)) {
      strict.add(Reason.TRUNCATED, in.available(), "the file ends inside the header");
    }
    byte[] raw = Arrays.copyOfRange(in.array(), in.offset(), in.offset() + HeaderLayout.SIZE);
    in.skip(HeaderLayout.SIZE);
    // Not closed here: the source is read on.
    FileScan scan =
        FileScan.start(
            in,
            strict,
            raw,
            Layout.V1_RAW,
            List.of(),
            IndexMemory.UNLIMITED,
            new PageScratch(header.pageSize()));
    int[] numbers = new int[16];
    int count = 0;
    while (scan.nextFrame()) {
      scan.decodePage();
      if (count == numbers.length) {
        numbers = Arrays.copyOf(numbers, count + (count >>> 1));
      }
      numbers[count++] = (int) scan.pageNumber();
    }
    scan.finish();
    long[] offsets = new long[count + 1];
    for (int i = 0; i <= count; i++) {
      offsets[i] =
          HeaderLayout.SIZE + (long) i * (FrameLayout.SHORT_HEADER_SIZE + header.pageSize());
    }
    return new RawIndex(
        Arrays.copyOf(numbers, count), offsets, offsets[count], scan.trailer().orElseThrow());
  }
}

package io.github.ltxjava.internal.codec;

import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.LtxFormatException.Reason;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.internal.format.FrameLayout;
import io.github.ltxjava.internal.format.HeaderLayout;
import io.github.ltxjava.internal.format.IndexLayout;
import io.github.ltxjava.internal.lz4.Lz4Frame;
import java.util.Arrays;

/**
 * Decodes a page index into packed arrays, 12 to 16 bytes a page.
 *
 * <p>Frames follow each other without gaps from the header to the end marker, so an entry's length
 * says nothing that the next offset does not; the parser checks that they agree.
 */
public final class IndexParser {

  /** So many entries fit an array, with room for one offset more. */
  private static final long MAX_ENTRIES = Integer.MAX_VALUE - 16L;

  /** Entries to start with; when there are more, enough is known to estimate the rest. */
  private static final int FIRST_CAPACITY = 1 << 18;

  private final LtxHeader header;
  private final Findings findings;
  private final long indexOffset;
  private final long indexSize;
  private final long framesEnd;
  private final int maxFrameSize;
  private int[] pageNumbers;
  private long[] offsets;
  private int count;
  private long nextOffset = HeaderLayout.SIZE;
  private long previousPage;
  private long sizeBytes;
  private boolean ended;
  private boolean damaged;

  /**
   * Creates a parser.
   *
   * @param indexOffset offset of the index in the file
   * @param indexSize its length in bytes, already compared with the size of the file
   */
  public IndexParser(
      LtxHeader header, Layout layout, long indexOffset, long indexSize, Findings findings) {
    this.header = header;
    this.findings = findings;
    this.indexOffset = indexOffset;
    this.indexSize = indexSize;
    this.framesEnd = indexOffset - FrameLayout.endMarkerSize(layout);
    this.maxFrameSize = FrameLayout.SIZED_HEADER_SIZE + Lz4Frame.maxSize(header.pageSize());
    // The index that is there bounds the entries, it is the bytes really present; and so does the
    // database. In a snapshot there is no page more or less than that.
    long possible = Math.min(header.commit(), indexSize / 6 + 1);
    this.pageNumbers = new int[(int) Math.min(possible, FIRST_CAPACITY)];
    this.offsets = new long[pageNumbers.length + 1];
  }

  /**
   * Takes a piece of the index.
   *
   * @param position offset of the piece in the index
   * @param last whether it is the last piece
   * @return how many bytes were used; the others have to start the next piece
   */
  public int parse(byte[] bytes, int offset, int length, long position, boolean last)
      throws LtxFormatException {
    int used = 0;
    while (!ended && !damaged && used < length) {
      used += soundEntries(bytes, offset + used, length - used);
      boolean cut = !last && length - used < 3 * IndexLayout.MAX_VARINT_SIZE;
      if (cut || used == length) {
        break;
      }
      VarintReader varints = new VarintReader(bytes, offset + used, length - used);
      entry(varints, position + used);
      used = varints.offset() - offset;
    }
    if (!last && !damaged && !ended) {
      return used;
    }
    if (!damaged && last && !ended) {
      damage(position + used, "the page index does not end with 0");
    } else if (!damaged && last && used < length) {
      damage(position + used, "there are bytes behind the end of the page index");
    }
    return length;
  }

  /**
   * Takes entries as long as there is nothing to say about them and room for them; what it stops
   * at, {@link #entry} looks at again.
   *
   * @return how many bytes they take
   */
  private int soundEntries(byte[] bytes, int offset, int length) {
    VarintReader varints = new VarintReader(bytes, offset, length);
    long commit = header.commit();
    long lockPage = header.lockPageNumber();
    long previous = previousPage;
    long next = nextOffset;
    long sizes = 0;
    int used = 0;
    int n = count;
    while (n < pageNumbers.length) {
      long pageNumber = varints.next();
      long frameOffset = varints.next();
      int sizeAt = varints.offset();
      long frameSize = varints.next();
      // Unsigned numbers beyond a long's range are negative here, and bad ones are 0.
      if (pageNumber <= previous
          || pageNumber > commit
          || pageNumber == lockPage
          || frameOffset != next
          || frameSize <= FrameLayout.SHORT_HEADER_SIZE
          || frameSize > maxFrameSize
          || frameSize > framesEnd - next) {
        break;
      }
      pageNumbers[n] = (int) pageNumber;
      offsets[n] = next;
      n++;
      previous = pageNumber;
      next += frameSize;
      sizes += varints.offset() - sizeAt;
      used = varints.offset() - offset;
    }
    count = n;
    previousPage = previous;
    nextOffset = next;
    sizeBytes += sizes;
    return used;
  }

  private void entry(VarintReader varints, long at) throws LtxFormatException {
    long pageNumber = varints.next();
    if (!varints.failed() && pageNumber == 0) {
      ended = true;
      offsets[count] = nextOffset;
      if (nextOffset != framesEnd) {
        damage(
            at,
            "the frames of the page index end at offset "
                + nextOffset
                + ", but the end marker is at "
                + framesEnd);
      }
      return;
    }
    long frameOffset = varints.next();
    int sizeAt = varints.offset();
    long frameSize = varints.next();
    sizeBytes += varints.offset() - sizeAt;
    if (varints.failed()) {
      damage(at, "an entry of the page index is cut, above 64 bits or not in its shortest form");
    } else if (Long.compareUnsigned(pageNumber, header.commit()) > 0
        || pageNumber <= previousPage
        || pageNumber == header.lockPageNumber()) {
      damage(
          at,
          "the page index has page "
              + Long.toUnsignedString(pageNumber)
              + " behind page "
              + previousPage
              + " with commit "
              + header.commit());
    } else if (frameOffset != nextOffset
        || frameSize <= FrameLayout.SHORT_HEADER_SIZE
        || frameSize > Math.min(framesEnd - frameOffset, maxFrameSize)) {
      damage(
          at,
          "the page index has page "
              + pageNumber
              + " at offset "
              + Long.toUnsignedString(frameOffset)
              + " with "
              + Long.toUnsignedString(frameSize)
              + " bytes; its frame starts at "
              + nextOffset
              + ", and the end marker is at "
              + framesEnd);
    } else {
      add(pageNumber, frameOffset, frameSize, at);
    }
  }

  private void add(long pageNumber, long frameOffset, long frameSize, long at)
      throws LtxFormatException {
    if (count == MAX_ENTRIES) {
      findings.add(
          Reason.UNSUPPORTED, indexOffset, "more than " + MAX_ENTRIES + " pages in one index");
      damaged = true;
      return;
    }
    if (count == pageNumbers.length) {
      int capacity = capacityFor(pageNumber, frameOffset, indexSize - at);
      pageNumbers = Arrays.copyOf(pageNumbers, capacity);
      offsets = Arrays.copyOf(offsets, capacity + 1);
    }
    pageNumbers[count] = (int) pageNumber;
    offsets[count] = frameOffset;
    count++;
    previousPage = pageNumber;
    nextOffset = frameOffset + frameSize;
  }

  /**
   * Estimates how many entries there will be. Numbers and offsets only grow, and frame sizes stay
   * what they are on average, so later entries are hardly shorter than this one: the estimate
   * exceeds the truth by little, and the arrays are copied once or twice, while they are small.
   */
  private int capacityFor(long pageNumber, long frameOffset, long remainingBytes) {
    double entryBytes =
        IndexLayout.varintSize(pageNumber)
            + IndexLayout.varintSize(frameOffset)
            + (double) sizeBytes / (count + 1);
    long rest = (long) (remainingBytes / entryBytes);
    long possible = header.commit() - pageNumber + 1;
    return (int) Math.min(MAX_ENTRIES, count + Math.max(1, Math.min(rest + rest / 64, possible)));
  }

  private void damage(long at, String detail) throws LtxFormatException {
    damaged = true;
    findings.add(Reason.BAD_INDEX, indexOffset + at, detail);
  }

  /** Tells whether a finding was added. */
  public boolean isDamaged() {
    return damaged;
  }

  /** Returns the number of entries. */
  public int count() {
    return count;
  }

  /** Returns the page numbers, ascending as unsigned numbers; room behind them is unused. */
  public int[] pageNumbers() {
    return isWasteful() ? Arrays.copyOf(pageNumbers, count) : pageNumbers;
  }

  /** Returns the frame offsets, and behind the last one, where the frames end; then unused room. */
  public long[] offsets() {
    return isWasteful() ? Arrays.copyOf(offsets, count + 1) : offsets;
  }

  /** Up to a third more room than needed is 16 bytes a page; a copy would take more for a while. */
  private boolean isWasteful() {
    return pageNumbers.length - count > count / 3;
  }
}

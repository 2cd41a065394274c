package io.github.ltxjava.internal.crc;

import io.github.ltxjava.Checksum;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;

/** The two checksums that a page goes into, from one pass over it. Belongs to one thread. */
public final class PageHash {

  private final Crc64Iso crc = new Crc64Iso();
  private final Crc64Shift shift;
  private final int pageSize;

  /** Creates a hash for pages of this size, for use by one thread. */
  public PageHash(int pageSize) {
    this.pageSize = pageSize;
    this.shift = Crc64Shift.ofPage(pageSize);
  }

  /** Returns the remainder of a page, which the methods below take. */
  public long remainder(byte[] page, int offset) {
    return crc.remainder(page, offset, pageSize);
  }

  /**
   * Returns the remainder of a page whose array takes turns with others, for which looking at it
   * anew each time would take an object a page.
   *
   * @param page what {@link #wordsOf} made of its array
   */
  public long remainder(LongBuffer page) {
    return crc.remainder(page, 0, pageSize / Long.BYTES);
  }

  /** Returns an array as words, which stay those of the array when it changes. */
  public static LongBuffer wordsOf(byte[] page) {
    return ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
  }

  /** Returns the state of the file checksum after the page. */
  public long advance(long state, long remainder) {
    return shift.advance(state, remainder);
  }

  /** Returns the page checksum, top bit set: over the page number and the page. */
  public long pageChecksum(long pageNumber, long remainder) {
    return Crc64Iso.finish(shift.afterNumber((int) pageNumber, remainder)) | Checksum.FLAG;
  }
}

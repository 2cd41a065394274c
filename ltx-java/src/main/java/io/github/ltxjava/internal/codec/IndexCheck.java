package io.github.ltxjava.internal.codec;

import io.github.ltxjava.LtxFormatException.Reason;
import io.github.ltxjava.internal.format.BigEndian;
import io.github.ltxjava.internal.format.IndexLayout;
import io.github.ltxjava.internal.format.TrailerLayout;
import io.github.ltxjava.internal.io.SequentialInput;
import java.io.IOException;
import java.util.Arrays;

/** Compares the page index of a file with the frames that went by. */
final class IndexCheck {

  private final HashedInput input;
  private final SequentialInput in;
  private final IndexLog expected;
  private final Findings findings;
  private final long indexOffset;

  /**
   * Creates a check.
   *
   * @param input stands at the index
   * @param expected what the frames call for, without the final 0
   */
  IndexCheck(HashedInput input, IndexLog expected, Findings findings) {
    this.input = input;
    this.in = input.in;
    this.expected = expected;
    this.findings = findings;
    this.indexOffset = in.position();
  }

  /**
   * Checks the index and its size field.
   *
   * @return false where it is damaged so that the trailer cannot be found
   */
  boolean run() throws IOException {
    expected.end();
    IndexLog.Cursor cursor = expected.cursor();
    while (cursor.advance()) {
      in.require(cursor.available());
      int length = Math.min(cursor.available(), in.available());
      int mismatch = mismatch(cursor, length);
      input.skip(mismatch < 0 ? length : mismatch);
      if (mismatch >= 0) {
        findings.add(Reason.BAD_INDEX, in.position(), describe(in.position() - indexOffset));
        return skipToSizeField() && checkSize();
      }
      if (length < cursor.available()) {
        return input.truncated("the rest of the page index");
      }
      cursor.skip(length);
    }
    return checkSize();
  }

  private int mismatch(IndexLog.Cursor cursor, int length) {
    return Arrays.mismatch(
        in.array(),
        in.offset(),
        in.offset() + length,
        cursor.array(),
        cursor.offset(),
        cursor.offset() + length);
  }

  /** Behind a damaged index, only the end of the file tells where the size field is. */
  private boolean skipToSizeField() throws IOException {
    if (in.size() < 0) {
      return false;
    }
    long sizeFieldOffset = in.size() - TrailerLayout.SIZE - IndexLayout.SIZE_FIELD_SIZE;
    if (sizeFieldOffset < in.position()) {
      return input.truncated("the rest of the page index");
    }
    input.skipTo(sizeFieldOffset);
    return true;
  }

  private boolean checkSize() throws IOException {
    if (!in.require(IndexLayout.SIZE_FIELD_SIZE)) {
      return input.truncated("the size field of the page index");
    }
    long size = BigEndian.getLong(in.array(), in.offset());
    long actual = in.position() - indexOffset;
    if (size != actual) {
      findings.add(
          Reason.BAD_INDEX,
          in.position(),
          "the size field says "
              + Long.toUnsignedString(size)
              + " bytes of page index, but there are "
              + actual);
    }
    input.skip(IndexLayout.SIZE_FIELD_SIZE);
    return true;
  }

  /** Says which entry has to cover a byte of the index. */
  private String describe(long byteOffset) throws IOException {
    IndexLog.Cursor cursor = expected.cursor();
    long[] fields = new long[3];
    int field = 0;
    long value = 0;
    int shift = 0;
    long entry = 1;
    for (long at = 1; cursor.advance(); at++) {
      byte b = cursor.array()[cursor.offset()];
      cursor.skip(1);
      value |= (long) (b & 0x7F) << shift;
      shift += 7;
      if (b < 0) {
        continue;
      }
      fields[field++] = value;
      boolean end = field == 1 && value == 0;
      value = 0;
      shift = 0;
      if (end || field == fields.length) {
        if (at > byteOffset) {
          return end ? describeEnd(entry - 1) : describeEntry(entry, fields);
        }
        entry++;
        field = 0;
      }
    }
    throw new AssertionError("offset " + byteOffset + " is beyond the index");
  }

  private static String describeEnd(long entries) {
    return "the page index does not end after " + entries + " entries, one for each frame";
  }

  private static String describeEntry(long entry, long[] fields) {
    return "entry "
        + entry
        + " of the page index does not say, in shortest form, page "
        + fields[0]
        + " at offset "
        + fields[1]
        + " with "
        + fields[2]
        + " bytes, where that frame is";
  }
}

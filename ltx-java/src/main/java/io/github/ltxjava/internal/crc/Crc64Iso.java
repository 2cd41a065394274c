package io.github.ltxjava.internal.crc;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;

/**
 * CRC-64/GO-ISO without tables in the main loop: polynomial x^64 + x^4 + x^3 + x + 1, reflected,
 * initial value and final xor all ones. As these checksums stand in files, the definition is set in
 * stone.
 *
 * <p>A <em>state</em> is the register before the final xor. In the reflected form bit 63 is x^0,
 * multiplying by x^k is a right shift by k, and since x^64 = 1 + x + x^3 + x^4, the bits shifted
 * out come back with four terms. Squaring only spreads the exponents, so with y = x^64, a whole
 * word, y^64 = 1 + y + y^3 + y^4: folding a page onto its last 64 words takes nothing but xor.
 *
 * <p>An instance holds scratch space and belongs to one thread; the static methods need none.
 */
public final class Crc64Iso {

  /** The state before the first byte. */
  public static final long INITIAL = -1L;

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** The polynomial without x^64, reflected. */
  private static final long POLYNOMIAL = 0xD800_0000_0000_0000L;

  private static final long[] BYTE_TABLE = byteTable();

  /** Words onto which a page is folded: y^64 is a polynomial in whole words. */
  private static final int LANES = 64;

  /** A word is folded onto the one 60 words later and its neighbours, see {@link #fold}. */
  private static final int REACH = LANES - 4;

  /** Words folded in one go; with the scratch space they fit the L1 cache. */
  private static final int CHUNK_WORDS = 2048;

  /** The first {@link #REACH} words stay 0: there is nothing to fold onto the first words. */
  private final long[] scratch = new long[REACH + CHUNK_WORDS];

  /** The array hashed last as words, from a byte number below 8 on: pages come in the same one. */
  private byte[] viewed = new byte[0];

  private int viewedFrom;
  private LongBuffer view = LongBuffer.allocate(0);

  /** Returns the checksum of a state: the final xor. */
  public static long finish(long state) {
    return ~state;
  }

  /** Returns the state after {@code length} bytes. */
  public long advance(long state, byte[] bytes, int offset, int length) {
    int wordCount = length >>> 3;
    if (wordCount < LANES) {
      return advanceByWords(state, bytes, offset, length);
    }
    int done = wordCount << 3;
    long folded = foldAll(state, wordsOf(bytes, offset), offset >>> 3, wordCount);
    return advanceByBytes(folded, bytes, offset + done, length - done);
  }

  /**
   * Returns the state after little-endian words when it was zero before.
   *
   * @param count at least 64
   */
  long remainder(LongBuffer words, int from, int count) {
    return foldAll(0, words, from, count);
  }

  /** Returns the state after these bytes when it was zero before: the remainder of the bytes. */
  public long remainder(byte[] bytes, int offset, int length) {
    return advance(0, bytes, offset, length);
  }

  /** Returns the state after a few bytes, one word at a time. */
  public static long advanceByWords(long state, byte[] bytes, int offset, int length) {
    long s = state;
    int at = offset;
    int end = offset + length;
    for (; end - at >= Long.BYTES; at += Long.BYTES) {
      s = timesX64(s ^ (long) WORD.get(bytes, at));
    }
    return advanceByBytes(s, bytes, at, end - at);
  }

  /** Returns the state after a 4-byte big-endian number, as a page number is hashed. */
  public static long advanceByInt(long state, int bigEndian) {
    long s = state;
    for (int shift = 24; shift >= 0; shift -= 8) {
      s = (s >>> 8) ^ BYTE_TABLE[(int) (s ^ (bigEndian >>> shift)) & 0xFF];
    }
    return s;
  }

  private static long advanceByBytes(long state, byte[] bytes, int offset, int length) {
    long s = state;
    for (int i = offset; i < offset + length; i++) {
      s = (s >>> 8) ^ BYTE_TABLE[(int) (s ^ bytes[i]) & 0xFF];
    }
    return s;
  }

  /**
   * Returns the array as words, the one at the offset on a boundary. Copying words from a buffer is
   * fast from the first call on, where a loop over the bytes has to be compiled before.
   */
  @SuppressWarnings("ReferenceEquality") // the same array, whatever is in it
  private LongBuffer wordsOf(byte[] bytes, int offset) {
    int from = offset & (Long.BYTES - 1);
    if (viewed != bytes || viewedFrom != from) {
      ByteBuffer slice = ByteBuffer.wrap(bytes).slice(from, bytes.length - from);
      view = slice.order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
      viewed = bytes;
      viewedFrom = from;
    }
    return view;
  }

  private long foldAll(long state, LongBuffer words, int from, int wordCount) {
    long[] w = scratch;
    int count = Math.min(CHUNK_WORDS, wordCount);
    words.get(from, w, REACH, count);
    w[REACH] ^= state;
    fold(w, count);
    for (int done = count; done < wordCount; ) {
      System.arraycopy(w, REACH + count - LANES, w, REACH, LANES);
      int next = Math.min(CHUNK_WORDS - LANES, wordCount - done);
      words.get(from + done, w, REACH + LANES, next);
      count = LANES + next;
      fold(w, count);
      done += next;
    }
    return reduce(w, REACH + count - LANES);
  }

  /**
   * Folds words onto the last 64 of them. Word v(j) goes onto the ones 60, 61, 63 and 64 words
   * later: since 1 + y + y^3 + y^4 = (1 + y)(1 + y^3), word j receives u(j - 60), where u(j) = t(j)
   * + t(j - 3) and t(j) = v(j) + v(j - 1). So u(j) takes the place of each word done, and the last
   * four words are in registers: two loads, three xors and a store a word.
   */
  private static void fold(long[] w, int count) {
    int end = REACH + count - LANES;
    long v = 0;
    long t1 = 0;
    long t2 = 0;
    long t3 = 0;
    for (int j = REACH; j < end; j++) {
      long next = w[j] ^ w[j - REACH];
      long t = next ^ v;
      w[j] = t ^ t3;
      v = next;
      t3 = t2;
      t2 = t1;
      t1 = t;
    }
    for (int j = end; j < end + REACH; j++) {
      w[j] ^= w[j - REACH];
    }
    // What the last four words receive is not in the array, as it lacks the words not folded.
    long v2 = v ^ t1;
    long v3 = v2 ^ t2;
    long v4 = v3 ^ t3;
    w[end + REACH] ^= v ^ v3 ^ v4;
    w[end + REACH + 1] ^= v2 ^ v3;
    w[end + REACH + 2] ^= v ^ v2;
    w[end + REACH + 3] ^= v;
  }

  /**
   * Folds 64 words from an index on into one: onto 16, as x^(64·16) = 1 + x^16 + x^48 + x^64, onto
   * 8, as x^(64·8) = 1 + x^8 + x^24 + x^32, and these one by one. What is shifted out of a word
   * goes onto the word before.
   */
  private static long reduce(long[] w, int at) {
    int end = at + LANES;
    for (int j = at; j < end - 16; j++) {
      long v = w[j];
      w[j + 15] ^= (v << 48) ^ (v << 16) ^ v;
      w[j + 16] ^= v ^ (v >>> 16) ^ (v >>> 48);
    }
    for (int j = end - 16; j < end - 8; j++) {
      long v = w[j];
      w[j + 7] ^= (v << 56) ^ (v << 40) ^ (v << 32);
      w[j + 8] ^= v ^ (v >>> 8) ^ (v >>> 24) ^ (v >>> 32);
    }
    long s = 0;
    for (int j = end - 8; j < end; j++) {
      s = timesX64(s ^ w[j]);
    }
    return s;
  }

  private static long timesX64(long t) {
    long h = t ^ (t << 60) ^ (t << 61) ^ (t << 63);
    h ^= h >>> 1;
    return h ^ (h >>> 3);
  }

  /** Multiplies two polynomials; for tables, not for data. */
  static long multiply(long a, long b) {
    long product = 0;
    long factor = a;
    for (int i = 63; i >= 0; i--) {
      product ^= factor & -((b >>> i) & 1);
      factor = (factor >>> 1) ^ (POLYNOMIAL & -(factor & 1));
    }
    return product;
  }

  /**
   * Returns the state after bytes that were hashed apart.
   *
   * @param remainder their state when it was zero before
   * @param bytes how many they are
   */
  public static long join(long state, long remainder, long bytes) {
    return multiply(state, powerOfX(bytes)) ^ remainder;
  }

  /** Returns x^(8·bytes): what appending so many bytes multiplies a state with. */
  static long powerOfX(long bytes) {
    long result = 1L << 63;
    long square = 1L << 55;
    for (long n = bytes; n != 0; n >>>= 1) {
      if ((n & 1) != 0) {
        result = multiply(result, square);
      }
      square = multiply(square, square);
    }
    return result;
  }

  private static long[] byteTable() {
    long[] table = new long[256];
    for (int i = 0; i < table.length; i++) {
      long s = i;
      for (int bit = 0; bit < 8; bit++) {
        s = (s >>> 1) ^ (POLYNOMIAL & -(s & 1));
      }
      table[i] = s;
    }
    return table;
  }
}

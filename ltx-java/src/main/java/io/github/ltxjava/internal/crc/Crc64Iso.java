package io.github.ltxjava.internal.crc;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * CRC-64/GO-ISO without tables in the main loop: polynomial x^64 + x^4 + x^3 + x + 1, reflected,
 * initial value and final xor all ones. As these checksums stand in files, the definition is set in
 * stone.
 *
 * <p>A <em>state</em> is the register before the final xor. In the reflected form bit 63 is x^0,
 * multiplying by x^k is a right shift by k, and since x^64 = 1 + x + x^3 + x^4, the bits shifted
 * out come back with four terms. Squaring only spreads the exponents, so x^(64·64) is a polynomial
 * in whole words, and folding a page onto its last 64 words is nothing but xor, which the JIT
 * vectorises.
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

  /** Words onto which a page is folded: x^(64·64) is a polynomial in x^64. */
  private static final int LANES = 64;

  /** Words folded in one go; with the lanes before them they fit the L1 cache. */
  private static final int CHUNK_WORDS = 512;

  /** Below this length folding costs more than it saves. */
  private static final int FOLD_MIN_BYTES = 2 * LANES * Long.BYTES;

  private final long[] words = new long[LANES + CHUNK_WORDS];

  /** Returns the checksum of a state: the final xor. */
  public static long finish(long state) {
    return ~state;
  }

  /** Returns the state after {@code length} bytes. */
  public long advance(long state, byte[] bytes, int offset, int length) {
    if (length < FOLD_MIN_BYTES) {
      return advanceByWords(state, bytes, offset, length);
    }
    int wordCount = length >>> 3;
    long folded = foldAll(state, bytes, offset, wordCount);
    int done = wordCount << 3;
    return advanceByBytes(folded, bytes, offset + done, length - done);
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

  private long foldAll(long state, byte[] bytes, int offset, int wordCount) {
    long[] w = words;
    Arrays.fill(w, 0, LANES, 0);
    int at = offset;
    int remaining = wordCount;
    // The first chunk takes what is left over, so that all others are full.
    int chunk = (remaining - 1) % CHUNK_WORDS + 1;
    boolean first = true;
    while (remaining > 0) {
      load(bytes, at, w, chunk);
      if (first) {
        w[LANES] ^= state;
        first = false;
      }
      fold(w, chunk);
      System.arraycopy(w, chunk, w, 0, LANES);
      at += chunk << 3;
      remaining -= chunk;
      chunk = Math.min(CHUNK_WORDS, remaining);
    }
    return reduce(w);
  }

  private static void load(byte[] bytes, int offset, long[] w, int count) {
    for (int i = 0; i < count; i++) {
      w[LANES + i] = (long) WORD.get(bytes, offset + (i << 3));
    }
  }

  /**
   * Folds the first words of the array onto the 64 behind them, adding each to the ones 60, 61, 63
   * and 64 words later: x^(64·64) = 1 + y + y^3 + y^4 with y = x^64.
   *
   * @param count how many words to fold
   */
  private static void fold(long[] w, int count) {
    for (int j = LANES - 4; j < LANES; j++) {
      w[j] ^= foldedOnto(w, j, count);
    }
    int end = count + LANES - 4;
    for (int j = LANES; j < end; j++) {
      w[j] ^= w[j - 64] ^ w[j - 63] ^ w[j - 61] ^ w[j - 60];
    }
    for (int j = Math.max(LANES, end); j < count + LANES; j++) {
      w[j] ^= foldedOnto(w, j, count);
    }
  }

  /** At the ends, only some of the four words are among those folded. */
  private static long foldedOnto(long[] w, int j, int count) {
    return word(w, j - 64, count)
        ^ word(w, j - 63, count)
        ^ word(w, j - 61, count)
        ^ word(w, j - 60, count);
  }

  private static long word(long[] w, int i, int count) {
    return i >= 0 && i < count ? w[i] : 0;
  }

  /** Folds the 64 lanes onto the last 8, as x^(64·8) = 1 + x^8 + x^24 + x^32, then into one. */
  private static long reduce(long[] w) {
    for (int j = 0; j < LANES - 8; j++) {
      long v = w[j];
      w[j + 7] ^= (v << 56) ^ (v << 40) ^ (v << 32);
      w[j + 8] ^= v ^ (v >>> 8) ^ (v >>> 24) ^ (v >>> 32);
    }
    long s = 0;
    for (int j = LANES - 8; j < LANES; j++) {
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

package io.github.ltxjava.internal.lz4;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/**
 * Decompresses LZ4 blocks that stand by themselves, in one pass.
 *
 * <p>Takes just what the decompressor of the LZ4 library that bounds its input takes, down to how a
 * block may end, but for two things that the Go implementation refuses and the library does not: a
 * match with distance 0, and a match length in the last sequence, which has no match.
 *
 * <p>Usual sequences are copied in whole words, without looking at their length, which overwrites
 * up to 32 bytes behind them; so this is done only where so much room is left. All others, and the
 * last ones of each block, go one by one through {@link #sequence}, which holds all the rules.
 */
final class BlockDecoder {

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int MIN_MATCH = 4;
  private static final int LONG_LENGTH = 15;

  /** The most literals, and the longest match, that are copied as words. */
  private static final int WORDS_LITERALS = 32;

  private static final int WORDS_MATCH = 16;
  private static final int WORDS_MATCH_CODE = WORDS_MATCH - MIN_MATCH;

  /** No match starts so near to the end of the output that fewer bytes than these follow. */
  private static final int MATCH_START_MARGIN = 12;

  /** The output ends with so many literals. */
  private static final int LAST_LITERALS = 5;

  /** Literals before a match end so far from the end of the block. */
  private static final int LITERALS_MARGIN = 8;

  /** A match length in further bytes ends so far from the end of the block. */
  private static final int MATCH_LENGTH_MARGIN = 6;

  /** Room at which the library looks neither at margins nor at the end: token, 14, 2 and 1. */
  private static final int UNCHECKED_SOURCE = 18;

  /** Room for 14 literals and a match of 18 bytes. */
  private static final int UNCHECKED_TARGET = 32;

  /** A token, a further byte, literals; behind them what is both a margin and a word to load. */
  private static final int WORDS_SOURCE = 2 + WORDS_LITERALS + LITERALS_MARGIN;

  private static final int WORDS_TARGET = WORDS_LITERALS + WORDS_MATCH + LAST_LITERALS;

  private static final long MALFORMED = -1;

  private BlockDecoder() {}

  /**
   * Decompresses a block.
   *
   * @param limit how many bytes it may give; no byte behind them is written, but those between the
   *     bytes given and the limit may be
   * @return how many bytes it gave, or -1 if it is malformed or gives more than the limit
   */
  static int decode(
      byte[] source, int sourceOffset, int length, byte[] target, int targetOffset, int limit) {
    Objects.checkFromIndexSize(sourceOffset, length, source.length);
    Objects.checkFromIndexSize(targetOffset, limit, target.length);
    int sourceEnd = sourceOffset + length;
    int targetEnd = targetOffset + limit;
    int lastIn = sourceEnd - WORDS_SOURCE;
    int lastOut = targetEnd - WORDS_TARGET;
    int in = sourceOffset;
    int out = targetOffset;
    do {
      long next = usual(source, in, lastIn, target, targetOffset, out, lastOut);
      next = sequence(source, in(next), sourceEnd, target, targetOffset, out(next), targetEnd);
      if (next == MALFORMED) {
        return -1;
      }
      in = in(next);
      out = out(next);
    } while (in < sourceEnd);
    return out - targetOffset;
  }

  private static long state(int in, int out) {
    return (long) in << Integer.SIZE | out;
  }

  private static int in(long state) {
    return (int) (state >>> Integer.SIZE);
  }

  private static int out(long state) {
    return (int) state;
  }

  /**
   * Decompresses as many sequences as can be copied as words, and stands at the first that cannot.
   *
   * <p>The JIT compiler has no register to spare in this loop, and inlines no method much longer
   * than this one: little code is worth more than few instructions. One load brings a distance and
   * the token behind it.
   */
  private static long usual(
      byte[] source, int at, int lastIn, byte[] target, int start, int to, int lastOut) {
    int in = at;
    int out = to;
    if (in > lastIn) {
      return state(in, out);
    }
    long word = word(source, in);
    while (in <= lastIn && out <= lastOut) {
      int literals = (int) word >>> 4 & 0xF;
      int from = in + 1;
      if (literals == LONG_LENGTH) {
        literals += (int) word >>> 8 & 0xFF;
        from++;
        if (literals > WORDS_LITERALS
            && !copyRest(source, from, lastIn, target, out, lastOut, literals)) {
          break;
        }
        copyWord(source, from + 16, target, out + 16);
        copyWord(source, from + 24, target, out + 24);
      }
      copyWord(source, from, target, out);
      copyWord(source, from + 8, target, out + 8);
      from += literals;
      int end = out + literals;
      int match = (int) word & 0xF;
      word = word(source, from);
      int distance = (int) word & 0xFFFF;
      int copy = end - distance;
      if (match > WORDS_MATCH_CODE || distance < Long.BYTES || copy < start) {
        break;
      }
      copyWord(target, copy, target, end);
      copyWord(target, copy + 8, target, end + 8);
      word >>>= Short.SIZE;
      in = from + Short.BYTES;
      out = end + match + MIN_MATCH;
    }
    return state(in, out);
  }

  /**
   * Copies what goes beyond the literals that are copied as words, in a method of its own for the
   * sake of the loop's length.
   *
   * @return false if the literals are still more, or reach into what is not copied as words
   */
  private static boolean copyRest(
      byte[] source, int from, int lastIn, byte[] target, int to, int lastOut, int literals) {
    boolean fits =
        literals < LONG_LENGTH + 0xFF && from + literals <= lastIn && to + literals <= lastOut;
    if (fits) {
      System.arraycopy(
          source, from + WORDS_LITERALS, target, to + WORDS_LITERALS, literals - WORDS_LITERALS);
    }
    return fits;
  }

  /** Decompresses one sequence by all the rules, and stands behind it, or is {@link #MALFORMED}. */
  private static long sequence(
      byte[] source,
      int sourceOffset,
      int sourceEnd,
      byte[] target,
      int historyStart,
      int targetOffset,
      int targetEnd) {
    int in = sourceOffset;
    int out = targetOffset;
    if (in == sourceEnd) {
      return MALFORMED;
    }
    int token = source[in++] & 0xFF;
    int literals = token >>> 4;
    boolean unchecked =
        literals < LONG_LENGTH
            && sourceEnd - sourceOffset >= UNCHECKED_SOURCE
            && targetEnd - targetOffset >= UNCHECKED_TARGET;
    if (literals == LONG_LENGTH) {
      int next;
      do {
        if (in == sourceEnd || literals > sourceEnd - in) {
          return MALFORMED;
        }
        next = source[in++] & 0xFF;
        literals += next;
      } while (next == 0xFF);
    }
    if (!unchecked
        && (literals > targetEnd - MATCH_START_MARGIN - out
            || literals > sourceEnd - LITERALS_MARGIN - in)) {
      boolean last = literals == sourceEnd - in && literals <= targetEnd - out;
      if (!last || (token & 0xF) != 0) {
        return MALFORMED;
      }
      System.arraycopy(source, in, target, out, literals);
      return state(sourceEnd, out + literals);
    }
    if (literals <= 64 && sourceEnd - in >= 64 && targetEnd - out >= 64) {
      copy32(source, in, target, out);
      if (literals > 32) {
        copy32(source, in + 32, target, out + 32);
      }
    } else {
      System.arraycopy(source, in, target, out, literals);
    }
    in += literals;
    out += literals;
    int distance = source[in++] & 0xFF | (source[in++] & 0xFF) << 8;
    int match = token & 0xF;
    if (match == LONG_LENGTH) {
      unchecked = false;
      int next;
      do {
        if (in >= sourceEnd - MATCH_LENGTH_MARGIN || match > targetEnd - out) {
          return MALFORMED;
        }
        next = source[in++] & 0xFF;
        match += next;
      } while (next == 0xFF);
    }
    match += MIN_MATCH;
    unchecked &= distance >= Long.BYTES;
    if (distance == 0
        || distance > out - historyStart
        || (!unchecked && match > targetEnd - LAST_LITERALS - out)) {
      return MALFORMED;
    }
    if (match <= WORDS_MATCH && distance >= Long.BYTES && targetEnd - out >= WORDS_MATCH) {
      copyWord(target, out - distance, target, out);
      copyWord(target, out - distance + 8, target, out + 8);
    } else {
      copyMatch(target, out, distance, match);
    }
    return state(in, out + match);
  }

  private static void copy32(byte[] source, int from, byte[] target, int to) {
    copyWord(source, from, target, to);
    copyWord(source, from + 8, target, to + 8);
    copyWord(source, from + 16, target, to + 16);
    copyWord(source, from + 24, target, to + 24);
  }

  private static void copyWord(byte[] source, int from, byte[] target, int to) {
    LONG.set(target, to, (long) LONG.get(source, from));
  }

  private static long word(byte[] bytes, int at) {
    return (long) LONG.get(bytes, at);
  }

  /**
   * Copies bytes that may run into themselves: what is there can be copied at once, and doubles.
   */
  private static void copyMatch(byte[] target, int to, int distance, int length) {
    if (distance == 1) {
      Arrays.fill(target, to, to + length, target[to - 1]);
      return;
    }
    int from = to - distance;
    int done = 0;
    while (done < length) {
      int count = Math.min(length - done, distance + done);
      System.arraycopy(target, from, target, to + done, count);
      done += count;
    }
  }
}

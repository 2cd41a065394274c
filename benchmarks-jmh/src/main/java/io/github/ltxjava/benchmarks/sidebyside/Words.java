package io.github.ltxjava.benchmarks.sidebyside;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Reads memory as fast as plain Java does. */
final class Words {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private Words() {}

  /** Adds words up, several sums side by side, so that loading is what takes the time. */
  static long sum(byte[] bytes, int from, int to) {
    long a = 0;
    long b = 0;
    long c = 0;
    long d = 0;
    int i = from;
    for (; i + 8 <= to; i += 8) {
      int at = i * Long.BYTES;
      a += (long) WORD.get(bytes, at) ^ (long) WORD.get(bytes, at + 8);
      b += (long) WORD.get(bytes, at + 16) ^ (long) WORD.get(bytes, at + 24);
      c += (long) WORD.get(bytes, at + 32) ^ (long) WORD.get(bytes, at + 40);
      d += (long) WORD.get(bytes, at + 48) ^ (long) WORD.get(bytes, at + 56);
    }
    for (; i < to; i++) {
      a += (long) WORD.get(bytes, i * Long.BYTES);
    }
    return a + b + c + d;
  }
}

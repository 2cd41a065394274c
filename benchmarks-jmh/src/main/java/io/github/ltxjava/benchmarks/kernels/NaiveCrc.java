package io.github.ltxjava.benchmarks.kernels;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** CRC-64/GO-ISO by tables, as everybody else does it: the baselines of the kernel. */
public final class NaiveCrc {

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long POLYNOMIAL = 0xD800_0000_0000_0000L;
  private static final long[][] TABLES = tables();

  private NaiveCrc() {}

  /** Returns the state after some bytes, one table look-up a byte. */
  public static long bytewise(long state, byte[] bytes, int offset, int length) {
    long s = state;
    for (int i = offset; i < offset + length; i++) {
      s = (s >>> 8) ^ TABLES[0][(int) (s ^ bytes[i]) & 0xFF];
    }
    return s;
  }

  /** Returns the state after some bytes, eight look-ups a word: what Go's hash/crc64 does. */
  public static long slicingBy8(long state, byte[] bytes, int offset, int length) {
    long s = state;
    int at = offset;
    int end = offset + length;
    for (; end - at >= Long.BYTES; at += Long.BYTES) {
      s ^= (long) WORD.get(bytes, at);
      s =
          TABLES[7][(int) s & 0xFF]
              ^ TABLES[6][(int) (s >>> 8) & 0xFF]
              ^ TABLES[5][(int) (s >>> 16) & 0xFF]
              ^ TABLES[4][(int) (s >>> 24) & 0xFF]
              ^ TABLES[3][(int) (s >>> 32) & 0xFF]
              ^ TABLES[2][(int) (s >>> 40) & 0xFF]
              ^ TABLES[1][(int) (s >>> 48) & 0xFF]
              ^ TABLES[0][(int) (s >>> 56)];
    }
    return bytewise(s, bytes, at, end - at);
  }

  private static long[][] tables() {
    long[][] tables = new long[8][256];
    for (int i = 0; i < 256; i++) {
      long s = i;
      for (int bit = 0; bit < 8; bit++) {
        s = (s >>> 1) ^ (POLYNOMIAL & -(s & 1));
      }
      tables[0][i] = s;
    }
    for (int i = 0; i < 256; i++) {
      for (int t = 1; t < 8; t++) {
        long s = tables[t - 1][i];
        tables[t][i] = (s >>> 8) ^ tables[0][(int) s & 0xFF];
      }
    }
    return tables;
  }
}

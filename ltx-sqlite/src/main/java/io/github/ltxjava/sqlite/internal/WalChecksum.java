package io.github.ltxjava.sqlite.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The running checksum of a WAL and of a wal-index: two 32-bit sums over pairs of words. */
public final class WalChecksum {

  private static final VarHandle LITTLE =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle BIG =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private final boolean littleEndian;

  /** Starts with the order of the words. */
  public WalChecksum(ByteOrder words) {
    this.littleEndian = words == ByteOrder.LITTLE_ENDIAN;
  }

  /**
   * Goes on from a checksum.
   *
   * @param checksum the first sum in the upper 32 bits, the second in the lower
   * @param length a multiple of 8
   */
  public long update(long checksum, byte[] bytes, int offset, int length) {
    int first = (int) (checksum >>> 32);
    int second = (int) checksum;
    int end = offset + length;
    if (littleEndian) {
      for (int i = offset; i < end; i += 8) {
        first += (int) LITTLE.get(bytes, i) + second;
        second += (int) LITTLE.get(bytes, i + 4) + first;
      }
    } else {
      for (int i = offset; i < end; i += 8) {
        first += (int) BIG.get(bytes, i) + second;
        second += (int) BIG.get(bytes, i + 4) + first;
      }
    }
    return (long) first << 32 | Integer.toUnsignedLong(second);
  }
}

package io.github.ltxjava.internal.lz4;

/**
 * Decompresses LZ4 blocks that refer to the output of earlier blocks, which the LZ4 library's
 * decompressors cannot. Nobody is known to write such frames, so this is plain, not fast.
 */
final class LinkedBlocks {

  private static final int MIN_MATCH = 4;
  private static final int LONG_LENGTH = 15;

  private LinkedBlocks() {}

  /**
   * Decompresses a block behind earlier output.
   *
   * @param historyStart where in the target earlier output starts that matches may reach
   * @param targetOffset where this block's output goes
   * @param targetEnd how far it may reach
   * @return how many bytes the block gave, or -1 if it is malformed
   */
  static int decompress(
      byte[] source,
      int sourceOffset,
      int length,
      byte[] target,
      int historyStart,
      int targetOffset,
      int targetEnd) {
    int sourceEnd = sourceOffset + length;
    int in = sourceOffset;
    int out = targetOffset;
    while (in < sourceEnd) {
      int token = source[in++] & 0xFF;
      long literals = (long) token >>> 4;
      if (literals == LONG_LENGTH) {
        int next;
        do {
          if (in == sourceEnd) {
            return -1;
          }
          next = source[in++] & 0xFF;
          literals += next;
        } while (next == 0xFF);
      }
      if (literals > sourceEnd - in || literals > targetEnd - out) {
        return -1;
      }
      System.arraycopy(source, in, target, out, (int) literals);
      in += (int) literals;
      out += (int) literals;
      if (in == sourceEnd) {
        return (token & 0xF) == 0 ? out - targetOffset : -1;
      }
      if (sourceEnd - in < 2) {
        return -1;
      }
      int distance = (source[in] & 0xFF) | (source[in + 1] & 0xFF) << 8;
      in += 2;
      long match = (token & 0xFL) + MIN_MATCH;
      if ((token & 0xF) == LONG_LENGTH) {
        int next;
        do {
          if (in == sourceEnd) {
            return -1;
          }
          next = source[in++] & 0xFF;
          match += next;
        } while (next == 0xFF);
      }
      if (distance == 0 || distance > out - historyStart || match > targetEnd - out) {
        return -1;
      }
      for (int i = 0; i < (int) match; i++) {
        target[out] = target[out - distance];
        out++;
      }
    }
    // A block ends with literals; one that ends with a match, or is empty, is malformed.
    return -1;
  }
}

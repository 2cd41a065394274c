package io.github.ltxjava.spec;

import java.util.Arrays;

/** LZ4 as its description reads, slow and obvious; later blocks may refer to earlier ones. */
final class PlainLz4 {

  private static final int MIN_MATCH = 4;

  private byte[] content = new byte[512];
  private int length;
  private byte[] block = new byte[0];
  private int at;

  byte[] content() {
    return Arrays.copyOf(content, length);
  }

  void addStored(byte[] data) {
    for (byte b : data) {
      add(b);
    }
  }

  void addBlock(byte[] data) {
    block = data;
    at = 0;
    while (true) {
      int token = next();
      for (int left = lengthFrom(token >> 4); left > 0; left--) {
        add((byte) next());
      }
      if (at == block.length) {
        return;
      }
      int distance = next() | next() << 8;
      for (int left = MIN_MATCH + lengthFrom(token & 0xF); left > 0; left--) {
        add(content[length - distance]);
      }
    }
  }

  private int lengthFrom(int halfByte) {
    int result = halfByte;
    if (halfByte == 0xF) {
      int more;
      do {
        more = next();
        result += more;
      } while (more == 0xFF);
    }
    return result;
  }

  private int next() {
    return block[at++] & 0xFF;
  }

  private void add(byte b) {
    if (length == content.length) {
      content = Arrays.copyOf(content, 2 * length);
    }
    content[length++] = b;
  }
}

package io.github.ltxjava.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, and a CRC-64 of its own, so that the runner trusts no code it tests. */
final class Hashes {
  /** The ISO polynomial x^64 + x^4 + x^3 + x + 1, bits reversed. */
  private static final long POLYNOMIAL = 0xD800000000000000L;

  /** TABLES[k][b] is what byte b becomes when k more bytes of zeros follow it. */
  private static final long[][] TABLES = new long[8][256];

  static {
    for (int i = 0; i < 256; i++) {
      long crc = i;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) == 0 ? crc >>> 1 : (crc >>> 1) ^ POLYNOMIAL;
      }
      TABLES[0][i] = crc;
    }
    for (int k = 1; k < 8; k++) {
      for (int i = 0; i < 256; i++) {
        long before = TABLES[k - 1][i];
        TABLES[k][i] = TABLES[0][(int) before & 0xff] ^ (before >>> 8);
      }
    }
  }

  private Hashes() {}

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  static String sha256(Path file) throws IOException {
    MessageDigest digest = sha256();
    try (InputStream in = Files.newInputStream(file)) {
      byte[] buffer = new byte[65536];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Continues a CRC-64 over more bytes; a new one starts at 0. */
  static long crc64(long crc, byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long register = ~crc;
    while (buffer.remaining() >= 8) {
      long word = register ^ buffer.getLong();
      register = 0;
      for (int k = 0; k < 8; k++) {
        register ^= TABLES[7 - k][(int) (word >>> 8 * k) & 0xff];
      }
    }
    while (buffer.hasRemaining()) {
      register = TABLES[0][(int) (register ^ buffer.get()) & 0xff] ^ (register >>> 8);
    }
    return ~register;
  }
}

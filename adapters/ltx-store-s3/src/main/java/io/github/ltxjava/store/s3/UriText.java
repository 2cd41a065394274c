package io.github.ltxjava.store.s3;

import java.nio.charset.StandardCharsets;

/** Percent-encoding as signatures want it: everything but the unreserved characters. */
final class UriText {

  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  private UriText() {}

  static String encode(String text) {
    return encode(text, false);
  }

  /** Encodes a path, whose slashes stay. */
  static String encodePath(String path) {
    return encode(path, true);
  }

  private static String encode(String text, boolean keepSlash) {
    StringBuilder encoded = new StringBuilder(text.length() + 16);
    for (byte value : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (value & 0xff);
      if (isUnreserved(c) || keepSlash && c == '/') {
        encoded.append(c);
      } else {
        encoded.append('%').append(HEX[c >> 4]).append(HEX[c & 15]);
      }
    }
    return encoded.toString();
  }

  private static boolean isUnreserved(char c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || c == '-'
        || c == '.'
        || c == '_'
        || c == '~';
  }
}

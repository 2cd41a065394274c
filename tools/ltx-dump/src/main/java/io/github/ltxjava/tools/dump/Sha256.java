package io.github.ltxjava.tools.dump;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 over pieces. */
final class Sha256 {

  private final MessageDigest digest;

  Sha256() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  void update(byte[] bytes, int length) {
    digest.update(bytes, 0, length);
  }

  byte[] digest() {
    return digest.digest();
  }
}

package io.github.ltxjava.digest;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.bouncycastle.crypto.digests.Blake3Digest;

/** A hash function at work. */
interface Hash {

  void update(byte[] bytes, int offset, int length);

  byte[] finish();

  /** BLAKE3, which the platform lacks. */
  final class Blake3 implements Hash {
    private final Blake3Digest digest = new Blake3Digest();

    @Override
    public void update(byte[] bytes, int offset, int length) {
      digest.update(bytes, offset, length);
    }

    @Override
    public byte[] finish() {
      byte[] result = new byte[digest.getDigestSize()];
      digest.doFinal(result, 0);
      return result;
    }
  }

  /** A hash function of the platform, which uses the processor's instructions for it. */
  final class Platform implements Hash {
    private final MessageDigest digest;

    Platform(String name) {
      try {
        digest = MessageDigest.getInstance(name);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("this Java platform lacks " + name, e);
      }
    }

    @Override
    public void update(byte[] bytes, int offset, int length) {
      digest.update(bytes, offset, length);
    }

    @Override
    public byte[] finish() {
      return digest.digest();
    }
  }
}

package io.github.ltxjava.store.s3;

import java.io.FileNotFoundException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/** The body of a request, which can be sent again. Its bytes do not change meanwhile. */
final class Payload {

  static final Payload EMPTY = of(new byte[0], 0);

  private final byte[] bytes;
  private final long length;
  private final Optional<Path> file;
  private final Optional<String> fileSha256;

  private Payload(byte[] bytes, long length, Optional<Path> file, Optional<String> fileSha256) {
    this.bytes = bytes;
    this.length = length;
    this.file = file;
    this.fileSha256 = fileSha256;
  }

  /** The first bytes of an array. */
  static Payload of(byte[] bytes, int length) {
    return new Payload(bytes, length, Optional.empty(), Optional.empty());
  }

  /**
   * A file.
   *
   * @param sha256 of its content, in hexadecimal
   */
  static Payload of(Path file, long length, String sha256) {
    return new Payload(new byte[0], length, Optional.of(file), Optional.of(sha256));
  }

  long length() {
    return length;
  }

  BodyPublisher publisher() throws FileNotFoundException {
    if (file.isPresent()) {
      return BodyPublishers.ofFile(file.get());
    }
    return length == 0
        ? BodyPublishers.noBody()
        : BodyPublishers.ofByteArray(bytes, 0, Math.toIntExact(length));
  }

  /** Computed anew: it is asked for once per attempt, and most requests have one. */
  String sha256() {
    if (fileSha256.isPresent()) {
      return fileSha256.get();
    }
    if (length == 0) {
      return SigV4.EMPTY_SHA256;
    }
    MessageDigest digest = SigV4.newSha256();
    digest.update(bytes, 0, Math.toIntExact(length));
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The value of {@code Content-MD5}, or empty for a file, which is read once. */
  Optional<String> md5() {
    if (file.isPresent()) {
      return Optional.empty();
    }
    MessageDigest digest = SigV4.newDigest("MD5");
    digest.update(bytes, 0, Math.toIntExact(length));
    return Optional.of(Base64.getEncoder().encodeToString(digest.digest()));
  }
}

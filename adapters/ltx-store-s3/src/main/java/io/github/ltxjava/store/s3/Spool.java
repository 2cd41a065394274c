package io.github.ltxjava.store.s3;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;

/** A temporary file that holds what is too large for memory until it is sent by one request. */
final class Spool implements Closeable {

  /** The most that S3 takes by one request. */
  static final long MAX_SIZE = 5L << 30;

  private final Path file;
  private final OutputStream out;
  private final MessageDigest digest = SigV4.newSha256();
  private long size;

  private Spool(Path file) throws IOException {
    this.file = file;
    this.out = Files.newOutputStream(file);
  }

  static Spool create() throws IOException {
    return new Spool(Files.createTempFile("ltx-store-s3-", ".tmp"));
  }

  void write(byte[] bytes, int length) throws IOException {
    size += length;
    if (size > MAX_SIZE) {
      throw new IOException(
          "more than 5 GiB, which this server would only take in parts and then unconditionally");
    }
    digest.update(bytes, 0, length);
    out.write(bytes, 0, length);
  }

  /** Returns all that was written; nothing more can be. */
  Payload finish() throws IOException {
    out.close();
    return Payload.of(file, size, HexFormat.of().formatHex(digest.digest()));
  }

  @Override
  public void close() throws IOException {
    try {
      out.close();
    } finally {
      Files.deleteIfExists(file);
    }
  }
}

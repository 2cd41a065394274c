package io.github.ltxjava.digest;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxReader;
import io.github.ltxjava.LtxTrailer;
import io.github.ltxjava.ReadOptions;
import io.github.ltxjava.io.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A cryptographic digest of a file or of its content.
 *
 * <p>The <em>file digest</em> is the hash of the file's bytes, the one that {@code b3sum} and
 * {@code sha256sum} print. The <em>content digest</em> is the same for two files that say the same,
 * whatever their layout and compression. It is the hash of these bytes, all numbers big-endian
 * (specification, DIGEST.md):
 *
 * <pre>
 *   "LTX content 1\n"                                    14 bytes of ASCII, no other use of the
 *                                                        hash starts so
 *   flags u32                                            0x2 (NoChecksum) or 0
 *   pageSize u32, commit u32, minTXID u64, maxTXID u64,
 *   timestamp i64, preApplyChecksum u64, walOffset i64,
 *   walSize i64, walSalt1 u32, walSalt2 u32, nodeID u64  as in the file's header
 *   (pageNumber u32, the page's bytes)*                  ascending
 *   0 u32                                                ends the pages
 *   postApplyChecksum u64                                as in the file's trailer
 * </pre>
 *
 * <p>The text form is {@code algorithm:hex}, for example {@code blake3:} and 64 lower-case
 * hexadecimal digits. Immutable and safe for many threads.
 */
public final class LtxDigest {

  private static final byte[] CONTENT_DOMAIN =
      "LTX content 1\n".getBytes(StandardCharsets.US_ASCII);
  private static final int FLAG_NO_CHECKSUM = 0x2;
  private static final int HEADER_SIZE = 76;
  private static final int PIECE_SIZE = 256 << 10;

  private final DigestAlgorithm algorithm;
  private final byte[] bytes;

  private LtxDigest(DigestAlgorithm algorithm, byte[] bytes) {
    this.algorithm = algorithm;
    this.bytes = bytes;
  }

  /**
   * Computes the digest of a file's bytes, whatever they are.
   *
   * @param source stays open; it is the caller's
   * @throws IOException if the source cannot be read
   */
  public static LtxDigest ofFile(ByteSource source, DigestAlgorithm algorithm) throws IOException {
    Hash hash = algorithm.start();
    long size = source.size();
    byte[] piece = new byte[(int) Math.min(PIECE_SIZE, size)];
    ByteBuffer buffer = ByteBuffer.wrap(piece);
    for (long at = 0; at < size; ) {
      int count = (int) Math.min(piece.length, size - at);
      source.readFully(at, buffer.clear().limit(count));
      hash.update(piece, 0, count);
      at += count;
    }
    return new LtxDigest(algorithm, hash.finish());
  }

  /**
   * Computes the digest of what a file says, and verifies the file on the way.
   *
   * @param source closed when this method returns or fails
   * @throws LtxFormatException if the file is damaged
   * @throws IOException if the source cannot be read
   */
  public static LtxDigest ofContent(ByteSource source, DigestAlgorithm algorithm)
      throws IOException {
    return ofContent(source, algorithm, ReadOptions.DEFAULT);
  }

  /**
   * Computes the digest of what a file says, reading it with options.
   *
   * @param source closed when this method returns or fails
   * @throws LtxFormatException if the file is damaged
   * @throws IOException if the source cannot be read
   */
  public static LtxDigest ofContent(
      ByteSource source, DigestAlgorithm algorithm, ReadOptions options) throws IOException {
    try (LtxReader reader = LtxReader.open(source, options)) {
      Hash hash = algorithm.start();
      hash.update(CONTENT_DOMAIN, 0, CONTENT_DOMAIN.length);
      hash.update(encode(reader.header()), 0, HEADER_SIZE);
      byte[] numbered = new byte[Integer.BYTES + reader.header().pageSize()];
      ByteBuffer buffer = ByteBuffer.wrap(numbered);
      while (reader.next()) {
        buffer.clear().putInt((int) reader.pageNumber()).put(reader.page());
        hash.update(numbered, 0, numbered.length);
      }
      buffer.clear().putInt(0).putLong(postApply(reader.trailer()));
      hash.update(numbered, 0, buffer.position());
      return new LtxDigest(algorithm, hash.finish());
    }
  }

  private static byte[] encode(LtxHeader header) {
    return ByteBuffer.allocate(HEADER_SIZE)
        .putInt(header.tracksChecksums() ? 0 : FLAG_NO_CHECKSUM)
        .putInt(header.pageSize())
        .putInt((int) header.commit())
        .putLong(header.txids().min().value())
        .putLong(header.txids().max().value())
        .putLong(header.timestamp().toEpochMilli())
        .putLong(header.preApply().map(Checksum::bits).orElse(0L))
        .putLong(header.wal().offset())
        .putLong(header.wal().size())
        .putInt(header.wal().salt1())
        .putInt(header.wal().salt2())
        .putLong(header.nodeId())
        .array();
  }

  private static long postApply(LtxTrailer trailer) {
    Optional<Checksum> sum = trailer.postApply();
    return sum.isPresent() ? sum.get().bits() : 0;
  }

  /**
   * Parses the text form.
   *
   * @throws IllegalArgumentException if the text is not {@code algorithm:hex} with a known
   *     algorithm and 64 digits
   */
  public static LtxDigest parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0 || text.length() - colon - 1 != 2 * DigestAlgorithm.SIZE) {
      throw new IllegalArgumentException(
          "a digest is an algorithm, a colon and 64 hexadecimal digits, but was \"" + text + "\"");
    }
    DigestAlgorithm algorithm = DigestAlgorithm.ofLabel(text.substring(0, colon));
    return new LtxDigest(algorithm, HexFormat.of().parseHex(text.substring(colon + 1)));
  }

  /** Returns the hash function. */
  public DigestAlgorithm algorithm() {
    return algorithm;
  }

  /** Returns a copy of the 32 bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** Returns the bytes as 64 lower-case hexadecimal digits. */
  public String hex() {
    return HexFormat.of().formatHex(bytes);
  }

  /** Compares in constant time. */
  @Override
  public boolean equals(Object other) {
    return other instanceof LtxDigest that
        && algorithm == that.algorithm
        && MessageDigest.isEqual(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** Returns {@code algorithm:hex}. */
  @Override
  public String toString() {
    return algorithm.label() + ":" + hex();
  }
}

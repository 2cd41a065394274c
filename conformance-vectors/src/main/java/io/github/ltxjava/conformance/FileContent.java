package io.github.ltxjava.conformance;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What an implementation read from a file, in the notation of the sidecars: transaction IDs,
 * checksums and the node ID are 16 lower-case hex digits, hashes are lower-case hex SHA-256.
 *
 * @param layout the layout's name; a file without pages is both {@code v3-frame} and {@code
 *     v3-block}
 * @param indexOffset where the index starts in the file, or -1 in a layout without one
 * @param indexSize the bytes of its entries and end marker, or -1 in a layout without one
 * @param pagesSha256 the hash over number (four bytes, big-endian) and data of every page, in file
 *     order
 */
public record FileContent(
    String layout,
    Header header,
    Trailer trailer,
    long fileSize,
    long indexOffset,
    long indexSize,
    List<Page> pages,
    String pagesSha256) {

  /** The header, as it is in the file. */
  public record Header(
      long flags,
      long pageSize,
      long commit,
      String minTXID,
      String maxTXID,
      long timestampMillis,
      String preApplyChecksum,
      long walOffset,
      long walSize,
      long walSalt1,
      long walSalt2,
      String nodeID) {}

  /** The trailer, as it is in the file. */
  public record Trailer(String postApplyChecksum, String fileChecksum) {}

  /**
   * One page.
   *
   * @param frameOffset where its frame starts, or -1 in version 1
   * @param frameSize the bytes of its frame, header included, or -1 in version 1
   */
  public record Page(
      long pgno, long frameOffset, long frameSize, String dataSha256, String pageChecksum) {}

  /**
   * Collects pages and computes their hashes and checksums, for implementations that hand out
   * bytes.
   */
  public static final class Pages {
    private final List<Page> pages = new ArrayList<>();
    private final MessageDigest all = Hashes.sha256();

    /** Starts without pages. */
    public Pages() {}

    /**
     * Adds a page.
     *
     * @param frameOffset where its frame starts, or -1 in version 1
     * @param frameSize the bytes of its frame, header included, or -1 in version 1
     * @param data the page's bytes from position to limit; not changed
     */
    public void add(long pgno, long frameOffset, long frameSize, ByteBuffer data) {
      byte[] number = ByteBuffer.allocate(4).putInt((int) pgno).array();
      byte[] bytes = new byte[data.remaining()];
      data.duplicate().get(bytes);
      all.update(number);
      all.update(bytes);
      String hash = HexFormat.of().formatHex(Hashes.sha256().digest(bytes));
      long checksum = Hashes.crc64(Hashes.crc64(0, number), bytes) | Long.MIN_VALUE;
      pages.add(new Page(pgno, frameOffset, frameSize, hash, hex16(checksum)));
    }

    /** Returns what was added, in order. */
    public List<Page> list() {
      return List.copyOf(pages);
    }

    /** Returns the hash over all pages; call it once, at the end. */
    public String sha256() {
      return HexFormat.of().formatHex(all.digest());
    }
  }

  /** Formats a value in 16 lower-case hex digits. */
  public static String hex16(long value) {
    return HexFormat.of().toHexDigits(value);
  }
}

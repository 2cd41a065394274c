package io.github.ltxjava.conformance;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;

/** What an LTX file says, without its form: what goes into a writer and comes out of a reader. */
final class Content {
  static final int NO_CHECKSUM = 2;
  static final int COMPRESSED = 1;

  /**
   * What a writer of some layout can express.
   *
   * @param noChecksum files without database checksums
   * @param everyHeader WAL fields, the node ID, commit 0 and times before 1970
   * @param walSizeWithOffset a WAL offset needs a WAL size
   */
  record Limits(boolean noChecksum, boolean everyHeader, boolean walSizeWithOffset) {}

  /** Header fields and the post-apply checksum, under the names of the sidecars, as text. */
  final Map<String, String> fields = new LinkedHashMap<>();

  final NavigableMap<Long, byte[]> pages = new TreeMap<>();

  int pageSize() {
    return Integer.parseInt(fields.get("pageSize"));
  }

  long commit() {
    return Long.parseLong(fields.get("commit"));
  }

  long number(String name) {
    return Long.parseLong(fields.get(name));
  }

  long hex(String name) {
    return Long.parseUnsignedLong(fields.get(name), 16);
  }

  boolean tracksChecksums() {
    return (number("flags") & NO_CHECKSUM) == 0;
  }

  void put(String name, long value) {
    fields.put(name, Long.toString(value));
  }

  void putHex(String name, long value) {
    fields.put(name, HexFormat.of().toHexDigits(value));
  }

  static long lockPage(int pageSize) {
    return 0x40000000L / pageSize + 1;
  }

  static long checksum(Map<Long, byte[]> pages) {
    long sum = 0;
    for (Map.Entry<Long, byte[]> page : pages.entrySet()) {
      byte[] number = ByteBuffer.allocate(4).putInt(page.getKey().intValue()).array();
      sum ^= Hashes.crc64(Hashes.crc64(0, number), page.getValue());
    }
    return sum | Long.MIN_VALUE;
  }

  /** Writes the description that a peer's {@code encode} takes, and the pages' bytes beside it. */
  void write(Path description, Path pagesFile) throws IOException {
    StringBuilder text = new StringBuilder();
    fields.forEach((name, value) -> text.append(name).append(' ').append(value).append('\n'));
    pages.keySet().forEach(number -> text.append("page ").append(number).append('\n'));
    Files.writeString(description, text);
    try (OutputStream out = Files.newOutputStream(pagesFile)) {
      for (byte[] page : pages.values()) {
        out.write(page);
      }
    }
  }

  /** Reads what a peer's {@code decode} wrote. */
  static Content read(Path description, Path pagesFile) throws IOException {
    Content content = new Content();
    byte[] data = Files.readAllBytes(pagesFile);
    int at = 0;
    for (String line : Files.readAllLines(description)) {
      int space = line.indexOf(' ');
      String name = line.substring(0, space);
      String value = line.substring(space + 1);
      if (name.equals("page")) {
        byte[] page = Arrays.copyOfRange(data, at, at + content.pageSize());
        at += page.length;
        if (content.pages.put(Long.parseLong(value), page) != null) {
          throw new IOException(description + ": page " + value + " twice");
        }
      } else {
        content.fields.put(name, value);
      }
    }
    return content;
  }

  /** Makes up the content of a file: a snapshot or a delta, of any page size. */
  static Content random(Random random, Limits limits) {
    Content content = new Content();
    boolean snapshot = random.nextInt(3) == 0;
    boolean checksums = !limits.noChecksum || random.nextBoolean();
    int pageSize = 512 << random.nextInt(8);
    content.put("flags", checksums ? 0 : NO_CHECKSUM);
    content.put("pageSize", pageSize);
    content.put("commit", 0); // The place of the field; its value follows from the pages.
    long min = snapshot ? 1 : 2 + (random.nextLong() >>> (2 + random.nextInt(60)));
    content.putHex("minTXID", min);
    content.putHex("maxTXID", random.nextBoolean() ? min : min + random.nextInt(1000));
    content.put("timestampMillis", timestamp(random, limits));
    content.putHex("preApplyChecksum", snapshot || !checksums ? 0 : someChecksum(random));
    wal(content, random, limits);
    content.putHex("nodeID", limits.everyHeader && random.nextInt(3) == 0 ? random.nextLong() : 0);
    if (snapshot) {
      long count = 1L + random.nextInt(Math.max(2, 200_000 / pageSize));
      for (long number = 1; number <= count; number++) {
        content.pages.put(number, page(random, pageSize));
      }
      content.put("commit", count);
    } else {
      delta(content, random, pageSize, limits);
    }
    long postApply = snapshot ? checksum(content.pages) : someChecksum(random);
    boolean empty = content.commit() == 0;
    content.putHex("postApplyChecksum", !checksums ? 0 : empty ? Long.MIN_VALUE : postApply);
    return content;
  }

  private static void delta(Content content, Random random, int pageSize, Limits limits) {
    int form = random.nextInt(8);
    if (form == 0 && limits.everyHeader && content.tracksChecksums()) {
      return; // The database is deleted: commit 0, no pages.
    }
    long lock = lockPage(pageSize);
    long from = form <= 2 ? Math.max(1, lock - 3) : 1; // Some around the lock page.
    long reach = form == 3 ? 0xFFFF_FFFEL : from + 5 + random.nextInt(2000);
    int count = form == 4 ? 0 : 1 + random.nextInt(Math.max(2, 150_000 / pageSize));
    for (int i = 0; i < count; i++) {
      long number = from + (long) (random.nextDouble() * (reach - from + 1));
      if (number != lock) {
        content.pages.put(Math.min(number, reach), page(random, pageSize));
      }
    }
    long last = content.pages.isEmpty() ? 1 : content.pages.lastKey();
    content.put("commit", random.nextBoolean() ? last : Math.min(last + 100, 0xFFFF_FFFEL));
  }

  private static long timestamp(Random random, Limits limits) {
    return switch (random.nextInt(6)) {
      case 0 -> 0;
      case 1 -> limits.everyHeader ? -1L - random.nextInt(1_000_000) : 1;
      default -> 1_600_000_000_000L + (random.nextLong() >>> 25);
    };
  }

  private static void wal(Content content, Random random, Limits limits) {
    boolean any = limits.everyHeader && random.nextBoolean();
    boolean size = limits.walSizeWithOffset || random.nextBoolean();
    content.put("walOffset", any ? 32L + random.nextInt(1 << 30) : 0);
    content.put("walSize", any && size ? 1L + random.nextInt(1 << 30) : 0);
    content.put("walSalt1", any ? random.nextInt() & 0xFFFF_FFFFL : 0);
    content.put("walSalt2", any ? random.nextInt() & 0xFFFF_FFFFL : 0);
  }

  private static long someChecksum(Random random) {
    return random.nextLong() | Long.MIN_VALUE;
  }

  /** A page of zeros, of noise, of text, of both, or of long runs. */
  static byte[] page(Random random, int pageSize) {
    byte[] page = new byte[pageSize];
    switch (random.nextInt(6)) {
      case 0 -> {}
      case 1 -> random.nextBytes(page);
      case 2 -> text(random, page, 0);
      case 3 -> {
        random.nextBytes(page);
        text(random, page, random.nextInt(pageSize));
      }
      case 4 -> {
        for (int i = 0; i < 1 + pageSize / 100; i++) {
          page[random.nextInt(pageSize)] = (byte) random.nextInt();
        }
      }
      default -> {
        int at = 0;
        while (at < pageSize) {
          int end = Math.min(pageSize, at + 1 + random.nextInt(400));
          Arrays.fill(page, at, end, (byte) random.nextInt(4));
          at = end;
        }
      }
    }
    return page;
  }

  private static void text(Random random, byte[] page, int from) {
    String[] words = {"select ", "update ", "account", " where ", "id=", "value", "\0\0\0", "x"};
    int at = from;
    while (at < page.length) {
      byte[] word =
          words[random.nextInt(words.length)].getBytes(java.nio.charset.StandardCharsets.US_ASCII);
      int length = Math.min(word.length, page.length - at);
      System.arraycopy(word, 0, page, at, length);
      at += length;
    }
  }

  /** Two contents are equal if their fields and pages are. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Content content
        && fields.equals(content.fields)
        && pages.keySet().equals(content.pages.keySet())
        && pages.entrySet().stream()
            .allMatch(page -> Arrays.equals(page.getValue(), content.pages.get(page.getKey())));
  }

  @Override
  public int hashCode() {
    return fields.hashCode();
  }

  @Override
  public String toString() {
    Map<Long, String> hashes = new TreeMap<>();
    pages.forEach((number, page) -> hashes.put(number, Integer.toHexString(Arrays.hashCode(page))));
    return fields + " pages " + hashes;
  }
}

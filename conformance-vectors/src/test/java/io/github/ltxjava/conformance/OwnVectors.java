package io.github.ltxjava.conformance;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Makes the vectors of {@code own/}: what the reference cannot write, and defects that its set has
 * no file for. The same program gives the same bytes. Nothing here asks the reader under test; the
 * sidecars say what was put in.
 */
final class OwnVectors {
  private static final String PRODUCER = "ltx-java, OwnVectors";

  private final Path root;

  OwnVectors(Path root) {
    this.root = root;
  }

  /** Writes all of them below {@code root}, which should be empty. */
  static void generate(Path root) throws IOException {
    OwnVectors vectors = new OwnVectors(root);
    new OwnValid(vectors).generate();
    new OwnInvalid(vectors).generate();
    new OwnChains(vectors).generate();
  }

  /** A sound file whose forge is finished, with what its sidecar says beyond the content. */
  void valid(
      String layout, String name, String rule, Content content, Forge forge, Map<String, ?> more)
      throws IOException {
    byte[] bytes = forge.bytes();
    Map<String, Object> json = sidecar(name, rule, layout);
    json.putAll(more);
    json.put("header", header(content));
    json.put("trailer", trailer(content, bytes));
    json.put("checksumsAreReal", content.hex("minTXID") == 1);
    file(json, bytes);
    if (forge.indexOffset() >= 0) {
      json.put("indexOffset", forge.indexOffset());
      json.put("indexSize", forge.indexSize());
    }
    FileContent.Pages pages = new FileContent.Pages();
    List<Map<String, Object>> list = new ArrayList<>();
    int i = 0;
    for (Map.Entry<Long, byte[]> page : content.pages.entrySet()) {
      pages.add(page.getKey(), -1, -1, ByteBuffer.wrap(page.getValue()));
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("pgno", page.getKey());
      if (!forge.frames().isEmpty()) {
        entry.put("frameOffset", forge.frames().get(i).offset());
        entry.put("frameSize", forge.frames().get(i).size());
      }
      FileContent.Page last = pages.list().get(i++);
      entry.put("dataSha256", last.dataSha256());
      entry.put("pageChecksum", last.pageChecksum());
      list.add(entry);
    }
    json.put("pageCount", list.size());
    json.put("pagesSha256", pages.sha256());
    json.put("pages", list);
    write("valid/" + layout + "/" + name, bytes, json);
  }

  /** A damaged file; the findings are all that a reader has to report, in order. */
  void invalid(
      String layout,
      String name,
      String defect,
      String rule,
      byte[] bytes,
      List<Map<String, ?>> findings)
      throws IOException {
    Map<String, Object> json = sidecar(name, rule, layout);
    json.put("defect", defect);
    json.put("expect", "reject");
    json.put("reasons", findings.subList(0, 1));
    if (findings.size() > 1) {
      json.put("findings", findings);
    }
    file(json, bytes);
    write("invalid/" + layout + "/" + name, bytes, json);
  }

  /** A file that a reader may take or refuse. */
  void either(String layout, String name, String defect, String rule, byte[] bytes)
      throws IOException {
    Map<String, Object> json = sidecar(name, rule, layout);
    json.put("defect", defect);
    json.put("expect", "either");
    file(json, bytes);
    write("invalid/" + layout + "/" + name, bytes, json);
  }

  /** What is to be found, at one offset. */
  static Map<String, ?> finding(String code, long offset) {
    Map<String, Object> finding = new LinkedHashMap<>();
    finding.put("code", code);
    finding.put("offset", offset);
    return finding;
  }

  /** What is to be found somewhere in a part of the file. */
  static Map<String, ?> finding(String code, long offset, long end) {
    Map<String, Object> finding = new LinkedHashMap<>(finding(code, offset));
    finding.put("end", end);
    return finding;
  }

  static Map<String, Object> sidecar(String name, String rule, String layout) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("case", name);
    json.put("rule", rule);
    json.put("producer", PRODUCER);
    json.put("layout", layout);
    return json;
  }

  static Map<String, Object> header(Content content) {
    Map<String, Object> header = new LinkedHashMap<>();
    content.fields.forEach((name, value) -> header.put(name, value));
    header.remove("postApplyChecksum");
    for (String name : List.of("flags", "pageSize", "commit", "timestampMillis")) {
      header.put(name, content.number(name));
    }
    for (String name : List.of("walOffset", "walSize", "walSalt1", "walSalt2")) {
      header.put(name, content.number(name));
    }
    return header;
  }

  static Map<String, Object> trailer(Content content, byte[] file) {
    Map<String, Object> trailer = new LinkedHashMap<>();
    trailer.put("postApplyChecksum", content.fields.get("postApplyChecksum"));
    trailer.put("fileChecksum", HexFormat.of().formatHex(file, file.length - 8, file.length));
    return trailer;
  }

  static void file(Map<String, Object> json, byte[] bytes) {
    json.put("fileSize", bytes.length);
    json.put("fileSha256", sha256(bytes));
  }

  static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(Hashes.sha256().digest(bytes));
  }

  private void write(String name, byte[] bytes, Map<String, Object> json) throws IOException {
    write(name + ".ltx", bytes);
    write(name + ".json", JsonText.print(json).getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  /** Writes one file, which must not be there yet. */
  void write(String name, byte[] bytes) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes, java.nio.file.StandardOpenOption.CREATE_NEW);
  }

  /** The content of a file with these pages, header fields all zero but the necessary ones. */
  static Content content(long minTxid, long flags, long commit, int pageSize) {
    Content content = new Content();
    boolean tracks = (flags & Content.NO_CHECKSUM) == 0;
    content.put("flags", flags);
    content.put("pageSize", pageSize);
    content.put("commit", commit);
    content.putHex("minTXID", minTxid);
    content.putHex("maxTXID", minTxid);
    content.put("timestampMillis", 1_700_000_000_000L);
    content.putHex("preApplyChecksum", minTxid == 1 || !tracks ? 0 : 0x8123456789abcdefL);
    for (String name : List.of("walOffset", "walSize", "walSalt1", "walSalt2")) {
      content.put(name, 0);
    }
    content.putHex("nodeID", 0);
    content.putHex(
        "postApplyChecksum", !tracks ? 0 : commit == 0 ? Long.MIN_VALUE : 0x8fedcba987654321L);
    return content;
  }

  /** A snapshot of pages that compress well, badly and not at all. */
  static Content snapshot(int pages, int pageSize, long flags) {
    Content content = content(1, flags, pages, pageSize);
    Random random = new Random(pages * 31L + pageSize);
    for (long number = 1; number <= pages; number++) {
      content.pages.put(number, page(random, pageSize, (int) number % 3));
    }
    boolean tracks = (flags & Content.NO_CHECKSUM) == 0;
    content.putHex("postApplyChecksum", tracks ? Content.checksum(content.pages) : 0);
    return content;
  }

  /** Words (1), words and noise (2), or a counter in zeros (0). */
  static byte[] page(Random random, int pageSize, int kind) {
    byte[] page = new byte[pageSize];
    for (int at = 0; at < pageSize; at += 8) {
      long word = kind == 0 ? at / 64 : 0x6c74782d6a617661L + random.nextInt(7);
      ByteBuffer.wrap(page).putLong(at, kind == 2 && at < pageSize / 3 ? random.nextLong() : word);
    }
    return page;
  }
}

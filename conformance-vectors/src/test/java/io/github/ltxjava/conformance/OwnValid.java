package io.github.ltxjava.conformance;

import static io.github.ltxjava.conformance.OwnVectors.content;
import static io.github.ltxjava.conformance.OwnVectors.snapshot;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The sound files among our own vectors. */
final class OwnValid {
  private static final int PAGE_SIZE = 1024;
  private static final String V1 = "v0.3.14";
  private static final String V2 = "v0.4.0";
  private static final String V3_FRAME = "v0.5.1";
  private static final String V3 = "v0.5.2";
  private static final String NEWEST = "v0.5.3";

  private final OwnVectors vectors;

  OwnValid(OwnVectors vectors) {
    this.vectors = vectors;
  }

  void generate() throws IOException {
    commitZero();
    frameForms();
    longBlocks();
    mixed();
    zstd();
  }

  private void commitZero() throws IOException {
    for (String layout : List.of("v2", "v3-frame", "v3-block")) {
      for (long txid : List.of(1L, 7L)) {
        Content content = content(txid, Content.NO_CHECKSUM, 0, PAGE_SIZE);
        Forge forge = new Forge(layout, content).endMarker().index().trailer(0);
        vectors.valid(
            layout,
            txid == 1 ? "commit-zero-nochecksum-snapshot" : "commit-zero-nochecksum",
            "The database is deleted in a file without checksums: the reference reads it, and cannot write it.",
            content,
            forge,
            readable(layout, true, true));
      }
    }
  }

  /** Every form of LZ4 frame that a reader has to accept. */
  private void frameForms() throws IOException {
    Lz4Forge.Frame linked = new Lz4Forge.Frame();
    linked.linked = true;
    linked.blockLength = PAGE_SIZE / 4;
    frames(
        "frame-linked-blocks",
        "Four linked data blocks: matches reach into the block before.",
        linked,
        true,
        true);
    Lz4Forge.Frame several = new Lz4Forge.Frame();
    several.blockLength = 300;
    several.firstBlockStored = true;
    frames(
        "frame-several-blocks",
        "Several independent data blocks, the first of them stored.",
        several,
        true,
        true);
    Lz4Forge.Frame sums = new Lz4Forge.Frame();
    sums.blockChecksums = true;
    frames("frame-block-checksums", "A checksum behind each data block.", sums, true, false);
    Lz4Forge.Frame code = new Lz4Forge.Frame();
    code.blockSizeCode = 7;
    frames("frame-block-size-code-7", "Data blocks may have up to 4 MiB.", code, true, true);
    Lz4Forge.Frame none = new Lz4Forge.Frame();
    none.contentChecksum = false;
    frames("frame-no-content-checksum", "No content checksum.", none, false, true);
    Lz4Forge.Frame all = new Lz4Forge.Frame();
    all.linked = true;
    all.blockChecksums = true;
    all.blockSizeCode = 5;
    all.blockLength = 500;
    frames(
        "frame-all-options",
        "Linked blocks with checksums, content size, block size code 5.",
        all,
        true,
        false,
        true);
  }

  private void frames(
      String name, String rule, Lz4Forge.Frame form, boolean newReads, boolean v1Reads)
      throws IOException {
    frames(name, rule, form, newReads, v1Reads, false);
  }

  private void frames(
      String name,
      String rule,
      Lz4Forge.Frame form,
      boolean newReads,
      boolean v1Reads,
      boolean contentSize)
      throws IOException {
    for (String layout : List.of("v2", "v3-frame")) {
      Content content = snapshot(5, PAGE_SIZE, 0);
      form.contentSize = contentSize ? (long) PAGE_SIZE : null;
      Forge forge = new Forge(layout, content);
      content.pages.forEach((number, page) -> forge.frame(number, form.of(page), page));
      forge.endMarker().index().trailer(content.hex("postApplyChecksum"));
      vectors.valid(layout, name, rule, content, forge, readable(layout, newReads, v1Reads));
    }
    Content content = snapshot(5, PAGE_SIZE, Content.COMPRESSED);
    form.contentSize = contentSize ? (long) Forge.pageBlock(content).length : null;
    vectors.valid(
        "v1-lz4",
        name,
        rule,
        content,
        compressed(content, form),
        readable("v1-lz4", newReads, v1Reads));
  }

  private static Forge compressed(Content content, Lz4Forge.Frame form) {
    return new Forge("v1-lz4", content)
        .compressedBlock(content, form)
        .trailer(content.hex("postApplyChecksum"));
  }

  /** Page blocks of version 1 that are longer than a data block and than LZ4's window. */
  private void longBlocks() throws IOException {
    Content content = snapshot(3, 65536, Content.COMPRESSED);
    Lz4Forge.Frame linked = new Lz4Forge.Frame();
    linked.linked = true;
    vectors.valid(
        "v1-lz4",
        "frame-linked-blocks-65536",
        "Linked data blocks of 64 KiB: matches reach up to 65535 bytes back, over the border.",
        content,
        compressed(content, linked),
        readable("v1-lz4", true, true));
    Lz4Forge.Frame large = new Lz4Forge.Frame();
    large.blockSizeCode = 6;
    large.blockLength = 1 << 20;
    vectors.valid(
        "v1-lz4",
        "frame-one-large-block",
        "The page block in one data block of more than 64 KiB.",
        content,
        compressed(content, large),
        readable("v1-lz4", true, true));
  }

  /** Both forms in one file of version 3. */
  private void mixed() throws IOException {
    for (String layout : List.of("v3-frame", "v3-block")) {
      Content content = snapshot(6, PAGE_SIZE, 0);
      Forge forge = new Forge(layout, content);
      boolean frame = layout.equals("v3-frame");
      for (Map.Entry<Long, byte[]> page : content.pages.entrySet()) {
        if (frame) {
          forge.frame(page.getKey(), Lz4Forge.frame(page.getValue()), page.getValue());
        } else {
          forge.sized(page.getKey(), 1, Lz4Forge.block(page.getValue()), page.getValue());
        }
        frame = !frame;
      }
      forge.endMarker().index().trailer(content.hex("postApplyChecksum"));
      Map<String, Object> readable = new LinkedHashMap<>();
      readable.put(V3_FRAME, "error");
      readable.put(V3, "ok");
      readable.put(NEWEST, "ok");
      vectors.valid(
          layout,
          "frames-and-blocks-in-turn",
          "Frame form and block form in turn; the first frame names the layout.",
          content,
          forge,
          Map.of("readableBy", readable));
    }
  }

  private void zstd() throws IOException {
    Content content = snapshot(4, PAGE_SIZE, 0);
    content.pages.put(2L, new byte[PAGE_SIZE]);
    content.putHex("postApplyChecksum", Content.checksum(content.pages));
    Forge forge = new Forge("v3-block", content);
    content.pages.forEach(
        (number, page) -> {
          if (number == 3) {
            forge.sized(number, 1, Lz4Forge.block(page), page);
          } else {
            forge.sized(number, 2, number == 2 ? zstdRun(page) : zstdRaw(page), page);
          }
        });
    forge.endMarker().index().trailer(content.hex("postApplyChecksum"));
    Map<String, Object> more = new LinkedHashMap<>();
    more.put("extension", "zstd-pages");
    more.put("readableBy", Map.of(NEWEST, "error"));
    vectors.valid(
        "v3-block",
        "zstd-pages",
        "Pages 1, 2 and 4 are Zstandard frames (a raw block, a run, a raw block), page 3 is an LZ4 block.",
        content,
        forge,
        more);
  }

  /** A Zstandard frame of one raw block, content size declared. */
  static byte[] zstdRaw(byte[] page) {
    return zstd(page.length, 0, page);
  }

  /** A Zstandard frame of one run. */
  private static byte[] zstdRun(byte[] page) {
    return zstd(page.length, 1, new byte[] {page[0]});
  }

  private static byte[] zstd(int size, int blockType, byte[] block) {
    int declared = size - 256;
    int header = size << 3 | blockType << 1 | 1;
    byte[] start = {
      0x28,
      (byte) 0xB5,
      0x2F,
      (byte) 0xFD, // magic
      0x60, // single segment, content size in two bytes, no checksum, no dictionary
      (byte) declared,
      (byte) (declared >>> 8),
      (byte) header,
      (byte) (header >>> 8),
      (byte) (header >>> 16)
    };
    byte[] frame = java.util.Arrays.copyOf(start, start.length + block.length);
    System.arraycopy(block, 0, frame, start.length, block.length);
    return frame;
  }

  /** Which Go versions read it: the one of the layout, and for version 3 the newest ones. */
  private static Map<String, Object> readable(String layout, boolean newReads, boolean v1Reads) {
    Map<String, Object> readable = new LinkedHashMap<>();
    switch (layout) {
      case "v1-lz4" -> readable.put(V1, v1Reads ? "ok" : "error");
      case "v2" -> readable.put(V2, "ok");
      case "v3-frame" -> {
        readable.put(V3_FRAME, "ok");
        readable.put(V3, newReads ? "ok" : "error");
        readable.put(NEWEST, newReads ? "ok" : "error");
      }
      default -> {
        readable.put(V3, "ok");
        readable.put(NEWEST, "ok");
      }
    }
    return Map.of("readableBy", readable);
  }
}

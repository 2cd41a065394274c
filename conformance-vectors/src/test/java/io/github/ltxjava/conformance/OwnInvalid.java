package io.github.ltxjava.conformance;

import static io.github.ltxjava.conformance.OwnVectors.content;
import static io.github.ltxjava.conformance.OwnVectors.finding;
import static io.github.ltxjava.conformance.OwnVectors.snapshot;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * The damaged files among our own vectors; the file checksum is right unless a rule is about it.
 */
final class OwnInvalid {
  private static final int PAGE_SIZE = 1024;
  private static final int BOUND = PAGE_SIZE + PAGE_SIZE / 255 + 16;

  private final OwnVectors vectors;

  OwnInvalid(OwnVectors vectors) {
    this.vectors = vectors;
  }

  void generate() throws IOException {
    severalFindings();
    blocks();
    frames();
    compressedBlock();
    pageFlags();
    trailers();
  }

  private void severalFindings() throws IOException {
    for (String layout : List.of("v2", "v3-frame", "v3-block")) {
      Content content = snapshot(4, PAGE_SIZE, 0);
      Forge forge = pages(layout, content);
      forge.endMarker();
      List<Forge.Frame> entries = new ArrayList<>(forge.frames());
      Forge.Frame third = entries.get(2);
      entries.set(2, new Forge.Frame(third.pgno(), third.offset(), third.size() + 1));
      long entry = forge.position() + 2 * 5; // Number, and two numbers of two bytes.
      forge.index(entries, 0).trailer(content.hex("postApplyChecksum"), 1);
      vectors.invalid(
          layout,
          "index-and-file-checksum-wrong",
          "several",
          "The size of page 3 in the index is one too large, and the file checksum is wrong.",
          forge.bytes(),
          List.of(
              finding("BAD_INDEX", entry, entry + 5),
              finding("FILE_CHECKSUM", forge.position() - 8)));
      orderSizeAndTrailing(layout);
      holes(layout);
    }
  }

  private void orderSizeAndTrailing(String layout) throws IOException {
    Content content = content(2, 0, 6, PAGE_SIZE);
    Random random = new Random(5);
    Forge forge = new Forge(layout, content);
    for (long number : List.of(2L, 5L, 3L, 6L)) {
      frame(layout, forge, number, OwnVectors.page(random, PAGE_SIZE, 1));
    }
    long disorder = forge.frames().get(2).offset();
    forge.endMarker().index(forge.frames(), 3).trailer(content.hex("postApplyChecksum"));
    long sizeField = forge.position() - 24;
    long end = forge.position();
    forge.trailing(new byte[] {1, 2, 3});
    vectors.invalid(
        layout,
        "page-order-index-size-trailing-bytes",
        "several",
        "Page 3 comes after page 5, the index size is three too large, and three bytes follow the trailer.",
        forge.bytes(),
        List.of(
            finding("PAGE_ORDER", disorder),
            finding("BAD_INDEX", sizeField),
            finding("TRAILING_BYTES", end)));
  }

  private void holes(String layout) throws IOException {
    Content content = content(1, Content.NO_CHECKSUM, 7, PAGE_SIZE);
    Random random = new Random(6);
    Forge forge = new Forge(layout, content);
    for (long number : List.of(1L, 3L, 4L, 6L)) {
      frame(layout, forge, number, OwnVectors.page(random, PAGE_SIZE, 1));
    }
    List<Forge.Frame> frames = forge.frames();
    long end = forge.position();
    forge.endMarker().index().trailer(0);
    vectors.invalid(
        layout,
        "snapshot-three-holes-nochecksum",
        "several",
        "A snapshot of seven pages lacks 2, 5 and 7, and no database checksum could tell.",
        forge.bytes(),
        List.of(
            finding("SNAPSHOT_INCOMPLETE", frames.get(1).offset()),
            finding("SNAPSHOT_INCOMPLETE", frames.get(3).offset()),
            finding("SNAPSHOT_INCOMPLETE", end)));
  }

  private void blocks() throws IOException {
    ByteArrayOutputStream endsWithMatch = new ByteArrayOutputStream();
    byte[] page = new byte[PAGE_SIZE];
    Lz4Forge.sequence(endsWithMatch, page, 0, 1, 1, PAGE_SIZE - 1);
    block(
        "block-ends-with-match",
        "The block of page 2 gives the page, but ends with a match in place of literals.",
        endsWithMatch.toByteArray(),
        page,
        "BAD_COMPRESSION");
    ByteArrayOutputStream offsetZero = new ByteArrayOutputStream();
    Lz4Forge.sequence(offsetZero, page, 0, 8, 0, PAGE_SIZE - 20);
    Lz4Forge.lastLiterals(offsetZero, page, 0, 12);
    block(
        "block-match-offset-zero-over-zeros",
        "A match with distance 0, where a decoder that takes it would find the page it expects: zeros.",
        offsetZero.toByteArray(),
        page,
        "BAD_COMPRESSION");
    byte[] lengthWithoutMatch = Lz4Forge.block(page);
    int lastToken = lengthWithoutMatch.length - 6;
    lengthWithoutMatch[lastToken] |= 1;
    block(
        "block-match-length-in-last-sequence",
        "The last sequence of the block of page 2 is literals alone, but has a match length.",
        lengthWithoutMatch,
        page,
        "BAD_COMPRESSION");
    byte[] tooLong = Arrays.copyOf(Lz4Forge.block(page), BOUND + 1);
    block(
        "block-size-one-above-bound",
        "The size field is one above the longest block that a page can have; the bytes are there.",
        tooLong,
        page,
        "BAD_PAGE_FRAME");
  }

  private void block(String name, String rule, byte[] block, byte[] page, String code)
      throws IOException {
    Content content = content(2, 0, 3, PAGE_SIZE);
    byte[] sound = OwnVectors.page(new Random(7), PAGE_SIZE, 1);
    Forge forge = new Forge("v3-block", content).sized(1, 1, Lz4Forge.block(sound), sound);
    long offset = forge.position();
    forge.sized(2, 1, block, page).sized(3, 1, Lz4Forge.block(sound), sound);
    forge.endMarker().index().trailer(content.hex("postApplyChecksum"));
    boolean sizeField = code.equals("BAD_PAGE_FRAME");
    vectors.invalid(
        "v3-block",
        name,
        sizeField ? "block-size-too-large" : "block-malformed",
        rule,
        forge.bytes(),
        List.of(
            sizeField
                ? finding(code, offset + 6)
                : finding(code, offset + 10, offset + 10 + block.length + 1)));
  }

  /** LZ4 frames that no reader may take. */
  private void frames() throws IOException {
    Lz4Forge.Frame version = new Lz4Forge.Frame();
    version.version = 0;
    frame(
        "frame-version-bits",
        "The version bits of the LZ4 frame are 00; its header check is right.",
        version);
    Lz4Forge.Frame reserved = new Lz4Forge.Frame();
    reserved.reservedBit = true;
    frame(
        "frame-reserved-bit",
        "The reserved bit of the LZ4 frame is set; its header check is right.",
        reserved);
    Lz4Forge.Frame code = new Lz4Forge.Frame();
    code.blockSizeCode = 3;
    frame("frame-block-size-code-3", "Block size codes below 4 are reserved.", code);
    Lz4Forge.Frame size = new Lz4Forge.Frame();
    size.contentSize = PAGE_SIZE + 1L;
    frame("frame-content-size-wrong", "The content size in the LZ4 frame is one too large.", size);
    Lz4Forge.Frame huge = new Lz4Forge.Frame();
    huge.contentSize = Long.MAX_VALUE;
    frame("frame-content-size-huge", "The content size in the LZ4 frame is 2^63-1.", huge);
    Lz4Forge.Frame legacy = new Lz4Forge.Frame();
    legacy.magic = 0x184C2102;
    frame("frame-legacy-magic", "The magic of legacy LZ4 frames.", legacy);
    for (String layout : List.of("v2", "v3-frame")) {
      Content content = snapshot(3, PAGE_SIZE, 0);
      Forge forge = new Forge(layout, content);
      content.pages.forEach(
          (number, page) -> {
            ByteArrayOutputStream payload = new ByteArrayOutputStream();
            payload.writeBytes(Lz4Forge.littleEndian(0x184D2A50));
            payload.writeBytes(Lz4Forge.littleEndian(5));
            payload.writeBytes(new byte[5]);
            payload.writeBytes(Lz4Forge.frame(page));
            forge.frame(number, number == 2 ? payload.toByteArray() : Lz4Forge.frame(page), page);
          });
      forge.endMarker().index().trailer(content.hex("postApplyChecksum"));
      vectors.either(
          layout,
          "frame-skippable-before",
          "lz4-skippable-frame",
          "A skippable LZ4 frame before the frame of page 2: the reference's library skips it.",
          forge.bytes());
    }
  }

  private void frame(String name, String rule, Lz4Forge.Frame form) throws IOException {
    for (String layout : List.of("v2", "v3-frame")) {
      Content content = snapshot(3, PAGE_SIZE, 0);
      Forge forge = new Forge(layout, content);
      content.pages.forEach(
          (number, page) ->
              forge.frame(number, number == 2 ? form.of(page) : Lz4Forge.frame(page), page));
      forge.endMarker().index().trailer(content.hex("postApplyChecksum"));
      Forge.Frame second = forge.frames().get(1);
      long payload = second.offset() + (layout.equals("v2") ? 4 : 6);
      vectors.invalid(
          layout,
          name,
          "lz4-frame-header",
          rule,
          forge.bytes(),
          List.of(finding("BAD_COMPRESSION", payload, second.offset() + second.size())));
    }
  }

  private void compressedBlock() throws IOException {
    Content content = snapshot(3, 65536, Content.COMPRESSED);
    Lz4Forge.Frame form = new Lz4Forge.Frame();
    form.blockLength = 1 << 20;
    Forge forge = new Forge("v1-lz4", content).compressedBlock(content, form);
    long end = forge.position();
    forge.trailer(content.hex("postApplyChecksum"));
    vectors.invalid(
        "v1-lz4",
        "frame-data-block-above-block-size",
        "lz4-block-length",
        "A data block gives 196 KB, although the LZ4 frame allows 64 KiB.",
        forge.bytes(),
        List.of(finding("BAD_COMPRESSION", 100, end)));
  }

  private void pageFlags() throws IOException {
    Content content = content(2, 0, 3, PAGE_SIZE);
    byte[] page = OwnVectors.page(new Random(8), PAGE_SIZE, 1);
    Forge both = new Forge("v3-block", content).sized(1, 1, Lz4Forge.block(page), page);
    long offset = both.position();
    both.sized(2, 3, OwnValid.zstdRaw(page), page).endMarker().index();
    both.trailer(content.hex("postApplyChecksum"));
    vectors.invalid(
        "v3-block",
        "page-flags-0x0003",
        "page-flags-unknown",
        "Page flags 0x0003 are refused, also by a reader with the extension zstd-pages.",
        both.bytes(),
        List.of(finding("BAD_PAGE_FRAME", offset + 4)));
    Content highest = content(2, 0, 0xFFFF_FFFEL, PAGE_SIZE);
    Forge forge = new Forge("v3-block", highest).sized(1, 1, Lz4Forge.block(page), page);
    long last = forge.position();
    forge.sized(0xFFFF_FFFFL, 1, Lz4Forge.block(page), page).endMarker().index();
    forge.trailer(highest.hex("postApplyChecksum"));
    vectors.invalid(
        "v3-block",
        "page-number-all-ones",
        "page-above-commit",
        "Page 4294967295 with the largest commit, 4294967294: minus one, where numbers are signed.",
        forge.bytes(),
        List.of(finding("PAGE_NUMBER", last)));
  }

  private void trailers() throws IOException {
    for (String layout : List.of("v2", "v3-frame", "v3-block")) {
      Content none = content(2, Content.NO_CHECKSUM, 0, PAGE_SIZE);
      Forge forge = new Forge(layout, none).endMarker().index();
      long field = forge.position();
      vectors.invalid(
          layout,
          "commit-zero-nochecksum-post-apply",
          "post-apply-with-nochecksum",
          "Commit 0 without checksums, and yet the post-apply checksum of an empty database.",
          forge.trailer(Long.MIN_VALUE).bytes(),
          List.of(finding("BAD_TRAILER", field)));
      Content tracked = content(2, 0, 0, PAGE_SIZE);
      Forge other = new Forge(layout, tracked).endMarker().index();
      vectors.invalid(
          layout,
          "commit-zero-post-apply-not-empty",
          "post-apply-wrong",
          "Commit 0 with a post-apply checksum that an empty database does not have.",
          other.trailer(0x8123456789abcdefL).bytes(),
          List.of(finding("BAD_TRAILER", field)));
    }
  }

  /** The pages of a content in the form of the layout. */
  private static Forge pages(String layout, Content content) {
    Forge forge = new Forge(layout, content);
    content.pages.forEach((number, page) -> frame(layout, forge, number, page));
    return forge;
  }

  private static void frame(String layout, Forge forge, long number, byte[] page) {
    if (layout.equals("v3-block")) {
      forge.sized(number, 1, Lz4Forge.block(page), page);
    } else {
      forge.frame(number, Lz4Forge.frame(page), page);
    }
  }
}

package io.github.ltxjava.spec;

import io.github.ltxjava.spec.generated.Ltx;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Decompresses what the description finds, to show that it finds the right bytes. */
final class KaitaiPages {

  private final MessageDigest digest;
  private final int pageSize;
  private long count;

  private KaitaiPages(int pageSize) {
    this.pageSize = pageSize;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** How many pages there are, and the digest over them that sidecars call {@code pagesSha256}. */
  record Summary(long pageCount, String sha256) {}

  static Summary summarize(Ltx file) {
    KaitaiPages pages = new KaitaiPages((int) file.header().pageSize());
    if (file.layout() == Ltx.Layout.V1_LZ4) {
      pages.addPageBlock(ByteBuffer.wrap(content(file.compressedPageBlock())));
    } else {
      for (Ltx.Frame frame : file.frames()) {
        if (frame.pageNumber() != 0) {
          pages.add((int) frame.pageNumber(), pages.dataOf(frame));
        }
      }
    }
    return new Summary(pages.count, HexFormat.of().formatHex(pages.digest.digest()));
  }

  private void addPageBlock(ByteBuffer block) {
    for (int number = block.getInt(); number != 0; number = block.getInt()) {
      byte[] data = new byte[pageSize];
      block.get(data);
      add(number, data);
    }
    if (block.hasRemaining()) {
      throw new IllegalStateException(block.remaining() + " bytes behind the end marker");
    }
  }

  private void add(int number, byte[] data) {
    if (data.length != pageSize) {
      throw new IllegalStateException("page of " + data.length + " bytes");
    }
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, number));
    digest.update(data);
    count++;
  }

  private byte[] dataOf(Ltx.Frame frame) {
    if (frame.page() != null) {
      return frame.page();
    }
    if (frame.lz4Frame() != null) {
      return content(frame.lz4Frame());
    }
    PlainLz4 page = new PlainLz4();
    page.addBlock(frame.lz4Block());
    return page.content();
  }

  private static byte[] content(Ltx.Lz4Frame frame) {
    PlainLz4 content = new PlainLz4();
    for (Ltx.Lz4DataBlock block : frame.blocks()) {
      if (block.isStored()) {
        content.addStored(block.data());
      } else if (block.sizeField() != 0) {
        content.addBlock(block.data());
      }
    }
    return content.content();
  }
}

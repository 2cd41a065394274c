package io.github.ltxjava.tools.dump;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxTrailer;
import io.github.ltxjava.Verification.Finding;
import io.github.ltxjava.internal.codec.FileScan;
import io.github.ltxjava.internal.format.BigEndian;
import io.github.ltxjava.internal.format.HeaderLayout;
import io.github.ltxjava.tools.cli.Messages;
import io.github.ltxjava.tools.cli.Output;
import io.github.ltxjava.tools.cli.OutputException;
import io.github.ltxjava.tools.cli.Timestamps;
import java.util.List;
import java.util.Optional;

/** Text for people. */
final class TextDump implements DumpFormat {

  private static final int LABEL_WIDTH = 22;
  private static final int NUMBER_WIDTH = 12;

  private final Output out;
  private final boolean listsPages;
  private long fileSize;
  private long first;
  private long last;
  private long damaged;

  TextDump(Output out, boolean listsPages) {
    this.out = out;
    this.listsPages = listsPages;
  }

  private Output label(String label) throws OutputException {
    return out.text("  ").padded(label, LABEL_WIDTH);
  }

  @Override
  public void begin(String name, long size) throws OutputException {
    fileSize = size;
    out.line(Messages.oneLine(name));
  }

  @Override
  public void header(Optional<byte[]> raw, Optional<Layout> layout) throws OutputException {
    label("layout").line(layout.isPresent() ? layout.get().label() : "unknown");
    label("file size").number(fileSize).line(" bytes");
    if (raw.isPresent()) {
      out.line().line("header");
      header(raw.get());
    }
  }

  private void header(byte[] raw) throws OutputException {
    int flags = BigEndian.getInt(raw, HeaderLayout.FLAGS_OFFSET);
    label("flags").text("0x").hex(flags);
    if ((flags & HeaderLayout.FLAG_COMPRESSED) != 0) {
      out.text(" Compressed");
    }
    if ((flags & HeaderLayout.FLAG_NO_CHECKSUM) != 0) {
      out.text(" NoChecksum");
    }
    out.line();
    label("page size").number(unsigned(raw, HeaderLayout.PAGE_SIZE_OFFSET)).line(" bytes");
    label("commit").number(unsigned(raw, HeaderLayout.COMMIT_OFFSET)).line(" pages");
    txid("min TXID", raw, HeaderLayout.MIN_TXID_OFFSET);
    txid("max TXID", raw, HeaderLayout.MAX_TXID_OFFSET);
    long millis = BigEndian.getLong(raw, HeaderLayout.TIMESTAMP_OFFSET);
    label("timestamp").text(Timestamps.format(millis)).text(" (").number(millis).line(")");
    checksum("pre-apply checksum", BigEndian.getLong(raw, HeaderLayout.PRE_APPLY_CHECKSUM_OFFSET));
    label("WAL offset").number(BigEndian.getLong(raw, HeaderLayout.WAL_OFFSET_OFFSET)).line();
    label("WAL size").number(BigEndian.getLong(raw, HeaderLayout.WAL_SIZE_OFFSET)).line();
    label("WAL salts").hex(BigEndian.getInt(raw, HeaderLayout.WAL_SALT1_OFFSET)).text(" ");
    out.hex(BigEndian.getInt(raw, HeaderLayout.WAL_SALT2_OFFSET)).line();
    label("node ID").hex(BigEndian.getLong(raw, HeaderLayout.NODE_ID_OFFSET)).line();
  }

  private static long unsigned(byte[] raw, int offset) {
    return Integer.toUnsignedLong(BigEndian.getInt(raw, offset));
  }

  private void txid(String label, byte[] raw, int offset) throws OutputException {
    long value = BigEndian.getLong(raw, offset);
    label(label).hex(value).text(" (").text(Long.toUnsignedString(value)).line(")");
  }

  private void checksum(String label, long bits) throws OutputException {
    label(label);
    if (bits == 0) {
      out.line("none");
    } else {
      out.hex(bits).line();
    }
  }

  @Override
  public void beginPages() throws OutputException {
    out.line().line("pages");
    if (listsPages) {
      out.text("  ").aligned("page", NUMBER_WIDTH);
      out.aligned("offset", NUMBER_WIDTH + 2).aligned("bytes", NUMBER_WIDTH - 2);
      out.line("  page checksum");
    }
  }

  @Override
  public void page(FileScan scan, boolean decoded) throws OutputException {
    last = scan.pageNumber();
    if (scan.pageCount() == 1) {
      first = last;
    }
    if (!decoded) {
      damaged++;
    }
    if (!listsPages) {
      return;
    }
    // A compressed version 1 page has no place of its own in the file.
    boolean placed = scan.layout() != Layout.V1_LZ4;
    out.text("  ").aligned(Long.toString(last), NUMBER_WIDTH);
    out.aligned(placed ? Long.toString(scan.frameOffset()) : "-", NUMBER_WIDTH + 2);
    out.aligned(placed ? Integer.toString(scan.frameSize()) : "-", NUMBER_WIDTH - 2).text("  ");
    if (decoded) {
      out.hex(scan.pageChecksum()).line();
    } else {
      out.line("damaged");
    }
  }

  @Override
  public void end(Optional<FileScan> opened, List<Finding> findings) throws OutputException {
    if (opened.isEmpty()) {
      return;
    }
    FileScan scan = opened.get();
    label("pages in the file").number(scan.pageCount());
    if (scan.pageCount() > 0) {
      out.text(", from ").number(first).text(" to ").number(last);
    }
    if (damaged > 0) {
      out.text(", ").number(damaged).text(" of them damaged");
    }
    out.line();
    if (scan.layout().hasIndex() && scan.indexOffset() >= 0) {
      out.line().line("index");
      label("index offset").number(scan.indexOffset()).line();
      if (findings.isEmpty()) {
        label("index size").number(JsonDump.indexSize(scan, fileSize)).line(" bytes");
      }
    }
    Optional<LtxTrailer> trailer = scan.trailer();
    if (trailer.isPresent()) {
      Optional<Checksum> postApply = trailer.get().postApply();
      out.line().line("trailer");
      checksum("post-apply checksum", postApply.isPresent() ? postApply.get().bits() : 0);
      checksum("file checksum", trailer.get().file().bits());
    }
  }
}

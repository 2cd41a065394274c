package io.github.ltxjava.tools.ltx;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxReader;
import io.github.ltxjava.LtxTrailer;
import io.github.ltxjava.Txid;
import io.github.ltxjava.internal.format.HeaderLayout;
import io.github.ltxjava.internal.io.UnclosedSource;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.tools.cli.ExitCode;
import io.github.ltxjava.tools.cli.HexRows;
import io.github.ltxjava.tools.cli.Output;
import io.github.ltxjava.tools.cli.OutputException;
import java.io.IOException;
import java.util.Optional;

/** The text that the Go program's {@code dump} prints, byte for byte. */
final class GoDump {

  private final Output out;
  private final Cancellation cancellation;

  GoDump(Output out, Cancellation cancellation) {
    this.out = out;
    this.cancellation = cancellation;
  }

  /**
   * Prints a file.
   *
   * @param source stays open
   * @throws io.github.ltxjava.LtxFormatException if it is damaged; what came before is printed
   */
  int print(ByteSource source) throws IOException {
    try (LtxReader reader = LtxReader.open(new UnclosedSource(source))) {
      header(reader.header(), reader.layout());
      out.line("# PAGE DATA");
      byte[] page = new byte[reader.header().pageSize()];
      while (reader.next()) {
        cancellation.check();
        reader.page().get(page);
        out.text("Frame #").number(reader.pageCount() - 1);
        out.text(": pgno=").number(reader.pageNumber()).line();
        HexRows.print(out, page, "***");
        out.line();
      }
      out.line();
      trailer(reader.trailer());
      return ExitCode.OK;
    }
  }

  private void header(LtxHeader header, Layout layout) throws OutputException {
    out.line("# HEADER");
    out.text("Version:   ").number(version(layout)).line();
    out.text("Flags:     0x").hex(HeaderLayout.flags(header, layout)).line();
    out.text("Page size: ").number(header.pageSize()).line();
    out.text("Commit:    ").number(header.commit()).line();
    txid("Min TXID:  ", header.txids().min());
    txid("Max TXID:  ", header.txids().max());
    long millis = header.timestamp().toEpochMilli();
    out.text("Timestamp: ").text(GoTimes.withFraction(millis));
    out.text(" (").number(millis).line(")");
    out.text("Pre-apply: ").hex(bits(header.preApply())).line();
    out.text("WAL offset: ").number(header.wal().offset()).line();
    out.text("WAL size:   ").number(header.wal().size()).line();
    out.text("WAL salt:   ").hex(header.wal().salt1()).text(" ").hex(header.wal().salt2()).line();
    out.line();
  }

  private static int version(Layout layout) {
    return switch (layout) {
      case V1_RAW, V1_LZ4 -> 1;
      case V2 -> 2;
      case V3_FRAME, V3_BLOCK -> 3;
    };
  }

  private void txid(String label, Txid txid) throws OutputException {
    out.text(label).hex(txid.value()).text(" (");
    out.text(Long.toUnsignedString(txid.value())).line(")");
  }

  private void trailer(LtxTrailer trailer) throws OutputException {
    out.line("# TRAILER");
    out.text("Post-apply:    ").hex(bits(trailer.postApply())).line();
    out.text("File Checksum: ").hex(trailer.file().bits()).line();
    out.line();
  }

  private static long bits(Optional<Checksum> checksum) {
    return checksum.isPresent() ? checksum.get().bits() : 0;
  }
}

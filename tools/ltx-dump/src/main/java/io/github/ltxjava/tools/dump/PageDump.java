package io.github.ltxjava.tools.dump;

import io.github.ltxjava.DatabaseChecksum;
import io.github.ltxjava.tools.cli.HexRows;
import io.github.ltxjava.tools.cli.JsonWriter;
import io.github.ltxjava.tools.cli.Output;
import io.github.ltxjava.tools.cli.OutputException;
import java.nio.ByteBuffer;

/**
 * One page.
 *
 * @param frameOffset where its frame is, or -1 in layouts without a page index
 * @param frameSize length of its frame, or -1
 */
record PageDump(long number, byte[] page, long frameOffset, int frameSize) {

  void text(Output out) throws OutputException {
    out.text("page ").number(number).text(", ").number(page.length).line(" bytes");
    if (frameOffset >= 0) {
      out.text("  frame          at offset ").number(frameOffset);
      out.text(", ").number(frameSize).line(" bytes");
    }
    out.text("  page checksum  ").hex(checksum()).line();
    BtreePage btree = BtreePage.of(number, page);
    if (btree != null) {
      out.text("  B-tree page    ").text(btree.type()).text(", ");
      out.number(btree.cells()).line(btree.cells() == 1 ? " cell" : " cells");
    }
    out.line();
    HexRows.print(out, page, "*");
  }

  void json(Output out) throws OutputException {
    Sha256 digest = new Sha256();
    digest.update(page, page.length);
    JsonWriter json = new JsonWriter(out).object().name("pgno").value(number);
    if (frameOffset >= 0) {
      json.name("frameOffset").value(frameOffset).name("frameSize").value(frameSize);
    }
    json.name("dataSha256").hexValue(digest.digest()).name("pageChecksum").hexValue(checksum());
    BtreePage btree = BtreePage.of(number, page);
    if (btree != null) {
      json.name("btree").inlineObject();
      json.name("type").value(btree.type()).name("cells").value(btree.cells()).endObject();
    }
    json.name("data").hexValue(page).endObject();
  }

  private long checksum() {
    return DatabaseChecksum.ofEmpty(page.length)
        .toggle(number, ByteBuffer.wrap(page))
        .value()
        .bits();
  }
}

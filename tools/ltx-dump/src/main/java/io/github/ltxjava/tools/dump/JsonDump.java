package io.github.ltxjava.tools.dump;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxTrailer;
import io.github.ltxjava.Verification.Finding;
import io.github.ltxjava.internal.codec.FileScan;
import io.github.ltxjava.internal.format.BigEndian;
import io.github.ltxjava.internal.format.HeaderLayout;
import io.github.ltxjava.internal.format.IndexLayout;
import io.github.ltxjava.internal.format.TrailerLayout;
import io.github.ltxjava.tools.cli.JsonWriter;
import io.github.ltxjava.tools.cli.Output;
import io.github.ltxjava.tools.cli.OutputException;
import java.util.List;
import java.util.Optional;

/** One JSON object, in the fields and notation of the conformance vectors' sidecars. */
final class JsonDump implements DumpFormat {

  private final JsonWriter json;
  private final Sha256 pageDigest = new Sha256();
  private final Sha256 pagesDigest = new Sha256();
  private final byte[] number = new byte[Integer.BYTES];
  private long fileSize;
  private boolean inPages;

  JsonDump(Output out) {
    this.json = new JsonWriter(out);
  }

  @Override
  public void begin(String name, long size) throws OutputException {
    fileSize = size;
    json.object().name("file").value(name).name("fileSize").value(size);
  }

  @Override
  public void header(Optional<byte[]> raw, Optional<Layout> layout) throws OutputException {
    if (layout.isPresent()) {
      json.name("layout").value(layout.get().label());
    }
    if (raw.isPresent()) {
      header(raw.get());
    }
  }

  private void header(byte[] raw) throws OutputException {
    json.name("header").object();
    unsigned("flags", raw, HeaderLayout.FLAGS_OFFSET);
    unsigned("pageSize", raw, HeaderLayout.PAGE_SIZE_OFFSET);
    unsigned("commit", raw, HeaderLayout.COMMIT_OFFSET);
    hex("minTXID", raw, HeaderLayout.MIN_TXID_OFFSET);
    hex("maxTXID", raw, HeaderLayout.MAX_TXID_OFFSET);
    signed("timestampMillis", raw, HeaderLayout.TIMESTAMP_OFFSET);
    hex("preApplyChecksum", raw, HeaderLayout.PRE_APPLY_CHECKSUM_OFFSET);
    signed("walOffset", raw, HeaderLayout.WAL_OFFSET_OFFSET);
    signed("walSize", raw, HeaderLayout.WAL_SIZE_OFFSET);
    unsigned("walSalt1", raw, HeaderLayout.WAL_SALT1_OFFSET);
    unsigned("walSalt2", raw, HeaderLayout.WAL_SALT2_OFFSET);
    hex("nodeID", raw, HeaderLayout.NODE_ID_OFFSET);
    json.endObject();
  }

  private void unsigned(String name, byte[] raw, int offset) throws OutputException {
    json.name(name).value(Integer.toUnsignedLong(BigEndian.getInt(raw, offset)));
  }

  private void signed(String name, byte[] raw, int offset) throws OutputException {
    json.name(name).value(BigEndian.getLong(raw, offset));
  }

  private void hex(String name, byte[] raw, int offset) throws OutputException {
    json.name(name).hexValue(BigEndian.getLong(raw, offset));
  }

  @Override
  public void beginPages() throws OutputException {
    json.name("pages").array();
    inPages = true;
  }

  @Override
  public void page(FileScan scan, boolean decoded) throws OutputException {
    json.inlineObject().name("pgno").value(scan.pageNumber());
    if (scan.layout().hasIndex()) {
      json.name("frameOffset").value(scan.frameOffset());
      json.name("frameSize").value(scan.frameSize());
    }
    if (decoded) {
      byte[] page = scan.page();
      pageDigest.update(page, page.length);
      json.name("dataSha256").hexValue(pageDigest.digest());
      json.name("pageChecksum").hexValue(scan.pageChecksum());
      BigEndian.putInt(number, 0, (int) scan.pageNumber());
      pagesDigest.update(number, number.length);
      pagesDigest.update(page, page.length);
    }
    json.endObject();
  }

  @Override
  public void end(Optional<FileScan> opened, List<Finding> findings) throws OutputException {
    if (inPages) {
      json.endArray();
    }
    if (opened.isPresent()) {
      end(opened.get(), findings.isEmpty());
    }
    if (!findings.isEmpty()) {
      json.name("findings").array();
      for (Finding finding : findings) {
        json.inlineObject().name("code").value(finding.reason().name());
        json.name("offset").value(finding.offset());
        json.name("message").value(finding.detail()).endObject();
      }
      json.endArray();
    }
    json.endObject();
  }

  private void end(FileScan scan, boolean sound) throws OutputException {
    json.name("pageCount").value(scan.pageCount());
    if (sound) {
      json.name("pagesSha256").hexValue(pagesDigest.digest());
    }
    if (sound && scan.layout().hasIndex()) {
      json.name("indexOffset").value(scan.indexOffset());
      json.name("indexSize").value(indexSize(scan, fileSize));
    }
    Optional<LtxTrailer> trailer = scan.trailer();
    if (trailer.isPresent()) {
      Optional<Checksum> postApply = trailer.get().postApply();
      json.name("trailer").object();
      json.name("postApplyChecksum").hexValue(postApply.isPresent() ? postApply.get().bits() : 0);
      json.name("fileChecksum").hexValue(trailer.get().file().bits()).endObject();
    }
  }

  /** Of a sound file: what is between the index's first byte and its size field. */
  static long indexSize(FileScan scan, long fileSize) {
    return fileSize - TrailerLayout.SIZE - IndexLayout.SIZE_FIELD_SIZE - scan.indexOffset();
  }
}

package io.github.ltxjava.compaction;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.index.internal.Succession;
import io.github.ltxjava.internal.codec.FileScan;
import io.github.ltxjava.internal.codec.Findings;
import io.github.ltxjava.internal.codec.PageBatch;
import io.github.ltxjava.internal.codec.ScanStart;
import io.github.ltxjava.internal.format.BigEndian;
import io.github.ltxjava.internal.format.TrailerLayout;
import io.github.ltxjava.internal.io.UnclosedSource;
import io.github.ltxjava.io.ByteSource;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** One file that is being merged. */
final class MergeInput implements Closeable, Comparable<MergeInput> {

  private final FileScan scan;
  private final Succession.Link link;

  private MergeInput(FileScan scan, Succession.Link link) {
    this.scan = scan;
    this.link = link;
  }

  /** Reads header and trailer; the trailer is believed once the scan has verified it. */
  static MergeInput open(ByteSource source, ScanStart start) throws IOException {
    FileScan scan =
        start.open(new UnclosedSource(source), Findings.strict(source.name())).orElseThrow();
    byte[] trailer = new byte[TrailerLayout.SIZE];
    long offset = Math.max(0, source.size() - trailer.length);
    source.readFully(offset, ByteBuffer.wrap(trailer));
    long bits = BigEndian.getLong(trailer, TrailerLayout.POST_APPLY_CHECKSUM_OFFSET);
    boolean tracked = scan.header().tracksChecksums() && (bits & Checksum.FLAG) != 0;
    Optional<Checksum> postApply = tracked ? Optional.of(new Checksum(bits)) : Optional.empty();
    return new MergeInput(scan, new Succession.Link(scan.name(), scan.header(), postApply));
  }

  /**
   * Moves to the next frame; at the end, adds that to the batch, so that the rest of the file is
   * verified once its pages are.
   */
  long nextPageNumber(PageBatch batch) throws IOException {
    if (scan.nextFrame()) {
      return scan.pageNumber();
    }
    batch.addEnd(scan);
    return NewestPages.EXHAUSTED;
  }

  FileScan scan() {
    return scan;
  }

  LtxHeader header() {
    return scan.header();
  }

  /** Returns what tells whether this file follows another. */
  Succession.Link link() {
    return link;
  }

  String name() {
    return scan.name();
  }

  @Override
  public int compareTo(MergeInput other) {
    return header().txids().compareTo(other.header().txids());
  }

  @Override
  public void close() throws IOException {
    scan.close();
  }
}

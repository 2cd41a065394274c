package io.github.ltxjava.compaction;

import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.internal.codec.FileScan;
import io.github.ltxjava.internal.codec.Findings;
import io.github.ltxjava.internal.codec.ScanStart;
import io.github.ltxjava.internal.format.BigEndian;
import io.github.ltxjava.internal.format.TrailerLayout;
import io.github.ltxjava.internal.io.UnclosedSource;
import io.github.ltxjava.io.ByteSource;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** One file that is being merged. */
final class MergeInput implements Closeable, Comparable<MergeInput> {

  private final FileScan scan;
  private final long postApply;

  private MergeInput(FileScan scan, long postApply) {
    this.scan = scan;
    this.postApply = postApply;
  }

  /** Reads header and trailer; the trailer is believed once the scan has verified it. */
  static MergeInput open(ByteSource source, ScanStart start) throws IOException {
    FileScan scan =
        start.open(new UnclosedSource(source), Findings.strict(source.name())).orElseThrow();
    byte[] trailer = new byte[TrailerLayout.SIZE];
    long offset = Math.max(0, source.size() - trailer.length);
    source.readFully(offset, ByteBuffer.wrap(trailer));
    return new MergeInput(
        scan, BigEndian.getLong(trailer, TrailerLayout.POST_APPLY_CHECKSUM_OFFSET));
  }

  /** Moves to the next page; at the end, verifies the rest of the file. */
  long nextPageNumber() throws IOException {
    if (scan.nextFrame()) {
      return scan.pageNumber();
    }
    scan.finish();
    return NewestPages.EXHAUSTED;
  }

  FileScan scan() {
    return scan;
  }

  LtxHeader header() {
    return scan.header();
  }

  /** Returns the post-apply checksum as it stands in the file, 0 if there is none. */
  long postApply() {
    return postApply;
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

package io.github.ltxjava;

import io.github.ltxjava.LtxFormatException.Reason;
import io.github.ltxjava.Verification.Finding;
import io.github.ltxjava.internal.codec.FileScan;
import io.github.ltxjava.internal.codec.Findings;
import io.github.ltxjava.internal.codec.ScanStart;
import io.github.ltxjava.internal.codec.StructureScan;
import io.github.ltxjava.internal.io.UnclosedSource;
import io.github.ltxjava.io.ByteSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Examines files for damage, which is a result here, not an exception. */
public final class LtxVerifier {

  /** How closely to look. */
  public enum Depth {
    /**
     * Header, index, trailer, and the header of every frame the index names, without reading page
     * data: finds cut, overwritten and misassembled files at the cost of one small read per page.
     * Version 1 files have no index, so for them this is {@link #FULL}.
     */
    STRUCTURE,
    /** Every byte: all of the above, every page decompressed, every checksum computed. */
    FULL
  }

  /** Stops collecting where every page of a large file is damaged in the same way. */
  private static final int MAX_FINDINGS = 1000;

  private LtxVerifier() {}

  /**
   * Examines a file.
   *
   * @param source stays open; it is the caller's
   * @return what was found
   * @throws IOException if the medium fails; never because of what the file holds
   */
  public static Verification verify(ByteSource source, Depth depth) throws IOException {
    return verify(source, depth, ReadOptions.DEFAULT);
  }

  /**
   * Examines a file with options.
   *
   * @param source stays open; it is the caller's
   * @return what was found
   * @throws IOException if the medium fails; never because of what the file holds
   */
  public static Verification verify(ByteSource source, Depth depth, ReadOptions options)
      throws IOException {
    Collector collector = new Collector(source.name());
    Optional<Layout> layout = Optional.empty();
    try {
      ScanStart start = ScanStart.of(options, ScanStart.DEFAULT_WINDOW_SIZE);
      Optional<FileScan> opened = start.open(new UnclosedSource(source), collector);
      if (opened.isPresent()) {
        layout = Optional.of(opened.get().layout());
        try (FileScan scan = opened.get()) {
          if (depth == Depth.STRUCTURE && scan.layout().hasIndex()) {
            return verifyStructure(source, scan, options, collector);
          }
          Optional<Verification> sound = verifyInParallel(source, scan.layout(), options);
          return sound.isPresent() ? sound.get() : verifyFully(source, scan, collector);
        }
      }
    } catch (TooManyFindings e) {
      return damaged(source, layout, collector);
    }
    return damaged(source, layout, collector);
  }

  /** Several threads can tell that a file is sound; what is wrong with it, one has to. */
  private static Optional<Verification> verifyInParallel(
      ByteSource source, Layout layout, ReadOptions options) throws IOException {
    if (options.parallelism().threads() == 1 || !layout.hasIndex()) {
      return Optional.empty();
    }
    try (LtxFile file = LtxFile.open(new UnclosedSource(source), options)) {
      file.readAll((pageNumber, page) -> {});
      return Optional.of(
          new Verification.Sound(
              source.name(), layout, file.header(), file.trailer(), file.index().size()));
    } catch (LtxFormatException e) {
      return Optional.empty();
    }
  }

  private static Verification verifyFully(ByteSource source, FileScan scan, Collector collector)
      throws IOException {
    while (scan.nextFrame()) {
      scan.decodePage();
    }
    scan.finish();
    return result(source, scan, scan.trailer(), scan.pageCount(), collector);
  }

  private static Verification verifyStructure(
      ByteSource source, FileScan scan, ReadOptions options, Collector collector)
      throws IOException {
    StructureScan structure =
        new StructureScan(source, scan.header(), scan.layout(), options.codecs(), collector);
    structure.run();
    return result(source, scan, structure.trailer(), structure.pageCount(), collector);
  }

  private static Verification result(
      ByteSource source,
      FileScan scan,
      Optional<LtxTrailer> trailer,
      long pageCount,
      Collector collector) {
    return collector.findings.isEmpty()
        ? new Verification.Sound(
            source.name(), scan.layout(), scan.header(), trailer.orElseThrow(), pageCount)
        : damaged(source, Optional.of(scan.layout()), collector);
  }

  private static Verification damaged(
      ByteSource source, Optional<Layout> layout, Collector collector) {
    return new Verification.Damaged(source.name(), layout, collector.findings);
  }

  /** Collects findings up to a limit. */
  private static final class Collector implements Findings {
    private final String source;
    private final List<Finding> findings = new ArrayList<>();

    Collector(String source) {
      this.source = source;
    }

    @Override
    public void add(Reason reason, long offset, String detail) {
      findings.add(new Finding(source, reason, offset, detail));
      if (findings.size() == MAX_FINDINGS) {
        throw new TooManyFindings();
      }
    }
  }

  /** Ends the scan once more findings would tell nothing new. */
  private static final class TooManyFindings extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManyFindings() {
      super("too many findings", null, false, false);
    }
  }
}

package io.github.ltxjava.internal.codec;

import io.github.ltxjava.IndexMemory;
import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.LtxFormatException.Reason;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.ReadOptions;
import io.github.ltxjava.codec.PageCodec;
import io.github.ltxjava.internal.format.BigEndian;
import io.github.ltxjava.internal.format.HeaderLayout;
import io.github.ltxjava.internal.io.SequentialInput;
import io.github.ltxjava.io.ByteSource;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the header, tells the layout, and so starts a {@link FileScan}. */
public final class ScanStart {

  /** Large enough that the medium is asked seldom, small enough for the second-level cache. */
  public static final int DEFAULT_WINDOW_SIZE = 256 << 10;

  private final Optional<Layout> told;
  private final List<PageCodec> codecs;
  private final IndexMemory indexMemory;
  private final int windowSize;
  private @Nullable PageScratch shared;
  private boolean sharing;
  private byte @Nullable [] window;

  private ScanStart(
      Optional<Layout> told, List<PageCodec> codecs, IndexMemory indexMemory, int windowSize) {
    this.told = told;
    this.codecs = codecs;
    this.indexMemory = indexMemory;
    this.windowSize = windowSize;
  }

  /**
   * Creates a start.
   *
   * @param windowSize bytes to read at once
   */
  public static ScanStart of(ReadOptions options, int windowSize) {
    return new ScanStart(options.layout(), options.codecs(), options.indexMemory(), windowSize);
  }

  /**
   * Lets all scans started from here share the space for a decoded page: they belong to one thread,
   * and each page is used before the next is decoded, by whichever scan.
   */
  public ScanStart sharingPageSpace() {
    sharing = true;
    return this;
  }

  /** Lets all scans started from here use one window: each ends before the next one starts. */
  public ScanStart sharingWindow() {
    window = new byte[windowSize];
    return this;
  }

  private PageScratch scratch(int pageSize) {
    PageScratch known = shared;
    if (known != null && known.page.length == pageSize) {
      return known;
    }
    PageScratch made = new PageScratch(pageSize);
    shared = sharing ? made : null;
    return made;
  }

  /**
   * Starts a scan of a source.
   *
   * @return empty if the header is damaged, or nothing but a header is there, and findings were
   *     added
   */
  public Optional<FileScan> open(ByteSource source, Findings findings) throws IOException {
    SequentialInput in =
        window == null
            ? SequentialInput.of(source, windowSize)
            : SequentialInput.of(source, window);
    Optional<byte[]> raw = readHeader(in, findings);
    if (raw.isEmpty()) {
      return Optional.empty();
    }
    Layout layout = told.isPresent() ? told.get() : detect(source, raw.get());
    return start(in, raw.get(), layout, findings);
  }

  /** Starts a scan of a stream that can only be read forward. */
  public Optional<FileScan> open(String name, InputStream stream, Findings findings)
      throws IOException {
    SequentialInput in = SequentialInput.of(name, stream, windowSize);
    Optional<byte[]> raw = readHeader(in, findings);
    if (raw.isEmpty()) {
      return Optional.empty();
    }
    Optional<Layout> layout = told.isPresent() ? told : LayoutDetector.ofStream(in, raw.get());
    if (layout.isEmpty()) {
      findings.add(
          Reason.UNKNOWN_LAYOUT,
          in.position(),
          "the first page of this stream has no form of version 2 or 3; if it is a raw version 1"
              + " file, read it with the layout v1-raw told, or from a seekable source");
      return Optional.empty();
    }
    return start(in, raw.get(), layout.get(), findings);
  }

  private Optional<FileScan> start(SequentialInput in, byte[] raw, Layout layout, Findings findings)
      throws IOException {
    Counting counting = new Counting(findings);
    LtxHeader header = HeaderLayout.decode(raw);
    HeaderLayout.checkFor(
        layout, BigEndian.getInt(raw, HeaderLayout.FLAGS_OFFSET), header.wal(), counting);
    if (counting.count > 0) {
      return Optional.empty();
    }
    PageScratch scratch = scratch(header.pageSize());
    return Optional.of(FileScan.start(in, findings, raw, layout, codecs, indexMemory, scratch));
  }

  private static Optional<byte[]> readHeader(SequentialInput in, Findings findings)
      throws IOException {
    boolean whole = in.require(HeaderLayout.SIZE);
    if (in.available() >= Integer.BYTES
        && BigEndian.getInt(in.array(), in.offset()) != HeaderLayout.MAGIC) {
      findings.add(
          Reason.BAD_MAGIC, in.position(), "not an LTX file: it does not start with \"LTX1\"");
      return Optional.empty();
    }
    if (!whole) {
      findings.add(
          Reason.TRUNCATED,
          in.position() + in.available(),
          "the file ends inside the header of " + HeaderLayout.SIZE + " bytes");
      return Optional.empty();
    }
    byte[] raw = new byte[HeaderLayout.SIZE];
    System.arraycopy(in.array(), in.offset(), raw, 0, raw.length);
    in.skip(raw.length);
    Counting counting = new Counting(findings);
    HeaderLayout.check(raw, counting);
    return counting.count == 0 ? Optional.of(raw) : Optional.empty();
  }

  /** Where the structure leaves a doubt, the layout in which the whole file is sound is the one. */
  private Layout detect(ByteSource source, byte[] raw) throws IOException {
    List<Layout> candidates = LayoutDetector.candidates(source, raw);
    if (candidates.size() > 1) {
      for (Layout candidate : candidates) {
        if (isSoundAs(candidate, source, raw)) {
          return candidate;
        }
      }
    }
    return candidates.get(0);
  }

  private boolean isSoundAs(Layout layout, ByteSource source, byte[] raw) throws IOException {
    Findings strict = Findings.strict(source.name());
    try {
      SequentialInput in = SequentialInput.of(source, windowSize);
      in.skipTo(HeaderLayout.SIZE);
      // Not closed: that would close the source, which goes on to be read.
      PageScratch scratch = new PageScratch(BigEndian.getInt(raw, HeaderLayout.PAGE_SIZE_OFFSET));
      FileScan scan =
          FileScan.start(in, strict, raw, layout, codecs, IndexMemory.UNLIMITED, scratch);
      while (scan.nextFrame()) {
        scan.decodePage();
      }
      scan.finish();
      return true;
    } catch (LtxFormatException e) {
      return false;
    }
  }

  /** Passes header violations on as findings, and counts them. */
  private static final class Counting implements HeaderLayout.Violations<LtxFormatException> {
    private final Findings findings;
    private int count;

    Counting(Findings findings) {
      this.findings = findings;
    }

    @Override
    public void add(int offset, String detail) throws LtxFormatException {
      count++;
      findings.add(Reason.BAD_HEADER, offset, detail);
    }
  }
}

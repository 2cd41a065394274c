package io.github.ltxjava.internal.codec;

import io.github.ltxjava.internal.crc.PageHash;
import java.io.IOException;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Frames on their way through a {@link PagePipeline}, and what decoding them gives: the pages, or
 * what a converter makes of the frames. Used by one thread at a time.
 */
public final class PageBatch implements OrderedWork.Batch {

  /** Bytes of pages in a batch: handing it over costs little, and it stays in the cache. */
  private static final int PAGE_BYTES = 256 << 10;

  /** Stands where an input ends. */
  private static final int END = -1;

  private static final int FIRST_FRAME_BYTES = 16 << 10;

  private final int pageSize;
  private final @Nullable FrameConverter converter;
  private final PageHash hash;
  private final Deque<PageBatch> ready;

  private final FileScan[] scans;
  private final long[] pageNumbers;
  private final long[] positions;
  private final long[] remainders;
  private final int[] offsets;
  private final int[] sizes;
  private final int[] headerSizes;
  private final boolean[] wanted;

  /** In {@link #converted}, or -1 for a frame that is taken as it is. */
  private final int[] convertedOffsets;

  private final int[] convertedSizes;

  /** The pages of all entries; of one only where a converter makes something of them. */
  private final byte[][] pages;

  /** The pages once more, as they are hashed. */
  private final LongBuffer[] words;

  private final int capacity;

  /** Holds one frame where the scan has it, for a batch that no other thread sees. */
  private final boolean borrowing;

  private byte[] frames = new byte[0];
  private byte[] converted = new byte[0];
  private int convertedLength;
  private int filled;
  private int count;
  private int decoded;
  private @Nullable Throwable failure;

  private PageBatch(
      int pageSize, @Nullable FrameConverter converter, int capacity, Deque<PageBatch> ready) {
    this.pageSize = pageSize;
    this.converter = converter;
    this.hash = new PageHash(pageSize);
    this.capacity = capacity;
    this.ready = ready;
    this.borrowing = capacity == 1;
    this.scans = new FileScan[capacity];
    this.pageNumbers = new long[capacity];
    this.positions = new long[capacity];
    this.remainders = new long[capacity];
    this.offsets = new int[capacity];
    this.sizes = new int[capacity];
    this.headerSizes = new int[capacity];
    this.wanted = new boolean[capacity];
    this.convertedOffsets = new int[capacity];
    this.convertedSizes = new int[capacity];
    this.pages = new byte[converter == null ? capacity : 1][];
    this.words = new LongBuffer[pages.length];
  }

  /** Creates a batch for other threads; the scans go on meanwhile. */
  static PageBatch copying(
      int pageSize, @Nullable FrameConverter converter, Deque<PageBatch> ready) {
    return new PageBatch(pageSize, converter, Math.max(2, PAGE_BYTES / pageSize), ready);
  }

  /** Creates a batch of one frame that stays in the window of its scan. */
  static PageBatch borrowing(
      int pageSize, @Nullable FrameConverter converter, Deque<PageBatch> ready) {
    return new PageBatch(pageSize, converter, 1, ready);
  }

  /** Tells whether the batch takes no more frames. */
  public boolean isFull() {
    return count == capacity || filled >= PAGE_BYTES;
  }

  /**
   * Adds the frame at which a scan stands; the scan must not move on in a batch that is full.
   *
   * @param wanted whether the page is to be converted, or only to be checked
   */
  public void add(FileScan scan, boolean wanted) {
    int i = count++;
    scans[i] = scan;
    pageNumbers[i] = scan.pageNumber();
    positions[i] = scan.frameOffset();
    sizes[i] = scan.frameSize();
    headerSizes[i] = scan.hashedHeaderSize();
    this.wanted[i] = wanted;
    if (borrowing) {
      frames = scan.frameArray();
      offsets[i] = scan.frameArrayOffset();
    } else {
      offsets[i] = filled;
      copyFrame(scan);
    }
  }

  private void copyFrame(FileScan scan) {
    int size = scan.frameSize();
    if (frames.length - filled < size) {
      int length = Math.max(Math.max(filled + size, 2 * frames.length), FIRST_FRAME_BYTES);
      frames = Arrays.copyOf(frames, length);
    }
    System.arraycopy(scan.frameArray(), scan.frameArrayOffset(), frames, filled, size);
    filled += size;
  }

  /** Adds the end of the frames of a scan. */
  public void addEnd(FileScan scan) {
    scans[count] = scan;
    sizes[count++] = END;
  }

  /** Empties the batch; its memory stays. */
  void clear() {
    Arrays.fill(scans, 0, count, null);
    count = 0;
    filled = 0;
    decoded = 0;
    convertedLength = 0;
    failure = null;
  }

  /** Decodes, hashes and converts; stops at the first frame that fails. */
  @Override
  public void work() {
    try {
      for (; decoded < count; decoded++) {
        if (sizes[decoded] != END) {
          decode(decoded);
        }
      }
    } catch (Throwable e) {
      // Thrown where its page would come.
      failure = e;
    }
  }

  /** Puts the batch with those whose results are wanted next. */
  @Override
  public void join() {
    ready.add(this);
  }

  private void decode(int i) throws IOException {
    int slot = slot(i);
    if (pages[slot] == null) {
      pages[slot] = new byte[pageSize];
      words[slot] = PageHash.wordsOf(pages[slot]);
    }
    byte[] page = pages[slot];
    scans[i].decode(frames, offsets[i], sizes[i], positions[i], page);
    remainders[i] = hash.remainder(words[slot]);
    if (converter != null && wanted[i]) {
      convert(converter, i, page);
    }
  }

  private void convert(FrameConverter to, int i, byte[] page) {
    int most = to.maxSize(sizes[i]);
    if (converted.length - convertedLength < most) {
      converted = Arrays.copyOf(converted, Math.max(convertedLength + most, 2 * converted.length));
    }
    int size =
        to.convert(
            scans[i].layout(),
            pageNumbers[i],
            frames,
            offsets[i],
            sizes[i],
            page,
            converted,
            convertedLength);
    convertedOffsets[i] = size == FrameConverter.AS_IT_IS ? -1 : convertedLength;
    convertedSizes[i] = size;
    convertedLength += size;
  }

  private int slot(int i) {
    return converter == null ? i : 0;
  }

  /** Returns the page of an entry that has been decoded. */
  byte[] page(int i) {
    return pages[slot(i)];
  }

  int count() {
    return count;
  }

  /** Throws what decoding an entry threw. */
  void check(int i) throws IOException {
    if (i == decoded) {
      SharedTask.rethrow(failure);
    }
  }

  FileScan scan(int i) {
    return scans[i];
  }

  boolean isEnd(int i) {
    return sizes[i] == END;
  }

  long pageNumber(int i) {
    return pageNumbers[i];
  }

  boolean wanted(int i) {
    return wanted[i];
  }

  long remainder(int i) {
    return remainders[i];
  }

  long pageChecksum(int i) {
    return hash.pageChecksum(pageNumbers[i], remainders[i]);
  }

  /** Takes an entry into the checksums of its file. */
  void account(int i) {
    scans[i].account(pageNumbers[i], frames, offsets[i], headerSizes[i], remainders[i]);
  }

  /** Adds what an entry was converted to, a frame. */
  void addFrameTo(FileAssembler out, int i) throws IOException {
    if (convertedOffsets[i] < 0) {
      out.addFrame(pageNumbers[i], frames, offsets[i], sizes[i], remainders[i]);
    } else {
      out.addFrame(
          pageNumbers[i], converted, convertedOffsets[i], convertedSizes[i], remainders[i]);
    }
  }

  /** Copies what an entry was converted to, a page. */
  void copyPage(int i, byte[] target) {
    System.arraycopy(converted, convertedOffsets[i], target, 0, pageSize);
  }
}

package io.github.ltxjava.internal.codec;

import java.nio.ByteBuffer;

/** Encoded frames of pages that follow each other, ready to be appended to a file. */
final class FrameRun {

  private final FrameEncoder encoder;
  private final RunHash hash;
  private final byte[] frames;
  private final ByteBuffer view;
  private final long[] pageNumbers;
  private final int[] frameSizes;
  private int count;
  private int length;

  /**
   * Creates an empty run, for one thread at a time.
   *
   * @param capacity how many frames it can hold
   */
  FrameRun(FrameEncoder encoder, RunHash hash, int capacity) {
    this.encoder = encoder;
    this.hash = hash;
    this.frames = new byte[capacity * encoder.maxFrameSize()];
    this.view = ByteBuffer.wrap(frames);
    this.pageNumbers = new long[capacity];
    this.frameSizes = new int[capacity];
  }

  /** Removes all frames. */
  void clear() {
    hash.clear();
    count = 0;
    length = 0;
  }

  /** Appends the frame of a page. */
  void add(long pageNumber, byte[] page) {
    int size = encoder.encode(pageNumber, page, frames, length);
    hash.add(pageNumber, page, 0, frames, length, encoder.hashedHeaderSize());
    pageNumbers[count] = pageNumber;
    frameSizes[count] = size;
    count++;
    length += size;
  }

  int count() {
    return count;
  }

  long pageNumber(int i) {
    return pageNumbers[i];
  }

  int frameSize(int i) {
    return frameSizes[i];
  }

  RunHash hash() {
    return hash;
  }

  /** Returns the frames, one after the other; valid until the run is changed. */
  ByteBuffer frames() {
    return view.clear().limit(length);
  }
}

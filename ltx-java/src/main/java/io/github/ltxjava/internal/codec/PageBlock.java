package io.github.ltxjava.internal.codec;

import java.io.IOException;

/**
 * The pages of a file, front to back, in one of the layouts. Knows where frames start and end and
 * how they are decoded, not which pages may follow each other.
 */
interface PageBlock {

  /** What {@link #next} came upon. */
  enum Step {
    /** A page. */
    PAGE,
    /** The end marker, which has been consumed. */
    END,
    /** Damage beyond which nothing can be read; a finding was added. */
    LOST
  }

  /** Moves to the next frame and brings all of it into the window. */
  Step next() throws IOException;

  /** Returns the number of the current page; not checked yet. */
  long pageNumber();

  /** Returns the offset of the current frame in the source. */
  long frameOffset();

  /** Returns the length of the current frame including its header. */
  int frameSize();

  /** Returns the array that holds the current frame; valid until the next step. */
  byte[] frameArray();

  /** Returns where the current frame starts in the array. */
  int frameArrayOffset();

  /** Returns how many bytes of the frame's header the file checksum covers. */
  int hashedHeaderSize();

  /**
   * Decodes a frame that {@link #next} came upon, or a copy of it. Depends on nothing that {@code
   * next} changes, so other threads may do it meanwhile.
   *
   * @param position offset of the frame in the source
   * @return false if it is damaged and a finding was added
   */
  boolean decode(byte[] frame, int offset, int size, long position, byte[] page) throws IOException;
}

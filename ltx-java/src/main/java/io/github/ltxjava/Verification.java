package io.github.ltxjava;

import io.github.ltxjava.LtxFormatException.Reason;
import java.util.List;
import java.util.Optional;

/** What {@link LtxVerifier} found out about a file. */
public sealed interface Verification {

  /** Returns the name of the source. */
  String source();

  /** Tells whether nothing is wrong. */
  boolean isSound();

  /** Returns everything found wrong, in the order of discovery; empty for a sound file. */
  List<Finding> findings();

  /** Returns the layout, unless the header is damaged. */
  Optional<Layout> detectedLayout();

  /**
   * A file in which nothing is wrong, as deep as was looked.
   *
   * @param pageCount number of pages in the file
   */
  record Sound(String source, Layout layout, LtxHeader header, LtxTrailer trailer, long pageCount)
      implements Verification {

    @Override
    public boolean isSound() {
      return true;
    }

    @Override
    public List<Finding> findings() {
      return List.of();
    }

    @Override
    public Optional<Layout> detectedLayout() {
      return Optional.of(layout);
    }
  }

  /**
   * A damaged file.
   *
   * @param findings at least one
   */
  record Damaged(String source, Optional<Layout> detectedLayout, List<Finding> findings)
      implements Verification {

    /** Copies the findings. */
    public Damaged {
      findings = List.copyOf(findings);
    }

    @Override
    public boolean isSound() {
      return false;
    }
  }

  /**
   * One thing that is wrong.
   *
   * @param source the name of the file
   * @param reason the stable code
   * @param offset where, in bytes from the start of the source
   * @param detail what was expected and what was found, for people
   */
  record Finding(String source, Reason reason, long offset, String detail) {

    /** Returns the finding as the reader would have thrown it. */
    public LtxFormatException toException() {
      return new LtxFormatException(reason, source, offset, detail);
    }
  }
}

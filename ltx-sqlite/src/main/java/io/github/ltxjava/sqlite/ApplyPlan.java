package io.github.ltxjava.sqlite;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxReader;
import io.github.ltxjava.ReadOptions;
import io.github.ltxjava.internal.io.UnclosedSource;
import io.github.ltxjava.io.ByteSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The files to apply, in order, and what can be said about them before the database is touched. */
final class ApplyPlan {

  /** One file. */
  record Step(ByteSource source, LtxHeader header, ReadOptions options) {

    String name() {
      return source.name();
    }

    /** Opens the file; closing the reader leaves the source open. */
    LtxReader open() throws IOException {
      return LtxReader.open(new UnclosedSource(source), options);
    }
  }

  private final List<Step> steps;
  private final ReadOptions options;

  private ApplyPlan(List<Step> steps, ReadOptions options) {
    this.steps = steps;
    this.options = options;
  }

  /** Reads the headers. */
  static ApplyPlan of(List<? extends ByteSource> files, ReadOptions options) throws IOException {
    if (files.isEmpty()) {
      throw new IllegalArgumentException("no file to apply");
    }
    List<Step> steps = new ArrayList<>();
    for (ByteSource file : files) {
      try (LtxReader reader = LtxReader.open(new UnclosedSource(file), options)) {
        steps.add(new Step(file, reader.header(), options));
      }
      int pageSize = steps.get(0).header().pageSize();
      Step last = steps.get(steps.size() - 1);
      if (last.header().pageSize() != pageSize) {
        throw new ApplyException(
            file.name(),
            "its pages have "
                + last.header().pageSize()
                + " bytes, those of "
                + steps.get(0).name()
                + " "
                + pageSize);
      }
    }
    return new ApplyPlan(List.copyOf(steps), options);
  }

  List<Step> steps() {
    return steps;
  }

  ReadOptions options() {
    return options;
  }

  Step first() {
    return steps.get(0);
  }

  int pageSize() {
    return first().header().pageSize();
  }

  /** Tells whether any file says what checksum the database has before or after it. */
  boolean tracksChecksums() {
    return steps.stream().anyMatch(step -> step.header().tracksChecksums());
  }

  /** Tells whether the checksum of the database as it is now matters. */
  boolean needsBaseChecksum() {
    return tracksChecksums() && !first().header().isSnapshot();
  }

  /**
   * Reads every file to its end, and checks that each one that tracks checksums follows the one
   * before it.
   *
   * @return the pages of the database that will change or be cut off
   */
  PageSet verify(BaseDatabase base) throws IOException {
    PageSet touched = new PageSet(base.pageCount());
    if (base.pageSize() != pageSize()) {
      touched.addFrom(1);
    }
    long lowest = base.pageCount();
    Optional<Checksum> before = Optional.empty();
    String previous = "";
    for (Step step : steps) {
      LtxHeader header = step.header();
      if (before.isPresent() && header.preApply().isPresent()) {
        requireSame(step, header.preApply().get(), before.get(), "after " + previous);
      }
      try (LtxReader reader = step.open()) {
        while (reader.next()) {
          touched.add(reader.pageNumber());
        }
        before = reader.trailer().postApply();
      }
      previous = step.name();
      lowest = Math.min(lowest, header.commit());
    }
    touched.addFrom(lowest + 1);
    return touched;
  }

  static void requireSame(Step step, Checksum expected, Checksum found, String when)
      throws ApplyException {
    if (!expected.equals(found)) {
      throw new ApplyException(
          step.name(),
          "it follows a database with checksum "
              + expected
              + ", but "
              + when
              + " the checksum is "
              + found);
    }
  }
}

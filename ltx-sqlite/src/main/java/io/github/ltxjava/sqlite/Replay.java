package io.github.ltxjava.sqlite;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.DatabaseChecksum;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxReader;
import io.github.ltxjava.Position;
import io.github.ltxjava.internal.format.GrowthLimit;
import io.github.ltxjava.sqlite.ApplyPlan.Step;
import io.github.ltxjava.sqlite.Disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** Writes the pages of files, one after the other, and rolls the database checksum along. */
final class Replay {

  private final DiskFile database;
  private final List<Step> steps;
  private final int pageSize;
  private final long lockPage;
  private final boolean tracks;
  private final ByteBuffer page;
  private final ByteBuffer zeros;
  private DatabaseChecksum sum;

  /** Size of the database in pages after the files so far. */
  private long commit;

  private long zeroPages;
  private Optional<Position> position = Optional.empty();

  /**
   * Prepares to write.
   *
   * @param commit size of the database in pages now
   * @param checksum of the database now; does not matter if no file tracks checksums
   */
  Replay(DiskFile database, ApplyPlan plan, long commit, Checksum checksum) {
    this.database = database;
    this.steps = plan.steps();
    this.pageSize = plan.pageSize();
    this.lockPage = LtxHeader.lockPageNumber(pageSize);
    this.tracks = plan.tracksChecksums();
    this.page = ByteBuffer.allocate(pageSize);
    this.zeros = ByteBuffer.allocate(pageSize).asReadOnlyBuffer();
    this.commit = commit;
    this.sum = DatabaseChecksum.from(pageSize, checksum);
  }

  /** Checks, before anything is written, that the first file is for this database. */
  void checkFirst() throws ApplyException {
    checkBefore(steps.get(0));
  }

  void run() throws IOException {
    for (int i = 0; i < steps.size(); i++) {
      apply(steps.get(i), i == steps.size() - 1);
    }
  }

  DatabaseApplier.Result result() {
    return new DatabaseApplier.Result(pageSize, commit, position);
  }

  private void checkBefore(Step step) throws ApplyException {
    Optional<Checksum> preApply = step.header().preApply();
    if (preApply.isPresent()) {
      ApplyPlan.requireSame(step, preApply.get(), sum.value(), "here");
    }
  }

  private void apply(Step step, boolean last) throws IOException {
    checkBefore(step);
    boolean snapshot = step.header().isSnapshot();
    if (snapshot) {
      sum = DatabaseChecksum.ofEmpty(pageSize);
    }
    // Nothing is known, or left to be known, of the pages that a snapshot replaces.
    long known = snapshot ? 0 : commit;
    try (LtxReader reader = step.open()) {
      long next = known + 1;
      while (reader.next()) {
        long number = reader.pageNumber();
        addZeros(next, number - 1, step);
        if (tracks) {
          takeOut(number, known);
          sum.toggle(reader.pageChecksum());
        }
        next = Math.max(next, number + 1);
        database.write((number - 1) * pageSize, reader.page());
      }
      long target = step.header().commit();
      addZeros(next, target, step);
      if (tracks) {
        for (long number = target + 1; number <= known; number++) {
          takeOut(number, known);
        }
      }
      resize(target, last);
      commit = target;
      position = reader.position();
      checkAfter(step, reader.trailer().postApply());
    }
  }

  /** Takes the old content of a page out of the checksum. */
  private void takeOut(long number, long known) throws IOException {
    if (number <= known && number != lockPage) {
      database.read((number - 1) * pageSize, page.clear());
      sum.toggle(number, page.flip());
    }
  }

  /** Accounts for pages that come into being without content. */
  private void addZeros(long first, long last, Step step) throws IOException {
    // The lock page never has content.
    boolean spansLockPage = first <= lockPage && lockPage <= last;
    long count = last - first + (spansLockPage ? 0 : 1);
    if (count <= 0) {
      return;
    }
    zeroPages += count;
    if (zeroPages > GrowthLimit.maxZeroPages(pageSize)) {
      throw new ApplyException(
          step.name(),
          "it grows the database to "
              + step.header().commit()
              + " pages, but does not hold the new ones: page "
              + first
              + " is missing, with so many others that the size is not believed");
    }
    if (tracks) {
      for (long number = first; number <= last; number++) {
        sum.toggle(number, zeros.clear());
      }
    }
  }

  /**
   * Cuts or extends the file. While more is to come it keeps one page, of zeros: SQLite takes the
   * journal of an empty database for one that is not needed, and deletes it.
   */
  private void resize(long pages, boolean last) throws IOException {
    boolean placeholder = pages == 0 && !last;
    long size = placeholder ? pageSize : pages * pageSize;
    long now = database.size();
    if (now > size) {
      database.truncate(size);
    } else if (now < size) {
      database.write(size - 1, ByteBuffer.allocate(1));
    }
    if (placeholder) {
      database.write(0, zeros.clear());
    }
  }

  private void checkAfter(Step step, Optional<Checksum> postApply) throws ApplyException {
    if (postApply.isPresent() && !postApply.get().equals(sum.value())) {
      throw new ApplyException(
          step.name(),
          "its post-apply checksum is "
              + postApply.get()
              + ", but its pages give "
              + sum.value()
              + "; the file is wrong in itself");
    }
  }
}

package io.github.ltxjava.compaction.restore;

import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.ReadOptions;
import io.github.ltxjava.Txid;
import io.github.ltxjava.compaction.restore.RestoreTarget.AtTime;
import io.github.ltxjava.compaction.restore.SkippedFile.Cause;
import io.github.ltxjava.compaction.restore.internal.DatabaseOutput;
import io.github.ltxjava.store.LtxFileInfo;
import io.github.ltxjava.store.LtxStore;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Restores a database from a store.
 *
 * {@snippet :
 * try (LtxStore store = DirectoryStore.openExisting(folder)) {
 *   RestoreResult result = Restorer.from(store).restoreTo(database);
 * }
 * }
 *
 * <p>Every file used is verified to its last byte (but see {@link #byRanges}) before the database
 * appears under its name; until then, and if anything fails, there is nothing. Where a file has
 * been damaged or has vanished, the restore starts again without it, if others give the same state.
 *
 * <p>Belongs to one thread. Memory: one bit a page of the database, and what reading one file
 * takes.
 */
public final class Restorer {

  /** How often a plan may fall to files that vanish; retention does not remove that much. */
  private static final int MAX_VANISHINGS = 4;

  private final LtxStore store;
  private RestoreTarget target = RestoreTarget.latest();
  private boolean overwrite;
  private int requests;
  private DatabaseCheck check = file -> {};
  private ReadOptions reading = ReadOptions.DEFAULT;
  private Consumer<? super RestoreProgress> listener = progress -> {};
  private BooleanSupplier cancelled = () -> false;

  private Restorer(LtxStore store) {
    this.store = store;
  }

  /**
   * Starts a restore of the latest state.
   *
   * @param store stays the caller's
   */
  public static Restorer from(LtxStore store) {
    return new Restorer(store);
  }

  /** Sets which state to restore. */
  public Restorer target(RestoreTarget value) {
    target = value;
    return this;
  }

  /**
   * Replaces an existing database, which nobody may have open. Its journal, WAL and shared memory
   * are removed, as SQLite would apply them to the new one.
   */
  public Restorer overwrite() {
    overwrite = true;
    return this;
  }

  /** Sets what has to hold of the database before it appears, such as SQLite's integrity check. */
  public Restorer check(DatabaseCheck value) {
    check = value;
    return this;
  }

  /**
   * Sets how files are read. With parallelism, several threads decompress and hash; what is
   * restored does not depend on it.
   */
  public Restorer reading(ReadOptions options) {
    reading = options;
    return this;
  }

  /**
   * Reads of a file only the frames of pages that no newer file has, where these are less than
   * three quarters of it: for stores where every byte costs, and chains that overlap. The bytes
   * read stay near the size of the database, however many files there are.
   *
   * <p>The checksum of a file that is read in part cannot be verified. What still is: its header,
   * index and trailer, that each frame is that of its page and decompresses to exactly one, and the
   * checksum of the whole database where the newest file has one. Files from Litestream have none:
   * there, a flipped bit in the content of a page may go unnoticed, if the store does not notice.
   *
   * @param requestsAtOnce how many ranges of a file are read at once, on as many threads
   * @throws IllegalArgumentException if that is less than 1
   */
  public Restorer byRanges(int requestsAtOnce) {
    if (requestsAtOnce < 1) {
      throw new IllegalArgumentException(requestsAtOnce + " requests at once");
    }
    requests = requestsAtOnce;
    return this;
  }

  /**
   * Sets who is told about progress, on this thread, every thousand pages and after each file. If
   * the restore has to start again, so does the count.
   */
  public Restorer onProgress(Consumer<? super RestoreProgress> value) {
    listener = value;
    return this;
  }

  /** Sets a condition, asked every few pages, under which the restore is given up. */
  public Restorer cancelWhen(BooleanSupplier condition) {
    cancelled = condition;
    return this;
  }

  /**
   * Decides what to restore from, without doing it.
   *
   * @throws RestoreException if the store does not hold the target
   * @throws IOException if the store cannot be listed
   */
  public RestorePlan plan() throws IOException {
    return RestorePlanner.plan(store.listAll(), target);
  }

  /**
   * Restores.
   *
   * @param database the file to make; its folder has to exist
   * @return what was done
   * @throws java.nio.file.FileAlreadyExistsException if the database, or a journal or WAL beside
   *     it, exists and is not to be replaced
   * @throws RestoreException if the store does not hold the target
   * @throws LtxFormatException if a file is damaged and no others give the same state
   * @throws NoSuchFileException if a file was removed meanwhile and no others give the same state
   * @throws io.github.ltxjava.index.ChainException if the files are not of one history
   * @throws CancellationException if the condition for giving up came true
   * @throws IOException if the store cannot be read or the database cannot be written
   */
  public RestoreResult restoreTo(Path database) throws IOException {
    if (!overwrite) {
      DatabaseOutput.requireAbsent(database);
    }
    if (requests == 0) {
      return restoreTo(database, null);
    }
    try (RangeReader ranges = new RangeReader(requests)) {
      return restoreTo(database, ranges);
    }
  }

  private RestoreResult restoreTo(Path database, @Nullable RangeReader ranges) throws IOException {
    List<SkippedFile> skipped = new ArrayList<>();
    RestorePlan plan = plan();
    while (true) {
      RestoreRun run = new RestoreRun(store, plan, reading, ranges, listener, cancelled);
      try (DatabaseOutput output = DatabaseOutput.create(database, overwrite);
          run) {
        LtxHeader header;
        try {
          header = run.writeTo(output);
        } catch (LtxFormatException | EOFException | NoSuchFileException e) {
          skipped.add(skipped(run.current().orElseThrow(), e));
          plan = planAgain(skipped, plan.txid(), e);
          continue;
        }
        output.commit(header.commit() * header.pageSize(), check::check);
        return new RestoreResult(plan, header, run.pagesWritten(), skipped);
      }
    }
  }

  private static SkippedFile skipped(LtxFileInfo file, IOException failure) {
    Cause cause = failure instanceof NoSuchFileException ? Cause.VANISHED : Cause.DAMAGED;
    return new SkippedFile(file, cause, String.valueOf(failure.getMessage()));
  }

  /**
   * Plans without the files that failed.
   *
   * @param promised what the plan before would have given; an older state is no substitute, except
   *     that by time a restore point may rightly be gone with its file
   * @param failure what happened to the last of the files
   */
  private RestorePlan planAgain(List<SkippedFile> skipped, Txid promised, IOException failure)
      throws IOException {
    boolean vanished = failure instanceof NoSuchFileException;
    long vanishings = skipped.stream().filter(file -> file.cause() == Cause.VANISHED).count();
    if (vanished && vanishings == MAX_VANISHINGS) {
      throw explained(skipped, "so did others before it", failure);
    }
    List<LtxFileInfo> files = new ArrayList<>(store.listAll());
    files.removeIf(file -> skipped.stream().anyMatch(gone -> gone.file().compareTo(file) == 0));
    try {
      RestorePlan plan = RestorePlanner.plan(files, target);
      if (plan.txid().compareTo(promised) >= 0 || (vanished && target instanceof AtTime)) {
        return plan;
      }
      throw explained(
          skipped, "without it the newest state is that after transaction " + plan.txid(), failure);
    } catch (RestoreException e) {
      throw explained(skipped, "without it, " + e.getMessage(), failure);
    }
  }

  /** Names the file and says why no other takes its place. */
  private static IOException explained(List<SkippedFile> skipped, String why, IOException failure) {
    String name = skipped.get(skipped.size() - 1).file().name();
    IOException explained;
    if (failure instanceof LtxFormatException format) {
      explained =
          new LtxFormatException(
              format.reason(), format.source(), format.offset(), format.detail() + "; " + why);
    } else if (failure instanceof NoSuchFileException) {
      explained = new NoSuchFileException(name, null, "was removed during the restore; " + why);
    } else {
      explained =
          new EOFException("[" + name + "] is cut short: " + failure.getMessage() + "; " + why);
    }
    explained.initCause(failure);
    return explained;
  }
}

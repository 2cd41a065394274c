package io.github.ltxjava.compaction.restore;

import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.ReadOptions;
import io.github.ltxjava.Txid;
import io.github.ltxjava.compaction.restore.internal.DatabaseOutput;
import io.github.ltxjava.store.LtxFileInfo;
import io.github.ltxjava.store.LtxStore;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Restores a database from a store.
 *
 * {@snippet :
 * try (LtxStore store = DirectoryStore.openExisting(folder)) {
 *   RestoreResult result = Restorer.from(store).restoreTo(database);
 * }
 * }
 *
 * <p>Every file used is verified to its last byte before the database appears under its name; until
 * then, and if anything fails, there is nothing. Where a file has been damaged or has vanished, the
 * restore starts again without it, if others give the same state.
 *
 * <p>Belongs to one thread. Memory: one bit a page of the database, and what reading one file
 * takes.
 */
public final class Restorer {

  /** How often a plan may fall to files that vanish; retention does not remove that much. */
  private static final int MAX_ATTEMPTS = 4;

  private final LtxStore store;
  private RestoreTarget target = RestoreTarget.latest();
  private boolean overwrite;
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

  /**
   * Sets how files are read. With parallelism, several threads decompress and hash; what is
   * restored does not depend on it.
   */
  public Restorer reading(ReadOptions options) {
    reading = options;
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
   * @throws io.github.ltxjava.index.ChainException if the files are not of one history
   * @throws CancellationException if the condition for giving up came true
   * @throws IOException if the store cannot be read or the database cannot be written
   */
  public RestoreResult restoreTo(Path database) throws IOException {
    if (!overwrite) {
      DatabaseOutput.requireAbsent(database);
    }
    List<LtxFileInfo> damaged = new ArrayList<>();
    RestorePlan plan = plan();
    for (int attempt = 1; ; attempt++) {
      RestoreRun run = new RestoreRun(store, plan, reading, listener, cancelled);
      try (DatabaseOutput output = DatabaseOutput.create(database, overwrite);
          run) {
        LtxHeader header = run.writeTo(output);
        return new RestoreResult(plan, header, run.pagesWritten(), damaged);
      } catch (LtxFormatException e) {
        damaged.add(run.current().orElseThrow());
        plan = planAgain(damaged, plan.txid(), e);
      } catch (NoSuchFileException e) {
        // Retention has removed what the listing promised, or the output's folder is missing.
        if (attempt == MAX_ATTEMPTS || run.current().isEmpty()) {
          throw e;
        }
        // By time, a restore point may rightly be gone with its file; the newest state never is.
        boolean latest = target instanceof RestoreTarget.Latest;
        plan = planAgain(damaged, latest ? plan.txid() : Txid.FIRST, e);
      }
    }
  }

  /**
   * Plans without the damaged files.
   *
   * @param promised what the first plan would have given; an older state is no substitute
   * @param failure thrown again if there is none
   */
  private RestorePlan planAgain(List<LtxFileInfo> damaged, Txid promised, IOException failure)
      throws IOException {
    List<LtxFileInfo> files = new ArrayList<>(store.listAll());
    files.removeIf(file -> damaged.stream().anyMatch(bad -> bad.compareTo(file) == 0));
    try {
      RestorePlan plan = RestorePlanner.plan(files, target);
      if (plan.txid().compareTo(promised) >= 0) {
        return plan;
      }
    } catch (RestoreException e) {
      failure.addSuppressed(e);
    }
    throw failure;
  }
}

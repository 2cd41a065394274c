package io.github.ltxjava.generations;

import io.github.ltxjava.compaction.restore.DatabaseCheck;
import io.github.ltxjava.compaction.restore.RestoreException;
import io.github.ltxjava.compaction.restore.RestoreTarget;
import io.github.ltxjava.compaction.restore.internal.DatabaseOutput;
import io.github.ltxjava.store.generations.GenerationFile;
import io.github.ltxjava.store.generations.GenerationFile.Kind;
import io.github.ltxjava.store.generations.GenerationStore;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Restores a database from generations, which Litestream wrote before version 0.5.
 *
 * {@snippet :
 * try (GenerationStore store = DirectoryGenerations.open(folder)) {
 *   GenerationResult result = GenerationRestorer.from(store).restoreTo(database);
 * }
 * }
 *
 * <p>The checksums of the compressed files and of every frame of the WALs are verified before the
 * database appears under its name; until then, and if anything fails, there is nothing. Where a
 * snapshot has been damaged, an older one and the WALs since then give the same state. A WAL has no
 * substitute.
 *
 * <p>Belongs to one thread. Memory: a few buffers, and 12 bytes for each page of a WAL; the WAL
 * itself goes to a temporary file beside the database.
 */
public final class GenerationRestorer {

  /** How many files of a plan may vanish or be damaged. */
  private static final int MAX_SKIPPED = 4;

  private final GenerationStore store;
  private RestoreTarget target = RestoreTarget.latest();
  private boolean overwrite;
  private DatabaseCheck check = file -> {};
  private Consumer<? super GenerationProgress> listener = progress -> {};
  private BooleanSupplier cancelled = () -> false;

  private GenerationRestorer(GenerationStore store) {
    this.store = store;
  }

  /**
   * Starts a restore of the latest state.
   *
   * @param store stays the caller's
   */
  public static GenerationRestorer from(GenerationStore store) {
    return new GenerationRestorer(store);
  }

  /** Sets which state to restore: the latest, or one by time. */
  public GenerationRestorer target(RestoreTarget value) {
    target = value;
    return this;
  }

  /**
   * Replaces an existing database, which nobody may have open. Its journal, WAL and shared memory
   * are removed, as SQLite would apply them to the new one.
   */
  public GenerationRestorer overwrite() {
    overwrite = true;
    return this;
  }

  /** Sets what has to hold of the database before it appears, such as SQLite's integrity check. */
  public GenerationRestorer check(DatabaseCheck value) {
    check = value;
    return this;
  }

  /** Sets who is told about progress, on this thread, a few times per MiB. */
  public GenerationRestorer onProgress(Consumer<? super GenerationProgress> value) {
    listener = value;
    return this;
  }

  /** Sets a condition, asked as often as progress is told, under which the restore is given up. */
  public GenerationRestorer cancelWhen(BooleanSupplier condition) {
    cancelled = condition;
    return this;
  }

  /**
   * Decides what to restore from, without doing it.
   *
   * @throws RestoreException if the store does not hold the target
   * @throws IOException if the store cannot be listed
   */
  public GenerationPlan plan() throws IOException {
    return GenerationPlanner.plan(store.list(), target);
  }

  /**
   * Restores.
   *
   * @param database the file to make; its folder has to exist
   * @return what was done
   * @throws java.nio.file.FileAlreadyExistsException if the database, or a journal or WAL beside
   *     it, exists and is not to be replaced
   * @throws RestoreException if the store does not hold the target
   * @throws GenerationFormatException if a file is damaged and no others give the same state
   * @throws CancellationException if the condition for giving up came true
   * @throws IOException if the store cannot be read or the database cannot be written
   */
  public GenerationResult restoreTo(Path database) throws IOException {
    if (!overwrite) {
      DatabaseOutput.requireAbsent(database);
    }
    List<GenerationFile> skipped = new ArrayList<>();
    GenerationPlan plan = plan();
    Path spool = DatabaseOutput.temporaryBeside(database.toAbsolutePath());
    while (true) {
      try (DatabaseOutput output = DatabaseOutput.create(database, overwrite)) {
        try (GenerationRun run =
            new GenerationRun(store, plan, output, WalSpool.create(spool), listener, cancelled)) {
          WalReplay result;
          try {
            result = run.write();
          } catch (GenerationFormatException | EOFException | NoSuchFileException e) {
            plan = planAgain(skipped, plan, run.current(), e);
            continue;
          }
          output.commit(result.size(), check::check);
          return new GenerationResult(plan, result.pageSize(), result.pageCount(), skipped);
        }
      }
    }
  }

  /**
   * Plans without the files that failed, which only snapshots can be done without.
   *
   * @param promised what the plan before would have given; an older state is no substitute
   * @param failure thrown again if there is none
   */
  private GenerationPlan planAgain(
      List<GenerationFile> skipped,
      GenerationPlan promised,
      GenerationFile failed,
      IOException failure)
      throws IOException {
    boolean vanished = failure instanceof NoSuchFileException;
    if (skipped.size() == MAX_SKIPPED || (!vanished && failed.kind() != Kind.SNAPSHOT)) {
      throw failure;
    }
    skipped.add(failed);
    List<GenerationFile> files = new ArrayList<>(store.list());
    files.removeIf(file -> skipped.stream().anyMatch(bad -> bad.key().equals(file.key())));
    try {
      GenerationPlan plan = GenerationPlanner.plan(files, target);
      boolean newer =
          target instanceof RestoreTarget.Latest && plan.createdAt().isAfter(promised.createdAt());
      if (newer || plan.last().key().equals(promised.last().key())) {
        return plan;
      }
    } catch (RestoreException e) {
      failure.addSuppressed(e);
    }
    throw failure;
  }
}

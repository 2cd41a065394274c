package io.github.ltxjava.generations;

import io.github.ltxjava.compaction.restore.RestoreException;
import io.github.ltxjava.compaction.restore.RestoreException.Reason;
import io.github.ltxjava.compaction.restore.RestoreTarget;
import io.github.ltxjava.compaction.restore.RestoreTarget.AtTime;
import io.github.ltxjava.compaction.restore.RestoreTarget.AtTransaction;
import io.github.ltxjava.store.generations.GenerationFile;
import io.github.ltxjava.store.generations.GenerationFile.Kind;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Decides from a listing which files of which generation to restore from. Pure: the same listing
 * and target give the same plan.
 *
 * <p>As in Litestream: the newest usable snapshot of all generations, and every piece of a WAL of
 * its generation from its index on.
 */
public final class GenerationPlanner {

  private static final Comparator<GenerationFile> BY_TIME =
      Comparator.comparing(GenerationFile::createdAt).thenComparing(Comparator.naturalOrder());

  private GenerationPlanner() {}

  /**
   * Plans a restore.
   *
   * @param files what a store lists, in any order
   * @param target the latest state or one by time. A file counts if it was written at that time or
   *     before, also for {@link RestoreTarget#before}, as to Litestream: what it holds was
   *     committed before it was written
   * @throws RestoreException if the target cannot be restored
   */
  public static GenerationPlan plan(Collection<GenerationFile> files, RestoreTarget target)
      throws RestoreException {
    if (target instanceof AtTransaction) {
      throw new RestoreException(
          Reason.TXID_NOT_AVAILABLE,
          target + " cannot be restored: generations do not number transactions; name a time");
    }
    GenerationFile snapshot = snapshot(files, target);
    List<GenerationFile> segments =
        files.stream()
            .filter(file -> file.kind() == Kind.WAL_SEGMENT)
            .filter(file -> file.generation().equals(snapshot.generation()))
            .filter(file -> file.index() >= snapshot.index() && accepts(target, file))
            .sorted()
            .toList();
    requireEveryWal(snapshot, segments);
    return new GenerationPlan(snapshot, segments);
  }

  static boolean accepts(RestoreTarget target, GenerationFile file) {
    return !(target instanceof AtTime time) || !file.createdAt().isAfter(time.time());
  }

  private static GenerationFile snapshot(Collection<GenerationFile> files, RestoreTarget target)
      throws RestoreException {
    List<GenerationFile> snapshots =
        files.stream().filter(file -> file.kind() == Kind.SNAPSHOT).sorted(BY_TIME).toList();
    if (snapshots.isEmpty()) {
      throw files.isEmpty()
          ? new RestoreException(Reason.EMPTY, "there are no generations to restore from")
          : new RestoreException(
              Reason.NO_SNAPSHOT, "no generation has a snapshot, so none holds the whole database");
    }
    return snapshots.stream()
        .filter(file -> accepts(target, file))
        .reduce((earlier, later) -> later)
        .orElseThrow(
            () ->
                new RestoreException(
                    Reason.TIME_NOT_AVAILABLE,
                    target
                        + " cannot be restored; the earliest state, ["
                        + snapshots.get(0).key()
                        + "], is of "
                        + snapshots.get(0).createdAt()));
  }

  /** The pieces of a WAL are held together when their length is known. */
  private static void requireEveryWal(GenerationFile snapshot, List<GenerationFile> segments)
      throws RestoreException {
    GenerationFile previous = snapshot;
    int next = snapshot.index();
    for (GenerationFile segment : segments) {
      boolean starts = segment.index() == next && segment.offset() == 0;
      boolean goesOn = segment.index() == next - 1 && segment.offset() > 0;
      if (!starts && !goesOn) {
        throw new RestoreException(
            Reason.GAP,
            "a piece of a WAL is missing between ["
                + previous.key()
                + "] and ["
                + segment.key()
                + "]; what can be restored ends at "
                + previous.createdAt());
      }
      if (starts) {
        next++;
      }
      previous = segment;
    }
  }
}

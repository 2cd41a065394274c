package io.github.ltxjava.generations;

import io.github.ltxjava.compaction.restore.RestoreTarget;
import io.github.ltxjava.compaction.restore.RestoreTarget.AtTime;
import io.github.ltxjava.compaction.restore.RestoreTarget.AtTransaction;
import io.github.ltxjava.store.LtxFileInfo;
import io.github.ltxjava.store.generations.GenerationFile;
import io.github.ltxjava.store.generations.GenerationFile.Kind;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Predicate;

/** What a replica is kept in. One that was upgraded has both. */
public enum ReplicaFormat {
  /** LTX files, as Litestream writes since 0.5. */
  LTX,
  /** Generations, as Litestream wrote before. */
  GENERATIONS;

  /**
   * Decides what to restore from, as Litestream does: for the latest state, what was written to
   * last; for a time, what has the newer snapshot by then. Only LTX files have transactions.
   *
   * <p>One case differs: except for {@link RestoreTarget#before}, every file that holds the whole
   * database is a snapshot, whatever its level. Else the first moments after an upgrade, before
   * level 9 has a file, would give a state from before it.
   *
   * @param ltx what the store lists, all levels
   * @param generations what the store lists
   */
  public static ReplicaFormat choose(
      Collection<LtxFileInfo> ltx, Collection<GenerationFile> generations, RestoreTarget target) {
    if (target instanceof AtTransaction || generations.isEmpty()) {
      return LTX;
    }
    if (ltx.isEmpty()) {
      return GENERATIONS;
    }
    return target instanceof AtTime time
        ? newer(
            newest(
                ltx,
                file -> isSnapshot(file, time.strictlyBefore()) && time.accepts(file.createdAt())),
            generations.stream()
                .filter(file -> file.kind() == Kind.SNAPSHOT)
                .filter(file -> GenerationPlanner.accepts(time, file))
                .map(GenerationFile::createdAt)
                .max(Instant::compareTo))
        : newer(
            newest(ltx, file -> true),
            generations.stream().map(GenerationFile::createdAt).max(Instant::compareTo));
  }

  private static boolean isSnapshot(LtxFileInfo file, boolean byLevel) {
    return byLevel ? file.level() == LtxFileInfo.SNAPSHOT_LEVEL : file.txids().isSnapshot();
  }

  private static Optional<Instant> newest(
      Collection<LtxFileInfo> files, Predicate<LtxFileInfo> usable) {
    return files.stream().filter(usable).map(LtxFileInfo::createdAt).max(Instant::compareTo);
  }

  private static ReplicaFormat newer(Optional<Instant> ltx, Optional<Instant> generations) {
    boolean later =
        generations.isPresent() && (ltx.isEmpty() || generations.get().isAfter(ltx.get()));
    return later ? GENERATIONS : LTX;
  }
}

package io.github.ltxjava.compaction.policy;

import io.github.ltxjava.store.LtxFileInfo;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides what to do next. Pure: the same listing and time give the same jobs, and nothing is read
 * or written. {@link CompactionExecutor} does what is decided.
 *
 * <p>Jobs come in the order in which to do them. What a job makes possible is decided by the next
 * call, from the next listing; call again until there are none.
 */
@FunctionalInterface
public interface CompactionPolicy {

  /**
   * Decides.
   *
   * @param files what a store lists, all levels, in any order
   * @param now the time
   */
  List<CompactionJob> plan(List<LtxFileInfo> files, Instant now);

  /** Returns a policy that wants what this one wants, and then what the other wants. */
  default CompactionPolicy and(CompactionPolicy other) {
    return (files, now) -> {
      List<CompactionJob> jobs = new ArrayList<>(plan(files, now));
      jobs.addAll(other.plan(files, now));
      return List.copyOf(jobs);
    };
  }

  /**
   * Returns Litestream's defaults: {@link LeveledPolicy#DEFAULT}, {@link RetentionPolicy#DEFAULT}.
   */
  static CompactionPolicy litestream() {
    return LeveledPolicy.DEFAULT.and(RetentionPolicy.DEFAULT);
  }
}

package io.github.ltxjava.internal.codec;

import io.github.ltxjava.Parallelism;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs the same work on several threads, the calling one among them. */
public final class Workers {

  /** What each thread does: takes shares of the work until none is left. */
  @FunctionalInterface
  public interface Work {
    void run() throws IOException;
  }

  private Workers() {}

  /**
   * Runs the work on as many threads as allowed, and returns when all have ended.
   *
   * @throws IOException the first one that any of them threw
   */
  public static void run(Parallelism parallelism, Work work) throws IOException {
    List<SharedTask> helpers = new ArrayList<>();
    Throwable failure = null;
    try {
      for (int i = 1; i < parallelism.threads(); i++) {
        SharedTask helper = new SharedTask(work::run);
        helpers.add(helper);
        helper.offerTo(parallelism.executor());
      }
      work.run();
    } catch (Throwable e) {
      // Thrown below, once no helper uses what the caller will release.
      failure = e;
    }
    for (SharedTask helper : helpers) {
      failure = first(failure, helper.withdraw());
    }
    SharedTask.rethrow(failure);
  }

  @SuppressWarnings("ReferenceEquality") // an exception cannot suppress itself
  private static @Nullable Throwable first(@Nullable Throwable one, @Nullable Throwable other) {
    if (one == null) {
      return other;
    }
    if (other != null && other != one) {
      one.addSuppressed(other);
    }
    return one;
  }
}

package io.github.ltxjava.generations;

import io.github.ltxjava.store.generations.GenerationFile;
import java.util.List;

/**
 * What was restored.
 *
 * @param plan the files that the database was made from
 * @param pageSize bytes per page
 * @param pageCount size of the database in pages
 * @param skipped files that were found damaged or vanished; others were used instead
 */
public record GenerationResult(
    GenerationPlan plan, int pageSize, long pageCount, List<GenerationFile> skipped) {

  /** Copies the list. */
  public GenerationResult {
    skipped = List.copyOf(skipped);
  }
}

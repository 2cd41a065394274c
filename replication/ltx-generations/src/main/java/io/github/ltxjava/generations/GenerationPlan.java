package io.github.ltxjava.generations;

import io.github.ltxjava.store.generations.GenerationFile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The files of a generation that give a state of a database.
 *
 * @param snapshot what it starts from
 * @param segments the pieces of the WALs to be applied to it, in order
 */
public record GenerationPlan(GenerationFile snapshot, List<GenerationFile> segments) {

  /** Copies the list. */
  public GenerationPlan {
    segments = List.copyOf(segments);
  }

  /** Returns the snapshot and the pieces, in order. */
  public List<GenerationFile> files() {
    List<GenerationFile> files = new ArrayList<>(segments.size() + 1);
    files.add(snapshot);
    files.addAll(segments);
    return files;
  }

  /** Returns when the last of the files was written. */
  public Instant createdAt() {
    return last().createdAt();
  }

  /** Returns how many bytes the files have together, compressed. */
  public long size() {
    return files().stream().mapToLong(GenerationFile::size).sum();
  }

  GenerationFile last() {
    return segments.isEmpty() ? snapshot : segments.get(segments.size() - 1);
  }
}

package io.github.ltxjava.store.generations;

import io.github.ltxjava.io.ByteSource;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * Where a replica of Litestream 0.3 is read from. As with {@link io.github.ltxjava.store.LtxStore},
 * a listing is a moment's truth: files vanish when somebody applies retention.
 *
 * <p>Safe for many threads.
 */
public interface GenerationStore extends Closeable {

  /**
   * Lists the files of all generations. What is not named like one is skipped.
   *
   * @return the files, ascending; none if there are no generations
   * @throws IOException if the store cannot be listed
   */
  List<GenerationFile> list() throws IOException;

  /**
   * Opens a file for reading.
   *
   * @param file as listed; only its key counts
   * @return a source that the caller closes
   * @throws java.nio.file.NoSuchFileException if the file is gone, here or, where a store opens on
   *     first use, at the first read
   * @throws IOException if the store cannot be read
   */
  ByteSource open(GenerationFile file) throws IOException;
}

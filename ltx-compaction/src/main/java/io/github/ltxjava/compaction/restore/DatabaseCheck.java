package io.github.ltxjava.compaction.restore;

import java.io.IOException;
import java.nio.file.Path;

/** What has to hold of a restored database before it gets its name. */
@FunctionalInterface
public interface DatabaseCheck {

  /**
   * Looks at the database.
   *
   * @param file complete and durable, under a temporary name in the folder that it will be in; to
   *     be left as it is, and without journals, WALs or other files beside it
   * @throws IOException if it is not to appear; the restore fails with this
   */
  void check(Path file) throws IOException;
}

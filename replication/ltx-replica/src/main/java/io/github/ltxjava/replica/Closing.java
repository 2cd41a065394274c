package io.github.ltxjava.replica;

import java.io.Closeable;
import java.io.IOException;
import java.util.Collection;
import java.util.List;

/** Closes several things, also if one of them fails. */
final class Closing {

  private Closing() {}

  /** Closes in this order; the first failure is thrown, with the others in it. */
  static void all(Closeable... resources) throws IOException {
    IOException failure = null;
    for (Closeable resource : List.of(resources)) {
      try {
        resource.close();
      } catch (IOException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** Closes because something has failed, which stays the failure to report. */
  static void afterFailure(Throwable failure, Collection<? extends Closeable> resources) {
    for (Closeable resource : resources) {
      try {
        resource.close();
      } catch (IOException e) {
        failure.addSuppressed(e);
      }
    }
  }
}

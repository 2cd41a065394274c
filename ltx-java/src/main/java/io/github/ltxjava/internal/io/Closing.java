package io.github.ltxjava.internal.io;

import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;

/** Closes several things, also if one of them fails. */
public final class Closing {

  private Closing() {}

  /** Closes in this order; the first failure is thrown, with the others in it. */
  public static void all(Closeable... resources) throws IOException {
    all(Arrays.asList(resources));
  }

  /** Closes in this order; the first failure is thrown, with the others in it. */
  public static void all(Collection<? extends Closeable> resources) throws IOException {
    IOException failure = null;
    for (Closeable resource : resources) {
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
  public static void afterFailure(Throwable failure, Closeable resource) {
    try {
      resource.close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /** Closes because something has failed, which stays the failure to report. */
  public static void afterFailure(Throwable failure, Collection<? extends Closeable> resources) {
    for (Closeable resource : resources) {
      afterFailure(failure, resource);
    }
  }
}

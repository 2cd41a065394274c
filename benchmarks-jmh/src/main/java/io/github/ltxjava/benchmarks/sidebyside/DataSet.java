package io.github.ltxjava.benchmarks.sidebyside;

import java.util.List;
import java.util.Locale;

/**
 * A database to work on.
 *
 * @param content what it is full of
 * @param pageSize bytes per page
 * @param megabytes how large it is at least
 */
record DataSet(Content content, int pageSize, int megabytes) {

  /** What rows hold. */
  enum Content {
    /** Documents of English-like words, with an index. */
    TEXT,
    /** Narrow rows of integers, with two indexes. */
    INTEGERS,
    /** Random bytes, which do not compress. */
    BLOBS,
    /** A third of each. */
    MIXED
  }

  /** The one of which snapshots, deltas and chains are made. */
  static DataSet main(int megabytes) {
    return new DataSet(Content.TEXT, 4096, megabytes);
  }

  /** All that are encoded and decoded, the main one first. */
  static List<DataSet> all(int megabytes) {
    return List.of(
        main(megabytes),
        new DataSet(Content.INTEGERS, 4096, megabytes),
        new DataSet(Content.BLOBS, 4096, megabytes),
        new DataSet(Content.TEXT, 65_536, megabytes),
        new DataSet(Content.INTEGERS, 65_536, megabytes),
        new DataSet(Content.BLOBS, 65_536, megabytes));
  }

  /** The one that whole commands work on. */
  static DataSet ofCommands(int megabytes) {
    return new DataSet(Content.MIXED, 4096, megabytes);
  }

  String name() {
    return content.name().toLowerCase(Locale.ROOT) + "-" + pageSize + "-" + megabytes;
  }

  String title() {
    return content.name().toLowerCase(Locale.ROOT)
        + ", "
        + megabytes
        + " MiB, pages of "
        + (pageSize / 1024)
        + " KiB";
  }
}

package io.github.ltxjava.store.generations;

import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of a generation as a store lists it: a snapshot of the database, or a piece of a WAL.
 *
 * <p>Files sort by generation, then snapshots before WALs, then by index and offset.
 *
 * @param key where it is below the replica's root, {@code generations/<generation>/...}
 * @param generation 16 hexadecimal digits: an unbroken sequence of WALs
 * @param kind what it holds
 * @param index number of the WAL within the generation; of a snapshot, that of the first WAL to be
 *     applied to it
 * @param offset where in the WAL the piece starts, in bytes; 0 for a snapshot
 * @param size length in bytes, compressed
 * @param createdAt when the file was written; what it holds was committed before
 */
public record GenerationFile(
    String key, String generation, Kind kind, int index, long offset, long size, Instant createdAt)
    implements Comparable<GenerationFile> {

  /** The folder below a replica's root that holds the generations. */
  public static final String FOLDER = "generations";

  /** What a file holds. */
  public enum Kind {
    /** The whole database file. */
    SNAPSHOT("snapshots"),
    /** Bytes of a WAL. */
    WAL_SEGMENT("wal");

    private final String folder;

    Kind(String folder) {
      this.folder = folder;
    }

    /** Returns the folder below that of the generation. */
    public String folder() {
      return folder;
    }
  }

  private static final Comparator<GenerationFile> ORDER =
      Comparator.comparing(GenerationFile::generation)
          .thenComparing(GenerationFile::kind)
          .thenComparingInt(GenerationFile::index)
          .thenComparingLong(GenerationFile::offset);

  private static final Pattern KEY =
      Pattern.compile(
          FOLDER
              + "/(?<generation>[0-9a-f]{16})/(?:"
              + "snapshots/(?<snapshot>[0-9a-f]{8})\\.snapshot\\.lz4"
              + "|wal/(?<wal>[0-9a-f]{8})_(?<offset>[0-9a-f]{8,16})\\.wal\\.lz4)");

  /** Checks that there is no null. */
  public GenerationFile {
    Objects.requireNonNull(key);
    Objects.requireNonNull(generation);
    Objects.requireNonNull(kind);
    Objects.requireNonNull(createdAt);
  }

  /**
   * Reads what a key says.
   *
   * @param key the path below the replica's root, with slashes
   * @return empty if no file of a generation is named like this
   */
  public static Optional<GenerationFile> ofKey(String key, long size, Instant createdAt) {
    Matcher matcher = KEY.matcher(key);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String generation = matcher.group("generation");
    String snapshot = matcher.group("snapshot");
    long index = Long.parseLong(snapshot == null ? matcher.group("wal") : snapshot, 16);
    long offset = snapshot == null ? Long.parseUnsignedLong(matcher.group("offset"), 16) : 0;
    if (index > Integer.MAX_VALUE || offset < 0) {
      return Optional.empty();
    }
    Kind kind = snapshot == null ? Kind.WAL_SEGMENT : Kind.SNAPSHOT;
    return Optional.of(
        new GenerationFile(key, generation, kind, (int) index, offset, size, createdAt));
  }

  @Override
  public int compareTo(GenerationFile other) {
    return ORDER.compare(this, other);
  }
}

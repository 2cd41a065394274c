package io.github.ltxjava.store.s3;

import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.store.ConditionalObject;
import io.github.ltxjava.store.LtxFileInfo;
import io.github.ltxjava.store.LtxStore;
import io.github.ltxjava.store.StoreCapabilities;
import io.github.ltxjava.store.s3.S3Objects.Head;
import io.github.ltxjava.store.s3.S3Objects.Listed;
import io.github.ltxjava.store.s3.S3Objects.Page;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * A store in a bucket of S3, or of a server that speaks S3, laid out as Litestream's: {@code
 * <path>/<level in 4 hex digits>/<min>-<max>.ltx}, the timestamp in the object's metadata.
 *
 * <p>Listings say when an object was uploaded; {@link #withExactTimestamps} asks for the times that
 * writers named. Files are created with {@code If-None-Match: *}. Whether the server honours that
 * is known for AWS and asked of any other one the first time that it matters, by a few requests on
 * an object {@code <path>/probe-...} that is deleted again; see {@link S3Options.Conditions}.
 *
 * <p>Safe for many threads.
 */
public final class S3Store implements LtxStore {

  private static final String BEFORE_LEVELS = "0000";

  /** Where the levels end: {@code 0009/...} is before it, and what else is there after it. */
  private static final String AFTER_LEVELS = "000a";

  /** Far more than any replica holds, and few enough to end. */
  private static final int MAX_PAGES = 100_000;

  private static final int MAX_KNOWN_TIMES = 50_000;

  private final S3Objects objects;
  private final Creation creation;
  private final String prefix;

  /** Times by what the listing says of a file, so that a file that was replaced is another one. */
  private final Map<LtxFileInfo, Instant> exactTimes =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<LtxFileInfo, Instant> eldest) {
          return size() > MAX_KNOWN_TIMES;
        }
      };

  private S3Store(S3Objects objects, Creation creation, String prefix) {
    this.objects = objects;
    this.creation = creation;
    this.prefix = prefix;
  }

  /**
   * Opens a store. Nothing is asked of the server yet.
   *
   * @param url {@code s3://bucket/path}, or {@code s3://} and the ARN of an access point and a
   *     path, with parameters as Litestream has them: {@code endpoint}, {@code region}, {@code
   *     force-path-style}, {@code sign-payload}, {@code skip-verify}, {@code storage-class}, {@code
   *     sse-customer-key}, {@code sse-kms-key-id}, {@code part-size}, {@code concurrency}, {@code
   *     put-object-content-md5}; and {@code profile}, {@code conditions}, {@code raw-prefix}
   * @param options what the URL does not say
   * @throws IllegalArgumentException if the URL or a parameter is not understood
   */
  public static S3Store open(URI url, S3Options options) {
    S3Url parsed = S3Url.parse(url);
    S3Options.Builder builder = options.toBuilder();
    parsed
        .parameters()
        .forEach(
            (name, value) -> {
              try {
                builder.parameter(name, value);
              } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                    "parameter \"" + name + "\" of the URL: " + e.getMessage(), e);
              }
            });
    S3Objects objects = new S3Objects(new S3Client(parsed, builder.build()));
    return new S3Store(objects, new Creation(objects, parsed.prefix()), parsed.prefix());
  }

  /**
   * Returns a store at another path of the same bucket, which shares with this one what is known of
   * the server, the credentials and the budget of repetitions: one of hundreds of databases.
   *
   * @param path from the root of the bucket
   * @throws IllegalArgumentException if a part of the path is a dot or two
   */
  public S3Store at(String path) {
    return new S3Store(objects, creation, S3Url.normalize(path));
  }

  @Override
  public StoreCapabilities capabilities() {
    ConditionalWrites conditions = conditions();
    return new StoreCapabilities(
        conditions.create(), conditions.replace(), true, true, false, true);
  }

  private ConditionalWrites conditions() {
    try {
      return creation.conditions();
    } catch (S3Exception e) {
      if (e.status() == 403) {
        // Who may not write at all may not ask either; a write says so by itself.
        return ConditionalWrites.NONE;
      }
      throw new UncheckedIOException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public List<LtxFileInfo> list(int level, Txid from) throws IOException {
    String folder = folder(LtxFileInfo.checkLevel(level));
    // The names of files that start here or later come after the bare number.
    String startAfter = from.equals(Txid.FIRST) ? "" : folder + from;
    return files(folder, startAfter, from);
  }

  /** One listing over all levels instead of ten, as what lies between them is little. */
  @Override
  public List<LtxFileInfo> listAll() throws IOException {
    List<LtxFileInfo> files = files(prefix, prefix + BEFORE_LEVELS, Txid.FIRST);
    List<LtxFileInfo> byLevel = new ArrayList<>(files.size());
    for (int level = 0; level <= LtxFileInfo.MAX_LEVEL; level++) {
      for (LtxFileInfo file : files) {
        if (file.level() == level) {
          byLevel.add(file);
        }
      }
    }
    return List.copyOf(byLevel);
  }

  private List<LtxFileInfo> files(String folder, String startAfter, Txid from) throws IOException {
    List<LtxFileInfo> files = new ArrayList<>();
    Optional<String> continuation = Optional.empty();
    for (int pages = 0; pages < MAX_PAGES; pages++) {
      Page page = objects.list(folder, startAfter, continuation);
      boolean beyond = false;
      for (Listed object : page.objects()) {
        describe(object)
            .filter(file -> file.txids().min().compareTo(from) >= 0)
            .ifPresent(files::add);
        beyond =
            object.key().startsWith(prefix) && object.key().compareTo(prefix + AFTER_LEVELS) > 0;
      }
      if (page.next().isEmpty() || beyond) {
        Collections.sort(files);
        return List.copyOf(files);
      }
      if (page.next().equals(continuation)) {
        throw new IOException("ListObjectsV2 " + this + ": the same part again and again");
      }
      continuation = page.next();
    }
    throw new IOException("ListObjectsV2 " + this + ": it does not end");
  }

  /** Nothing for what is not an LTX file at its place. */
  private Optional<LtxFileInfo> describe(Listed object) {
    String key = object.key();
    int levelEnd = prefix.length() + 4;
    if (!key.startsWith(prefix) || key.length() < levelEnd + 1 || key.charAt(levelEnd) != '/') {
      return Optional.empty();
    }
    String level = key.substring(prefix.length(), levelEnd);
    if (!level.matches("000[0-9]")) {
      return Optional.empty();
    }
    return TxidRange.ofFileName(key.substring(levelEnd + 1))
        .map(
            txids ->
                new LtxFileInfo(
                    level.charAt(3) - '0', txids, object.size(), object.lastModified()));
  }

  @Override
  public List<LtxFileInfo> withExactTimestamps(List<LtxFileInfo> files) throws IOException {
    List<Callable<Optional<LtxFileInfo>>> work = new ArrayList<>(files.size());
    for (LtxFileInfo file : files) {
      work.add(() -> withExactTimestamp(file));
    }
    List<LtxFileInfo> exact = new ArrayList<>(files.size());
    for (Optional<LtxFileInfo> file : Parallel.all(work, headConcurrency())) {
      file.ifPresent(exact::add);
    }
    return List.copyOf(exact);
  }

  /** Requests without a body are cheap, so there are more of them than of parts. */
  private int headConcurrency() {
    return objects.client().options().concurrency.map(requests -> 4 * requests).orElse(20);
  }

  private Optional<LtxFileInfo> withExactTimestamp(LtxFileInfo file) throws IOException {
    Instant known;
    synchronized (exactTimes) {
      known = exactTimes.get(file);
    }
    if (known == null) {
      Optional<Head> head = objects.head(key(file.level(), file.txids()));
      if (head.isEmpty()) {
        return Optional.empty();
      }
      known = head.get().timestamp().orElse(file.createdAt());
      synchronized (exactTimes) {
        exactTimes.put(file, known);
      }
    }
    return Optional.of(new LtxFileInfo(file.level(), file.txids(), file.size(), known));
  }

  @Override
  public ByteSource open(LtxFileInfo file) {
    return new S3Source(
        objects, key(file.level(), file.txids()), file.size() == 0 ? -1 : file.size());
  }

  @Override
  public ByteSink create(int level, TxidRange txids, Instant timestamp) {
    String key = key(LtxFileInfo.checkLevel(level), txids);
    return new S3Sink(objects, creation, key, Map.of(S3Objects.TIMESTAMP, timestamp.toString()));
  }

  @Override
  public void delete(Collection<LtxFileInfo> files) throws IOException {
    objects.delete(files.stream().map(file -> key(file.level(), file.txids())).distinct().toList());
  }

  @Override
  public Optional<ConditionalObject> object(String name) {
    ConditionalObject.checkName(name);
    // Who only reads it need not be able to write, so the server is not asked here.
    return creation.known().map(ConditionalWrites::replace).orElse(true)
        ? Optional.of(new S3Object(objects, creation, prefix + name))
        : Optional.empty();
  }

  private String folder(int level) {
    return prefix + String.format(Locale.ROOT, "%04x/", level);
  }

  private String key(int level, TxidRange txids) {
    return folder(level) + txids.fileName();
  }

  /** Does nothing: connections are shared by the stores of a process, and end when idle. */
  @Override
  public void close() {
    // Each source and sink holds its own answer or upload.
  }

  /** Returns the URL, without its parameters. */
  @Override
  public String toString() {
    return objects.client().nameOf(prefix);
  }
}

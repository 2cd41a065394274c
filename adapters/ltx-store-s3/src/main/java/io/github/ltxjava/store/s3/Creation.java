package io.github.ltxjava.store.s3;

import io.github.ltxjava.store.s3.S3Objects.Head;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Writes objects under a condition, and finds out how that ended when the answer does not tell.
 *
 * <p>A request whose answer was lost is made again, and then is refused if the first one has
 * succeeded: the object is there. Whether it is there because of us is told by its metadata, which
 * hold an identity that was made for this object only.
 *
 * <p>Safe for many threads.
 */
final class Creation {

  private static final Map<String, String> IF_ABSENT = Map.of("If-None-Match", "*");
  private static final int MAX_ROUNDS = 5;

  private final S3Objects objects;
  private final Uploads uploads;
  private final String probePrefix;
  private @Nullable ConditionalWrites known;

  Creation(S3Objects objects, String probePrefix) {
    this.objects = objects;
    this.uploads = new Uploads(objects);
    this.probePrefix = probePrefix;
  }

  Uploads uploads() {
    return uploads;
  }

  /** Returns an identity that nobody else writes with, and that names who writes. */
  String newWriter() {
    long random = ThreadLocalRandom.current().nextLong();
    return objects.client().options().owner
        + " "
        + String.format(Locale.ROOT, "%016x%016x", random, System.nanoTime());
  }

  /** Returns what the server honours, if that is known without asking it now. */
  synchronized Optional<ConditionalWrites> known() {
    return known == null ? believed() : Optional.of(known);
  }

  private Optional<ConditionalWrites> believed() {
    return switch (objects.client().options().conditions) {
      case ASK -> objects.client().provider().conditionalWrites();
      case NONE -> Optional.of(ConditionalWrites.NONE);
      case CREATE -> Optional.of(new ConditionalWrites(true, false, false));
      case ALL -> Optional.of(ConditionalWrites.ALL);
    };
  }

  /** Returns what the server honours; asks it the first time, where that is not known. */
  synchronized ConditionalWrites conditions() throws IOException {
    if (known == null) {
      Optional<ConditionalWrites> believed = believed();
      known = believed.isPresent() ? believed.get() : probe();
    }
    return known;
  }

  /**
   * Writes an object that is not there yet.
   *
   * @param writer from {@link #newWriter}
   * @throws FileAlreadyExistsException if it is there, by somebody else
   */
  void create(String key, Payload payload, Map<String, String> headers, String writer)
      throws IOException {
    Map<String, String> all = new TreeMap<>(headers);
    all.put(S3Objects.WRITER, writer);
    if (!conditions().create()) {
      requireAbsent(key);
      objects.put(key, payload, all);
      return;
    }
    all.putAll(IF_ABSENT);
    for (int round = 1; ; round++) {
      try {
        objects.put(key, payload, all);
        return;
      } catch (S3Exception e) {
        if (e.status() != 412) {
          throw e;
        }
        if (isOurs(key, writer)) {
          return;
        }
        if (round == MAX_ROUNDS) {
          throw e;
        }
        // It was there and is gone: somebody has deleted it in between.
      }
    }
  }

  /**
   * Makes an object of its parts, if it is not there yet.
   *
   * @param writer that the upload was started with
   * @throws FileAlreadyExistsException if it is there, by somebody else
   */
  void complete(String key, String uploadId, SortedMap<Integer, String> etags, String writer)
      throws IOException {
    boolean conditional = conditions().complete();
    if (!conditional) {
      requireAbsent(key);
    }
    for (int round = 1; ; round++) {
      try {
        uploads.complete(key, uploadId, etags, conditional ? IF_ABSENT : Map.of());
        return;
      } catch (S3Exception e) {
        if (e.status() != 412 && e.status() != 404) {
          throw e;
        }
        // 404: the upload is gone, because it was completed and the answer lost, or by an abort.
        if (isOurs(key, writer)) {
          return;
        }
        if (round == MAX_ROUNDS || e.status() == 404) {
          throw e;
        }
      }
    }
  }

  private void requireAbsent(String key) throws IOException {
    Optional<Head> head = objects.head(key);
    if (head.isPresent()) {
      throw exists(key, head.get());
    }
  }

  /** False if there is no object; throws if it is somebody else's. */
  private boolean isOurs(String key, String writer) throws IOException {
    Optional<Head> head = objects.head(key);
    if (head.isPresent() && !head.get().writer().equals(Optional.of(writer))) {
      throw exists(key, head.get());
    }
    return head.isPresent();
  }

  private FileAlreadyExistsException exists(String key, Head head) {
    String by =
        head.writer()
            .map(writer -> writer.replaceAll(" [0-9a-f]{32}$", ""))
            .orElse("another writer");
    return new FileAlreadyExistsException(
        objects.client().nameOf(key), null, "written by " + by + " at " + head.lastModified());
  }

  /**
   * Replaces an object whose content is known by its ETag, or creates it.
   *
   * @return the new ETag, or empty if it is another object by now
   */
  Optional<String> replace(String key, Payload payload, Optional<String> etag) throws IOException {
    String writer = newWriter();
    Map<String, String> headers = new TreeMap<>();
    headers.put("Content-Type", "application/json");
    headers.put(S3Objects.WRITER, writer);
    headers.putAll(etag.map(tag -> Map.of("If-Match", tag)).orElse(IF_ABSENT));
    try {
      return Optional.of(objects.put(key, payload, headers));
    } catch (S3Exception e) {
      if (e.status() != 412 && !(e.status() == 404 && !e.code().equals("NoSuchBucket"))) {
        throw e;
      }
      return objects
          .head(key)
          .filter(head -> head.writer().equals(Optional.of(writer)))
          .map(Head::etag);
    }
  }

  /**
   * Finds out what the server honours, on an object of its own that is deleted afterwards. That it
   * honours a condition does not prove that it does so atomically; the documentation says which
   * servers were seen not to.
   */
  private ConditionalWrites probe() throws IOException {
    long random = ThreadLocalRandom.current().nextLong();
    String key = probePrefix + String.format(Locale.ROOT, "probe-%016x", random);
    Payload payload = Payload.of(new byte[] {'?'}, 1);
    String etag = objects.put(key, payload, Map.of());
    try {
      boolean create = isRefused(key, payload, IF_ABSENT);
      boolean replace =
          !etag.isEmpty()
              && isRefused(key, payload, Map.of("If-Match", "\"00000000000000000000000000000000\""))
              && isReplaced(key, payload, etag);
      return new ConditionalWrites(create, replace, create && completesConditionally(key, payload));
    } finally {
      objects.delete(List.of(key));
    }
  }

  private boolean isRefused(String key, Payload payload, Map<String, String> condition)
      throws IOException {
    try {
      objects.put(key, payload, condition);
      return false;
    } catch (S3Exception e) {
      return isRefusal(e);
    }
  }

  private boolean isReplaced(String key, Payload payload, String etag) throws IOException {
    try {
      return replace(key, payload, Optional.of(etag)).isPresent();
    } catch (S3Exception e) {
      if (isRefusal(e)) {
        throw e;
      }
      return false;
    }
  }

  /** True for a condition that does not hold, false for one that is not understood. */
  private static boolean isRefusal(S3Exception e) throws S3Exception {
    if (e.status() == 412) {
      return true;
    }
    if (e.status() == 400 || e.status() == 501) {
      return false;
    }
    throw e;
  }

  private boolean completesConditionally(String key, Payload payload) throws IOException {
    String upload = uploads.create(key, Map.of());
    try {
      SortedMap<Integer, String> etags = new TreeMap<>();
      etags.put(1, uploads.sendPart(key, upload, 1, payload));
      uploads.complete(key, upload, etags, IF_ABSENT);
      return false;
    } catch (S3Exception e) {
      return isRefusal(e);
    } finally {
      uploads.abort(key, upload);
    }
  }
}

package io.github.ltxjava.store.s3;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** S3's operations on single objects, and its listing, with their answers checked. */
final class S3Objects {

  static final String TIMESTAMP = "x-amz-meta-litestream-timestamp";

  /** Says who has written an object, and in which attempt of all: the proof of a lost answer. */
  static final String WRITER = "x-amz-meta-ltx-writer";

  private static final int MAX_LISTING = 16 << 20;

  private final S3Client client;
  private final Deletion deletion;

  S3Objects(S3Client client) {
    this.client = client;
    this.deletion = new Deletion(client);
  }

  S3Client client() {
    return client;
  }

  /**
   * Deletes objects; those that are not there are fine.
   *
   * @throws IOException if some could not be deleted
   */
  void delete(List<String> keys) throws IOException {
    deletion.delete(keys);
  }

  /**
   * What is known of an object without its content.
   *
   * @param size in bytes
   * @param etag names its content, as the server writes it
   * @param timestamp that its writer has named
   * @param lastModified when it was written
   * @param writer who has written it
   */
  record Head(
      long size,
      String etag,
      Optional<Instant> timestamp,
      Instant lastModified,
      Optional<String> writer) {}

  /** Returns what is known of an object; empty if there is none. */
  Optional<Head> head(String key) throws IOException {
    S3Request request = S3Request.of("HeadObject", "HEAD", key).headers(customerKeyHeaders());
    try {
      return Optional.of(
          client.execute(
              request,
              reply -> {
                reply.body().readAll(0);
                return headOf(reply);
              }));
    } catch (S3Exception e) {
      if (e.status() == 404) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static Head headOf(Reply reply) {
    return new Head(
        reply.headers().firstValueAsLong("content-length").orElse(-1),
        reply.header("etag"),
        reply.optionalHeader(TIMESTAMP).flatMap(S3Objects::parseTimestamp),
        httpTime(reply.header("last-modified")).orElse(Instant.EPOCH),
        reply.optionalHeader(WRITER));
  }

  /** Nothing for what is no time, as Litestream has it, which then takes the time of the upload. */
  static Optional<Instant> parseTimestamp(String text) {
    try {
      return Optional.of(OffsetDateTime.parse(text.strip()).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Optional<Instant> httpTime(String text) {
    try {
      return Optional.of(
          ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /**
   * Writes an object.
   *
   * @param headers of the object, and the condition
   * @return its ETag
   * @throws S3Exception with status 412 if the condition does not hold
   */
  String put(String key, Payload payload, Map<String, String> headers) throws IOException {
    S3Request request =
        S3Request.of("PutObject", "PUT", key)
            .headers(newObjectHeaders())
            .headers(headers)
            .headers(md5Headers(payload))
            .payload(payload);
    return client.execute(request).header("etag");
  }

  /** Headers that say how an object is kept. */
  Map<String, String> newObjectHeaders() {
    S3Options options = client.options();
    Map<String, String> headers = new LinkedHashMap<>(customerKeyHeaders());
    options.storageClass.ifPresent(name -> headers.put("x-amz-storage-class", name));
    options.kmsKeyId.ifPresent(
        id -> {
          headers.put("x-amz-server-side-encryption", "aws:kms");
          headers.put("x-amz-server-side-encryption-aws-kms-key-id", id);
        });
    return headers;
  }

  Map<String, String> customerKeyHeaders() {
    Optional<byte[]> key = client.options().customerKey;
    if (key.isEmpty()) {
      return Map.of();
    }
    Base64.Encoder base64 = Base64.getEncoder();
    String prefix = "x-amz-server-side-encryption-customer-";
    return Map.of(
        prefix + "algorithm",
        "AES256",
        prefix + "key",
        base64.encodeToString(key.get()),
        prefix + "key-md5",
        base64.encodeToString(SigV4.newDigest("MD5").digest(key.get())));
  }

  Map<String, String> md5Headers(Payload payload) {
    return client.options().contentMd5
        ? payload.md5().map(md5 -> Map.of("Content-MD5", md5)).orElse(Map.of())
        : Map.of();
  }

  /**
   * Starts to read a range of an object.
   *
   * @param from offset of the first byte
   * @param to offset after the last byte
   * @param etag of the object that is meant, if it is known
   * @return an answer with status 200 or 206, whose body the caller reads and closes
   * @throws NoSuchFileException if there is no such object
   * @throws S3Exception if the range is beyond its end (416), or it is another object (412)
   */
  Reply get(String key, long from, long to, Optional<String> etag) throws IOException {
    S3Request request =
        S3Request.of("GetObject", "GET", key)
            .header("Range", "bytes=" + from + "-" + (to - 1))
            .headers(customerKeyHeaders());
    if (etag.isPresent()) {
      request = request.header("If-Match", etag.get());
    }
    return read(key, request, reply -> reply);
  }

  /**
   * A small object and its ETag.
   *
   * @param content all of it
   * @param etag names it
   */
  record Small(byte[] content, String etag) {}

  /** Reads a small object; empty if there is none. */
  Optional<Small> getSmall(String key, int limit) throws IOException {
    S3Request request = S3Request.of("GetObject", "GET", key).headers(customerKeyHeaders());
    try {
      return Optional.of(
          read(
              key, request, reply -> new Small(reply.body().readAll(limit), reply.header("etag"))));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private <T> T read(String key, S3Request request, S3Client.Handler<T> handler)
      throws IOException {
    try {
      return client.execute(request, handler);
    } catch (S3Exception e) {
      // A bucket that is not there is not a file that is gone.
      if (e.status() == 404 && !e.code().equals("NoSuchBucket")) {
        NoSuchFileException none = new NoSuchFileException(client.nameOf(key));
        none.initCause(e);
        throw none;
      }
      throw e;
    }
  }

  /**
   * An object as a listing shows it.
   *
   * @param key all of it
   * @param size in bytes
   * @param lastModified when it was written
   */
  record Listed(String key, long size, Instant lastModified) {}

  /**
   * Part of a listing.
   *
   * @param objects ascending by key
   * @param next what to ask for the next part with; empty after the last
   */
  record Page(List<Listed> objects, Optional<String> next) {}

  /** Lists up to a thousand objects. */
  Page list(String prefix, String startAfter, Optional<String> continuation) throws IOException {
    S3Request request =
        S3Request.of("ListObjectsV2", "GET", "")
            .query("list-type", "2")
            .query("encoding-type", "url")
            .query("prefix", prefix);
    if (continuation.isPresent()) {
      request = request.query("continuation-token", continuation.get());
    } else if (!startAfter.isEmpty()) {
      request = request.query("start-after", startAfter);
    }
    return client.execute(request, reply -> Listing.parse(reply.body().readAll(MAX_LISTING)));
  }
}

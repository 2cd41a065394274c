package io.github.ltxjava.store.s3;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** S3's operations, as far as they are needed, with their answers checked. */
final class S3Objects {

  static final String TIMESTAMP = "x-amz-meta-litestream-timestamp";

  /** Says who has written an object, and in which attempt of all: the proof of a lost answer. */
  static final String WRITER = "x-amz-meta-ltx-writer";

  private static final int MAX_LISTING = 16 << 20;
  private static final int MAX_SMALL_ANSWER = 64 << 10;
  private static final int DELETE_BATCH = 1000;
  private static final int MAX_DELETE_ROUNDS = 4;

  private final S3Client client;
  private volatile boolean deletesInBatches;

  S3Objects(S3Client client) {
    this.client = client;
    this.deletesInBatches = client.provider().deletesInBatches();
  }

  S3Client client() {
    return client;
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
  private Map<String, String> newObjectHeaders() {
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

  private Map<String, String> customerKeyHeaders() {
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

  private Map<String, String> md5Headers(Payload payload) {
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

  /**
   * Deletes objects; those that are not there are fine.
   *
   * @throws IOException if some could not be deleted
   */
  void delete(List<String> keys) throws IOException {
    for (int from = 0; from < keys.size(); from += DELETE_BATCH) {
      List<String> batch = keys.subList(from, Math.min(from + DELETE_BATCH, keys.size()));
      if (deletesInBatches && batch.size() > 1) {
        deleteBatch(batch);
      } else {
        deleteEach(batch);
      }
    }
  }

  private void deleteEach(List<String> keys) throws IOException {
    for (String key : keys) {
      try {
        client.execute(S3Request.of("DeleteObject", "DELETE", key));
      } catch (S3Exception e) {
        if (e.status() != 404 || e.code().equals("NoSuchBucket")) {
          throw e;
        }
      }
    }
  }

  /** The server answers for each object; those whose failure may pass are tried again. */
  private void deleteBatch(List<String> keys) throws IOException {
    List<String> left = keys;
    for (int round = 1; ; round++) {
      Payload payload = deleteRequest(left);
      S3Request request =
          S3Request.of("DeleteObjects", "POST", "").query("delete", "").payload(payload);
      request = request.header("Content-Type", "application/xml");
      if (client.provider() != S3Provider.TIGRIS) {
        request = request.header("Content-MD5", payload.md5().orElseThrow());
      }
      XmlElement answer;
      try {
        answer =
            client.execute(
                request,
                reply -> XmlElement.parse(reply.body().readAll(MAX_LISTING), "DeleteResult"));
      } catch (S3Exception e) {
        if (e.status() == 501 || e.status() == 405) {
          deletesInBatches = false;
          deleteEach(left);
          return;
        }
        throw e;
      }
      List<XmlElement> errors = answer.all("Error").toList();
      List<String> again = new ArrayList<>();
      for (XmlElement error : errors) {
        String code = error.text("Code");
        String key = error.exactText("Key");
        if (code.equals("NoSuchKey")) {
          continue;
        }
        boolean mayPass = code.equals("InternalError") || code.equals("SlowDown");
        if (!mayPass || round == MAX_DELETE_ROUNDS || !left.contains(key)) {
          throw new S3Exception(
              "DeleteObjects "
                  + client.nameOf(key)
                  + " and "
                  + (errors.size() - 1)
                  + " others of "
                  + left.size(),
              200,
              code,
              error.text("Message"));
        }
        again.add(key);
      }
      if (again.isEmpty()) {
        return;
      }
      left = again;
    }
  }

  private static Payload deleteRequest(List<String> keys) {
    StringBuilder xml =
        new StringBuilder("<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
    xml.append("<Quiet>true</Quiet>");
    for (String key : keys) {
      xml.append("<Object><Key>").append(escape(key)).append("</Key></Object>");
    }
    byte[] bytes = xml.append("</Delete>").toString().getBytes(StandardCharsets.UTF_8);
    return Payload.of(bytes, bytes.length);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /** Starts an upload in parts and returns its identity. */
  String createUpload(String key, Map<String, String> headers) throws IOException {
    S3Request request =
        S3Request.of("CreateMultipartUpload", "POST", key)
            .query("uploads", "")
            .headers(newObjectHeaders())
            .headers(headers);
    return client.execute(
        request,
        reply -> {
          byte[] body = reply.body().readAll(MAX_SMALL_ANSWER);
          String id = XmlElement.parse(body, "InitiateMultipartUploadResult").text("UploadId");
          if (id.isEmpty()) {
            throw new IOException("the answer has no UploadId");
          }
          return id;
        });
  }

  /** Sends a part and returns its ETag. */
  String uploadPart(String key, String uploadId, int number, Payload payload) throws IOException {
    S3Request request =
        S3Request.of("UploadPart", "PUT", key)
            .query("partNumber", Integer.toString(number))
            .query("uploadId", uploadId)
            .headers(customerKeyHeaders())
            .headers(md5Headers(payload))
            .payload(payload);
    String etag = client.execute(request).header("etag");
    if (etag.isEmpty()) {
      throw new IOException("UploadPart " + client.nameOf(key) + ": no ETag");
    }
    return etag;
  }

  /**
   * Makes an object of its parts.
   *
   * @param etags of the parts, by number
   * @throws S3Exception with status 412 if the condition does not hold, with 404 if there is no
   *     such upload any more, because it was completed or aborted
   */
  void completeUpload(
      String key, String uploadId, SortedMap<Integer, String> etags, Map<String, String> headers)
      throws IOException {
    StringBuilder xml =
        new StringBuilder(
            "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
    etags.forEach(
        (number, etag) ->
            xml.append("<Part><PartNumber>")
                .append(number)
                .append("</PartNumber><ETag>")
                .append(escape(etag))
                .append("</ETag></Part>"));
    byte[] bytes =
        xml.append("</CompleteMultipartUpload>").toString().getBytes(StandardCharsets.UTF_8);
    S3Request request =
        S3Request.of("CompleteMultipartUpload", "POST", key)
            .query("uploadId", uploadId)
            .header("Content-Type", "application/xml")
            .headers(headers)
            .payload(Payload.of(bytes, bytes.length));
    client.execute(
        request,
        reply -> {
          // The status is sent before the work is done, so it may be 200 and the body an error.
          XmlElement answer = XmlElement.parse(reply.body().readAll(MAX_SMALL_ANSWER));
          if (answer.name().equals("Error")) {
            String name = "CompleteMultipartUpload " + client.nameOf(key);
            throw S3Failure.of(name, reply, Optional.of(answer)).exception();
          }
          return answer;
        });
  }

  /** Throws away an upload in parts; one that is gone is fine. */
  void abortUpload(String key, String uploadId) throws IOException {
    try {
      client.execute(
          S3Request.of("AbortMultipartUpload", "DELETE", key).query("uploadId", uploadId));
    } catch (S3Exception e) {
      if (e.status() != 404) {
        throw e;
      }
    }
  }
}

package io.github.ltxjava.store.s3;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** Objects that are sent in parts. */
final class Uploads {

  private static final int MAX_ANSWER = 64 << 10;

  private final S3Objects objects;
  private final S3Client client;

  Uploads(S3Objects objects) {
    this.objects = objects;
    this.client = objects.client();
  }

  /** Starts an upload in parts and returns its identity. */
  String create(String key, Map<String, String> headers) throws IOException {
    S3Request request =
        S3Request.of("CreateMultipartUpload", "POST", key)
            .query("uploads", "")
            .headers(objects.newObjectHeaders())
            .headers(headers);
    return client.execute(
        request,
        reply -> {
          byte[] body = reply.body().readAll(MAX_ANSWER);
          String id = XmlElement.parse(body, "InitiateMultipartUploadResult").text("UploadId");
          if (id.isEmpty()) {
            throw new IOException("the answer has no UploadId");
          }
          return id;
        });
  }

  /** Sends a part and returns its ETag. */
  String sendPart(String key, String uploadId, int number, Payload payload) throws IOException {
    S3Request request =
        S3Request.of("UploadPart", "PUT", key)
            .query("partNumber", Integer.toString(number))
            .query("uploadId", uploadId)
            .headers(objects.customerKeyHeaders())
            .headers(objects.md5Headers(payload))
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
  void complete(
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
                .append(XmlElement.escape(etag))
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
          XmlElement answer = XmlElement.parse(reply.body().readAll(MAX_ANSWER));
          if (answer.name().equals("Error")) {
            String name = "CompleteMultipartUpload " + client.nameOf(key);
            throw S3Failure.of(name, reply, Optional.of(answer)).exception();
          }
          return answer;
        });
  }

  /** Throws away an upload in parts; one that is gone is fine. */
  void abort(String key, String uploadId) throws IOException {
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

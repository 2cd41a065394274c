package io.github.ltxjava.store.s3;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Deletes objects, a thousand by a request where the server can do that. */
final class Deletion {

  private static final int MAX_ANSWER = 16 << 20;
  private static final int DELETE_BATCH = 1000;
  private static final int MAX_DELETE_ROUNDS = 4;

  private final S3Client client;
  private volatile boolean deletesInBatches;

  Deletion(S3Client client) {
    this.client = client;
    this.deletesInBatches = client.provider().deletesInBatches();
  }

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
                reply -> XmlElement.parse(reply.body().readAll(MAX_ANSWER), "DeleteResult"));
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
      xml.append("<Object><Key>").append(XmlElement.escape(key)).append("</Key></Object>");
    }
    byte[] bytes = xml.append("</Delete>").toString().getBytes(StandardCharsets.UTF_8);
    return Payload.of(bytes, bytes.length);
  }
}

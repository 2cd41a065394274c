package io.github.ltxjava.store.s3;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A request before it is signed.
 *
 * @param operation S3's name of it
 * @param method of HTTP
 * @param key of the object, or empty for the bucket
 * @param query parameters, not encoded
 * @param headers beside those of the signature
 * @param payload the body
 */
record S3Request(
    String operation,
    String method,
    String key,
    Map<String, String> query,
    Map<String, String> headers,
    Payload payload) {

  static S3Request of(String operation, String method, String key) {
    return new S3Request(operation, method, key, Map.of(), Map.of(), Payload.EMPTY);
  }

  S3Request query(String name, String value) {
    return new S3Request(operation, method, key, plus(query, name, value), headers, payload);
  }

  S3Request header(String name, String value) {
    return new S3Request(operation, method, key, query, plus(headers, name, value), payload);
  }

  S3Request headers(Map<String, String> more) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.putAll(more);
    return new S3Request(operation, method, key, query, all, payload);
  }

  S3Request payload(Payload body) {
    return new S3Request(operation, method, key, query, headers, body);
  }

  /**
   * How many times longer than usual the server may be silent, where it copies the whole object.
   */
  int patience() {
    return operation.equals("CompleteMultipartUpload") ? 10 : 1;
  }

  private static Map<String, String> plus(Map<String, String> map, String name, String value) {
    Map<String, String> all = new LinkedHashMap<>(map);
    all.put(name, value);
    return all;
  }
}

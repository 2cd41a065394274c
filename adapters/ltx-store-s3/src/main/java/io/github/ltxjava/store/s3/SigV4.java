package io.github.ltxjava.store.s3;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs requests by AWS Signature Version 4. A pure function of what it is given.
 *
 * @param region such as {@code us-east-1}
 * @param service {@code s3}
 */
record SigV4(String region, String service) {

  static final String UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD";
  static final String EMPTY_SHA256 =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** Returns the time as the header {@code x-amz-date} has it. */
  static String time(Instant time) {
    return TIME.format(time);
  }

  /**
   * Returns the value of the header {@code Authorization}.
   *
   * @param time as in {@code x-amz-date}
   * @param path encoded, starting with a slash
   * @param query names and values, not encoded
   * @param headers all that are signed, {@code host} included, by any name's case
   * @param payloadHash what {@code x-amz-content-sha256} says, or would say
   */
  String authorization(
      S3Credentials credentials,
      Instant time,
      String method,
      String path,
      Map<String, String> query,
      Map<String, String> headers,
      String payloadHash) {
    SortedMap<String, String> signed = new TreeMap<>();
    headers.forEach(
        (name, value) ->
            signed.put(name.toLowerCase(Locale.ROOT), value.strip().replaceAll(" +", " ")));
    String names = String.join(";", signed.keySet());
    StringBuilder request = new StringBuilder(512);
    request.append(method).append('\n').append(path).append('\n');
    request.append(queryText(query)).append('\n');
    signed.forEach((name, value) -> request.append(name).append(':').append(value).append('\n'));
    request.append('\n').append(names).append('\n').append(payloadHash);

    String stamp = time(time);
    String scope = stamp.substring(0, 8) + "/" + region + "/" + service + "/aws4_request";
    String text = ALGORITHM + "\n" + stamp + "\n" + scope + "\n" + sha256(utf8(request.toString()));
    byte[] signature = hmac(signingKey(credentials.secretAccessKey(), stamp.substring(0, 8)), text);
    return ALGORITHM
        + " Credential="
        + credentials.accessKeyId()
        + "/"
        + scope
        + ", SignedHeaders="
        + names
        + ", Signature="
        + HexFormat.of().formatHex(signature);
  }

  byte[] signingKey(String secret, String date) {
    byte[] key = hmac(utf8("AWS4" + secret), date);
    return hmac(hmac(hmac(key, region), service), "aws4_request");
  }

  /** Returns names and values encoded and sorted, which is how they are signed and sent. */
  static String queryText(Map<String, String> query) {
    SortedMap<String, String> encoded = new TreeMap<>();
    query.forEach((name, value) -> encoded.put(UriText.encode(name), UriText.encode(value)));
    StringJoiner text = new StringJoiner("&");
    encoded.forEach((name, value) -> text.add(name + "=" + value));
    return text.toString();
  }

  static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(newSha256().digest(bytes));
  }

  static MessageDigest newSha256() {
    return newDigest("SHA-256");
  }

  static MessageDigest newDigest(String name) {
    try {
      return MessageDigest.getInstance(name);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has " + name, e);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(utf8(text));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

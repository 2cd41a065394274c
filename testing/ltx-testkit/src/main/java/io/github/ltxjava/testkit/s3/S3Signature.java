package io.github.ltxjava.testkit.s3;

import com.sun.net.httpserver.HttpExchange;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Checks signatures of version 4 from the request as it came over the wire. */
final class S3Signature {

  private static final Pattern AUTHORIZATION =
      Pattern.compile(
          "AWS4-HMAC-SHA256 Credential=([^/]+)/(\\d{8})/([^/]+)/s3/aws4_request,"
              + " SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})");
  private static final Duration MAX_SKEW = Duration.ofMinutes(15);

  private S3Signature() {}

  /** Returns S3's code of what is wrong, or nothing. */
  static Optional<String> problem(
      HttpExchange exchange,
      byte[] body,
      String accessKey,
      String secret,
      String region,
      Instant now) {
    String authorization = header(exchange, "Authorization");
    Matcher matcher = AUTHORIZATION.matcher(authorization);
    if (!matcher.matches()) {
      return Optional.of("AccessDenied");
    }
    String date = header(exchange, "x-amz-date");
    List<String> names = Arrays.asList(matcher.group(4).split(";"));
    if (!matcher.group(1).equals(accessKey)) {
      return Optional.of("InvalidAccessKeyId");
    }
    if (!matcher.group(3).equals(region)) {
      return Optional.of("AuthorizationHeaderMalformed");
    }
    Instant time =
        Instant.from(
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT)
                .withZone(ZoneOffset.UTC)
                .parse(date));
    if (Duration.between(time, now).abs().compareTo(MAX_SKEW) > 0) {
      return Optional.of("RequestTimeTooSkewed");
    }
    String hash = header(exchange, "x-amz-content-sha256");
    if (!hash.equals("UNSIGNED-PAYLOAD") && !hash.equals(sha256(body))) {
      return Optional.of("XAmzContentSHA256Mismatch");
    }
    boolean allSigned =
        names.contains("host")
            && exchange.getRequestHeaders().keySet().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .filter(name -> name.startsWith("x-amz-"))
                .allMatch(names::contains);
    String expected = signature(exchange, names, hash, date, matcher.group(2), region, secret);
    return allSigned && date.startsWith(matcher.group(2)) && expected.equals(matcher.group(5))
        ? Optional.empty()
        : Optional.of("SignatureDoesNotMatch");
  }

  private static String signature(
      HttpExchange exchange,
      List<String> names,
      String hash,
      String time,
      String date,
      String region,
      String secret) {
    String query = Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
    TreeSet<String> parameters = new TreeSet<>(Arrays.asList(query.split("&")));
    String headers =
        names.stream()
            .map(name -> name + ":" + header(exchange, name).strip() + "\n")
            .collect(Collectors.joining());
    String request =
        String.join(
            "\n",
            exchange.getRequestMethod(),
            exchange.getRequestURI().getRawPath(),
            String.join("&", parameters),
            headers,
            String.join(";", names),
            hash);
    String scope = date + "/" + region + "/s3/aws4_request";
    String text = "AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n" + sha256(utf8(request));
    byte[] key = utf8("AWS4" + secret);
    for (String part : List.of(date, region, "s3", "aws4_request", text)) {
      key = hmac(key, part);
    }
    return HexFormat.of().formatHex(key);
  }

  private static String header(HttpExchange exchange, String name) {
    String value = exchange.getRequestHeaders().getFirst(name);
    return value == null ? "" : value;
  }

  static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(digest("SHA-256", bytes));
  }

  static byte[] digest(String algorithm, byte[] bytes) {
    try {
      return MessageDigest.getInstance(algorithm).digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(utf8(text));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

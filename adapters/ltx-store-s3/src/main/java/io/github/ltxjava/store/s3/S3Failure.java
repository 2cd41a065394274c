package io.github.ltxjava.store.s3;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Set;

/**
 * An answer that is an error, and what it says about how to go on.
 *
 * @param exception what the caller gets if there is no going on
 * @param retryAfter pause that the server asks for
 * @param region where the server says that the bucket is
 * @param serverTime time by the server's clock
 */
record S3Failure(
    S3Exception exception,
    Optional<Duration> retryAfter,
    Optional<String> region,
    Optional<Instant> serverTime) {

  private static final int MAX_BODY = 64 << 10;
  private static final int MAX_MESSAGE = 500;

  private static final Set<Integer> TRANSIENT_STATUS = Set.of(408, 429, 500, 502, 503, 504);
  private static final Set<String> TRANSIENT_CODES =
      Set.of(
          "BadDigest",
          "ConditionalRequestConflict",
          "InternalError",
          "OperationAborted",
          "RequestCanceled",
          "RequestTimeout",
          "RequestTimeoutException",
          "ServiceUnavailable",
          "SlowDown",
          "Throttling",
          "ThrottlingException",
          "TooManyRequests");
  private static final Set<String> STALE_CREDENTIALS =
      Set.of("ExpiredToken", "ExpiredTokenException", "InvalidToken", "TokenRefreshRequired");
  private static final Set<Integer> REDIRECTS = Set.of(301, 307, 400);

  /** Reads an error's body, as far as there is one that can be read. */
  static S3Failure of(String request, Reply reply) throws IOException {
    byte[] body = reply.body().readAll(MAX_BODY);
    Optional<XmlElement> error = Optional.empty();
    if (body.length > 0) {
      try {
        error = Optional.of(XmlElement.parse(body, "Error"));
      } catch (IOException e) {
        // A proxy's page, perhaps: the status has to do.
        error = Optional.empty();
      }
    }
    return of(request, reply, error);
  }

  static S3Failure of(String request, Reply reply, Optional<XmlElement> error) {
    String code = error.map(e -> e.text("Code")).orElse("");
    String message = error.map(e -> e.text("Message")).orElse("");
    String elsewhere = error.map(e -> e.text("Endpoint")).orElse("");
    if (!elsewhere.isEmpty()) {
      message = message + " (" + elsewhere + ")";
    }
    Optional<String> region =
        reply
            .optionalHeader("x-amz-bucket-region")
            .or(() -> error.map(e -> e.text("Region")))
            .filter(S3Endpoint::isRegion);
    return new S3Failure(
        new S3Exception(
            request, reply.status(), printable(code, 100), printable(message, MAX_MESSAGE)),
        retryAfter(reply.header("retry-after")),
        region,
        serverTime(reply.header("date")));
  }

  private static String printable(String text, int limit) {
    String line = text.replaceAll("[^\\x20-\\x7e]", "?");
    return line.length() <= limit ? line : line.substring(0, limit) + "...";
  }

  /** Only seconds: a date would have to be compared with a clock that may be wrong. */
  private static Optional<Duration> retryAfter(String header) {
    return header.matches("\\d{1,6}")
        ? Optional.of(Duration.ofSeconds(Long.parseLong(header)))
        : Optional.empty();
  }

  private static Optional<Instant> serverTime(String header) {
    try {
      return Optional.of(
          ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  boolean isTransient() {
    return TRANSIENT_STATUS.contains(exception.status())
        || TRANSIENT_CODES.contains(exception.code());
  }

  /** Answers to HEAD have no code. */
  boolean isStaleCredentials() {
    return STALE_CREDENTIALS.contains(exception.code())
        || exception.status() == 400 && exception.code().isEmpty();
  }

  /** Answers to HEAD have no code; a clock that is far off then is the likeliest reason. */
  boolean isClockSkew() {
    return exception.code().equals("RequestTimeTooSkewed")
        || exception.status() == 403 && exception.code().isEmpty();
  }

  boolean isRedirect() {
    return REDIRECTS.contains(exception.status());
  }
}

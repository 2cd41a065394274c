package io.github.ltxjava.store.s3;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;

/**
 * Signs requests, sends them, and repeats those that may succeed the next time.
 *
 * <p>Every request may be repeated: what is not idempotent by itself carries a condition, and an
 * identity by which its sender finds out whether a lost answer was a success.
 *
 * <p>Safe for many threads.
 */
final class S3Client {

  /** What becomes of an answer that is no error. */
  @FunctionalInterface
  interface Handler<T> {
    /** Takes an answer; an {@link IOException} counts as one of the connection, and is retried. */
    T handle(Reply reply) throws IOException;
  }

  private static final int MAX_CORRECTIONS = 3;
  private static final Duration MAX_CLOCK_ERROR = Duration.ofMinutes(5);
  private static final String SERVICE = "s3";

  private final S3Options options;
  private final Transport transport;
  private final Backoff backoff;
  private volatile S3Endpoint endpoint;
  private volatile Duration clockError = Duration.ZERO;

  S3Client(S3Url url, S3Options options) {
    this.options = options;
    this.endpoint = S3Endpoint.of(url, options);
    this.transport = Transport.of(options);
    this.backoff = new Backoff(options.maxAttempts, options.maxBackoff);
  }

  S3Options options() {
    return options;
  }

  S3Provider provider() {
    return endpoint.provider();
  }

  /** Returns what messages call an object, or the bucket. */
  String nameOf(String key) {
    return "s3://" + endpoint.url().bucket() + "/" + key;
  }

  /** Returns an answer with a 2xx status whose body is not needed. */
  Reply execute(S3Request request) throws IOException {
    return execute(
        request,
        reply -> {
          reply.body().readAll(64 << 10);
          return reply;
        });
  }

  /**
   * Makes a request until it succeeds or is given up.
   *
   * @throws S3Exception if the server refuses it
   * @throws IOException if the server cannot be reached, or fails again and again
   */
  <T> T execute(S3Request request, Handler<T> handler) throws IOException {
    int corrections = 0;
    for (int attempt = 1; ; attempt++) {
      S3Credentials credentials = credentials(request);
      IOException failure;
      Optional<Duration> pause = Optional.empty();
      try {
        Reply reply = sendOnce(request, credentials, attempt);
        if (reply.status() / 100 == 2) {
          T result = handle(reply, handler);
          backoff.succeeded();
          return result;
        }
        S3Failure answer;
        try {
          answer = S3Failure.of(describe(request), reply);
        } finally {
          reply.body().close();
        }
        boolean precise = corrections == 0 || !answer.exception().code().isEmpty();
        if (corrections < MAX_CORRECTIONS && precise && correct(answer)) {
          corrections++;
          continue;
        }
        if (!answer.isTransient()) {
          throw answer.exception();
        }
        failure = answer.exception();
        pause = answer.retryAfter();
      } catch (S3Exception e) {
        // An error in the body of a good answer is one of the server, like any other.
        if (e.status() != 200
            || !new S3Failure(e, pause, Optional.empty(), Optional.empty()).isTransient()) {
          throw e;
        }
        failure = e;
      } catch (InterruptedIOException | SSLHandshakeException e) {
        throw e;
      } catch (IOException e) {
        if (e.getCause() instanceof SSLHandshakeException) {
          throw new IOException(describe(request) + ": " + e.getMessage(), e);
        }
        failure = new IOException(describe(request) + ": " + e.getMessage(), e);
      }
      backoff.pause(attempt, pause, failure);
    }
  }

  private static <T> T handle(Reply reply, Handler<T> handler) throws IOException {
    boolean handled = false;
    try {
      T result = handler.handle(reply);
      handled = true;
      return result;
    } finally {
      if (!handled) {
        reply.body().close();
      }
    }
  }

  private String describe(S3Request request) {
    return request.operation() + " " + nameOf(request.key());
  }

  /** Whoever hands out credentials has its own patience, so this is not tried again here. */
  private S3Credentials credentials(S3Request request) throws IOException {
    try {
      return options.credentials.get();
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(describe(request) + ": " + e.getMessage(), e);
    }
  }

  private Reply sendOnce(S3Request request, S3Credentials credentials, int attempt)
      throws IOException {
    S3Endpoint target = endpoint;
    URI uri = target.uri(request.key(), request.query());
    Map<String, String> headers = new LinkedHashMap<>(request.headers());
    if (target.provider() == S3Provider.TIGRIS) {
      headers.put("X-Tigris-Consistent", "true");
    }
    if (!credentials.isAnonymous()) {
      sign(request, credentials, target, uri, headers);
    }
    long start = System.nanoTime();
    int status = 0;
    try {
      Reply reply =
          transport.send(request.method(), uri, headers, request.payload(), request.patience());
      status = reply.status();
      return reply;
    } finally {
      options.listener.request(
          request.operation(),
          status,
          request.payload().length(),
          attempt,
          Duration.ofNanos(System.nanoTime() - start));
    }
  }

  private void sign(
      S3Request request,
      S3Credentials credentials,
      S3Endpoint target,
      URI uri,
      Map<String, String> headers) {
    Instant now = options.clock.instant().plus(clockError);
    String hash = options.signPayload ? request.payload().sha256() : SigV4.UNSIGNED_PAYLOAD;
    headers.put("x-amz-date", SigV4.time(now));
    headers.put("x-amz-content-sha256", hash);
    credentials.sessionToken().ifPresent(token -> headers.put("x-amz-security-token", token));
    Map<String, String> signed = new LinkedHashMap<>(headers);
    signed.put("host", hostHeader(uri));
    String authorization =
        new SigV4(target.region(), SERVICE)
            .authorization(
                credentials,
                now,
                request.method(),
                uri.getRawPath(),
                request.query(),
                signed,
                hash);
    headers.put("Authorization", authorization);
  }

  /** As the JDK's client sends it: the port only where it is not the scheme's own. */
  private static String hostHeader(URI uri) {
    int standard = uri.getScheme().equals("https") ? 443 : 80;
    boolean plain = uri.getPort() < 0 || uri.getPort() == standard;
    return plain ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
  }

  /** Learns from an error what was wrong here; true if the request should be made again at once. */
  private boolean correct(S3Failure failure) {
    S3Endpoint known = endpoint;
    if (failure.isRedirect()
        && failure.region().isPresent()
        && !failure.region().get().equals(known.region())) {
      endpoint = known.in(failure.region().get());
      return true;
    }
    if (failure.isClockSkew() && failure.serverTime().isPresent()) {
      Duration error = Duration.between(options.clock.instant(), failure.serverTime().get());
      if (error.minus(clockError).abs().compareTo(MAX_CLOCK_ERROR) > 0) {
        clockError = error;
        return true;
      }
    }
    if (failure.isStaleCredentials()) {
      options.credentials.invalidate();
      return true;
    }
    return false;
  }
}

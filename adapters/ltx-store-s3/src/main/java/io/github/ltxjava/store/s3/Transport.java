package io.github.ltxjava.store.s3;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Sends one request and waits for the head of its answer, as long as bytes keep moving. The
 * connections are shared by all stores of the process.
 */
final class Transport {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private final HttpClient client;
  private final Duration stallTimeout;

  private Transport(HttpClient client, Duration stallTimeout) {
    this.client = client;
    this.stallTimeout = stallTimeout;
  }

  static Transport of(S3Options options) {
    HttpClient client = options.verifyCertificates ? Verifying.CLIENT : Trusting.CLIENT;
    return new Transport(client, options.stallTimeout);
  }

  /** Made when the first store is opened. */
  private static final class Verifying {
    static final HttpClient CLIENT = builder().build();
  }

  private static final class Trusting {
    static final HttpClient CLIENT = builder().sslContext(trustingContext()).build();
  }

  private static HttpClient.Builder builder() {
    // HTTP/1.1 is what S3 speaks; redirects are followed only by who can sign for the new place.
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(CONNECT_TIMEOUT);
  }

  /**
   * Sends a request.
   *
   * @param patience how many times longer than usual the server may be silent
   * @throws IOException if there is no answer, or nothing moves for a while
   */
  Reply send(String method, URI uri, Map<String, String> headers, Payload payload, int patience)
      throws IOException {
    Duration silence = stallTimeout.multipliedBy(patience);
    Progress progress = new Progress();
    HttpRequest.Builder request = HttpRequest.newBuilder(uri);
    request.method(method, new WatchedPublisher(payload.publisher(), progress));
    headers.forEach(request::header);
    CompletableFuture<HttpResponse<BodyReader>> answer =
        client.sendAsync(request.build(), head -> new BodyReader(silence));
    return Reply.of(await(uri, answer, progress, silence));
  }

  private HttpResponse<BodyReader> await(
      URI uri,
      CompletableFuture<HttpResponse<BodyReader>> answer,
      Progress progress,
      Duration silence)
      throws IOException {
    while (true) {
      long left = silence.toNanos() - (System.nanoTime() - progress.last);
      try {
        return answer.get(Math.max(left, 1), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        if (System.nanoTime() - progress.last >= silence.toNanos()) {
          answer.cancel(true);
          throw new HttpTimeoutException("no answer for " + silence.toMillis() + " ms");
        }
      } catch (InterruptedException e) {
        answer.cancel(true);
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while waiting for an answer");
      } catch (ExecutionException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        String message = cause.getMessage();
        if (cause instanceof ConnectException && message == null) {
          message = "nobody answers at " + uri.getAuthority();
        }
        throw new IOException(
            cause.getClass().getSimpleName() + (message == null ? "" : ": " + message), cause);
      }
    }
  }

  /** When something last moved. */
  private static final class Progress {
    volatile long last = System.nanoTime();
  }

  /** Notes when the client takes bytes, which it does as the connection takes them. */
  private static final class WatchedPublisher implements BodyPublisher {
    private final BodyPublisher publisher;
    private final Progress progress;

    WatchedPublisher(BodyPublisher publisher, Progress progress) {
      this.publisher = publisher;
      this.progress = progress;
    }

    @Override
    public long contentLength() {
      return publisher.contentLength();
    }

    @Override
    public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
      publisher.subscribe(
          new Subscriber<ByteBuffer>() {
            @Override
            public void onSubscribe(Subscription subscription) {
              progress.last = System.nanoTime();
              subscriber.onSubscribe(subscription);
            }

            @Override
            public void onNext(ByteBuffer item) {
              progress.last = System.nanoTime();
              subscriber.onNext(item);
            }

            @Override
            public void onError(Throwable throwable) {
              subscriber.onError(throwable);
            }

            @Override
            public void onComplete() {
              progress.last = System.nanoTime();
              subscriber.onComplete();
            }
          });
    }
  }

  private static SSLContext trustingContext() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new TrustEverybody()}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has TLS", e);
    }
  }

  /** For servers with certificates of their own making, where the user has asked for it. */
  private static final class TrustEverybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {
      // Asked for by skip-verify.
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
      // Asked for by skip-verify.
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
      // Asked for by skip-verify.
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
      // Asked for by skip-verify.
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {
      // Asked for by skip-verify.
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      // Asked for by skip-verify.
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}

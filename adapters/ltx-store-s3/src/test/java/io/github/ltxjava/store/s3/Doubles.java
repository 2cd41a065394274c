package io.github.ltxjava.store.s3;

import io.github.ltxjava.testkit.s3.S3Double;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/** Stores on a double of S3. */
final class Doubles {

  private Doubles() {}

  /** Options that find the double, and do not wait long. */
  static S3Options.Builder options(S3Double server) {
    return S3Options.builder()
        .environment(Map.of("HOME", "/nonexistent"))
        .endpoint(server.endpoint())
        .credentials(
            S3CredentialsProvider.of(S3Credentials.of(S3Double.ACCESS_KEY, S3Double.SECRET_KEY)))
        .maxBackoff(Duration.ofMillis(2));
  }

  static S3Store open(S3Double server) {
    return open(options(server));
  }

  static S3Store open(S3Options.Builder options) {
    return S3Store.open(URI.create("s3://" + S3Double.BUCKET + "/some/db"), options.build());
  }
}

package io.github.ltxjava.store.s3;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Remembers credentials until shortly before they expire. One thread fetches; the others wait for
 * it, so that a metadata service is asked once.
 */
final class CachedCredentials implements S3CredentialsProvider {

  /** How long before their end credentials are replaced, if they can be. */
  static final Duration EARLY = Duration.ofMinutes(5);

  /** How long to do with credentials that still are valid when new ones could not be fetched. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final S3CredentialsProvider source;
  private final Clock clock;
  private @Nullable S3Credentials cached;
  private Instant refreshAt = Instant.MIN;

  CachedCredentials(S3CredentialsProvider source) {
    this(source, Clock.systemUTC());
  }

  CachedCredentials(S3CredentialsProvider source, Clock clock) {
    this.source = source;
    this.clock = clock;
  }

  @Override
  public synchronized S3Credentials get() throws IOException {
    Instant now = clock.instant();
    S3Credentials known = cached;
    if (known != null && now.isBefore(refreshAt)) {
      return known;
    }
    try {
      S3Credentials fresh = source.get();
      cached = fresh;
      refreshAt = fresh.expiresAt().map(end -> end.minus(EARLY)).orElse(Instant.MAX);
      return fresh;
    } catch (IOException e) {
      if (known != null && known.expiresAt().orElse(Instant.MIN).isAfter(now)) {
        refreshAt = now.plus(PATIENCE);
        return known;
      }
      throw e;
    }
  }

  @Override
  public synchronized void invalidate() {
    cached = null;
    source.invalidate();
  }
}

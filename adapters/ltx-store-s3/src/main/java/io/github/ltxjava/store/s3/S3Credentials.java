package io.github.ltxjava.store.s3;

import java.time.Instant;
import java.util.Optional;

/**
 * What requests are signed with.
 *
 * @param accessKeyId public part of the key; empty for requests that are not signed
 * @param secretAccessKey secret part of the key
 * @param sessionToken goes with keys that are valid for a while
 * @param expiresAt when they are no longer valid, as far as that is known
 */
public record S3Credentials(
    String accessKeyId,
    String secretAccessKey,
    Optional<String> sessionToken,
    Optional<Instant> expiresAt) {

  /** For buckets that everybody may read: requests are not signed. */
  public static final S3Credentials ANONYMOUS =
      new S3Credentials("", "", Optional.empty(), Optional.empty());

  /** Returns a key that is valid until somebody revokes it. */
  public static S3Credentials of(String accessKeyId, String secretAccessKey) {
    return new S3Credentials(accessKeyId, secretAccessKey, Optional.empty(), Optional.empty());
  }

  boolean isAnonymous() {
    return accessKeyId.isEmpty();
  }

  /** Returns the public part only. */
  @Override
  public String toString() {
    return "S3Credentials[" + accessKeyId + "]";
  }
}

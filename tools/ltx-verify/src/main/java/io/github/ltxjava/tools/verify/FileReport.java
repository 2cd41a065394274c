package io.github.ltxjava.tools.verify;

import io.github.ltxjava.Verification;
import org.jspecify.annotations.Nullable;

/**
 * What was found out about one file.
 *
 * @param file its name as given
 * @param verification null if the file cannot be read
 * @param failure why it cannot be read, or null
 * @param fileDigest the digest of its bytes, or null if none was asked for
 * @param contentDigest the digest of its content, or null
 */
record FileReport(
    String file,
    @Nullable Verification verification,
    @Nullable String failure,
    @Nullable String fileDigest,
    @Nullable String contentDigest) {

  static FileReport unreadable(String file, String failure) {
    return new FileReport(file, null, failure, null, null);
  }

  boolean isSound() {
    return verification != null && verification.isSound();
  }
}

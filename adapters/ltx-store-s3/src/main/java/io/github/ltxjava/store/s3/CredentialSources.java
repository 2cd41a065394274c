package io.github.ltxjava.store.s3;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The places where credentials are looked for, and their order. */
final class CredentialSources {

  private CredentialSources() {}

  /** The order of the AWS tools, so that what works with them works here. */
  static S3CredentialsProvider standard(Map<String, String> environment) {
    return new CachedCredentials(
        firstOf(
            List.of(
                environment(environment),
                () -> {
                  AwsProfiles profiles = AwsProfiles.read(environment);
                  return profiles.credentials(profiles.selected());
                },
                () -> MetadataCredentials.ofContainer(environment),
                () -> MetadataCredentials.ofInstance(environment))));
  }

  /**
   * The first that has credentials. Each says by a {@link FileNotFoundException} that it has none;
   * any other failure ends the search, because credentials that are there but broken should not be
   * passed over.
   */
  static S3CredentialsProvider firstOf(List<S3CredentialsProvider> providers) {
    return () -> {
      List<String> reasons = new ArrayList<>();
      for (S3CredentialsProvider provider : providers) {
        try {
          return provider.get();
        } catch (FileNotFoundException e) {
          reasons.add(e.getMessage());
        }
      }
      throw new IOException("no S3 credentials: " + String.join("; ", reasons));
    };
  }

  static S3CredentialsProvider environment(Map<String, String> environment) {
    return () -> {
      for (String prefix : List.of("AWS_", "LITESTREAM_")) {
        String id = environment.getOrDefault(prefix + "ACCESS_KEY_ID", "");
        String secret = environment.getOrDefault(prefix + "SECRET_ACCESS_KEY", "");
        if (!id.isEmpty() && !secret.isEmpty()) {
          Optional<String> token =
              Optional.ofNullable(environment.get(prefix + "SESSION_TOKEN"))
                  .filter(text -> !text.isEmpty());
          return new S3Credentials(id, secret, token, Optional.empty());
        }
        if (id.isEmpty() != secret.isEmpty()) {
          throw new IOException(
              prefix + "ACCESS_KEY_ID and " + prefix + "SECRET_ACCESS_KEY have to be set together");
        }
      }
      throw new FileNotFoundException("AWS_ACCESS_KEY_ID is not set");
    };
  }
}

package io.github.ltxjava.store.s3;

import java.io.IOException;
import java.util.Map;

/**
 * Where credentials come from. Asked before every request, by many threads at once; those that the
 * methods here return remember what they got until shortly before it expires.
 */
@FunctionalInterface
public interface S3CredentialsProvider {

  /**
   * Returns credentials that are valid now.
   *
   * @throws IOException if there are none; the message says where they were looked for
   */
  S3Credentials get() throws IOException;

  /** Tells the provider that a server has refused what it returned; the next one may be new. */
  default void invalidate() {
    // What never changes has nothing to forget.
  }

  /** Always returns the same. */
  static S3CredentialsProvider of(S3Credentials credentials) {
    return () -> credentials;
  }

  /**
   * Looks into the environment variables, the profile files, the container's and then the machine's
   * metadata service, in this order, and stays with the first that has credentials.
   */
  static S3CredentialsProvider standard() {
    return CredentialSources.standard(System.getenv());
  }

  /**
   * Reads {@code AWS_ACCESS_KEY_ID}, {@code AWS_SECRET_ACCESS_KEY} and {@code AWS_SESSION_TOKEN},
   * or the first two with {@code LITESTREAM_} instead of {@code AWS_}.
   */
  static S3CredentialsProvider environment() {
    return CredentialSources.environment(System.getenv());
  }

  /**
   * Reads a profile of {@code ~/.aws/credentials} and {@code ~/.aws/config}, or of the files that
   * {@code AWS_SHARED_CREDENTIALS_FILE} and {@code AWS_CONFIG_FILE} name. Only keys: profiles that
   * assume a role or start a program are refused.
   *
   * @param name {@code default}, for instance
   */
  static S3CredentialsProvider profile(String name) {
    Map<String, String> environment = System.getenv();
    return new CachedCredentials(() -> AwsProfiles.read(environment).credentials(name));
  }

  /**
   * Asks the endpoint that {@code AWS_CONTAINER_CREDENTIALS_FULL_URI} or {@code ..._RELATIVE_URI}
   * names, as ECS and EKS set it.
   */
  static S3CredentialsProvider container() {
    Map<String, String> environment = System.getenv();
    return new CachedCredentials(() -> MetadataCredentials.ofContainer(environment));
  }

  /** Asks the machine's metadata service (EC2, version 2). */
  static S3CredentialsProvider instance() {
    Map<String, String> environment = System.getenv();
    return new CachedCredentials(() -> MetadataCredentials.ofInstance(environment));
  }
}

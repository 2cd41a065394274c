package io.github.ltxjava.store.s3;

import java.time.Duration;

/** Is told of every request, for counting. Called by the threads that make the requests. */
@FunctionalInterface
public interface S3Listener {

  /**
   * A request was answered or has failed.
   *
   * @param operation S3's name of it, such as {@code PutObject} or {@code ListObjectsV2}
   * @param status the HTTP status, or 0 if there was no answer
   * @param sentBytes length of the request's body
   * @param attempt 1, or more for the repetition of a request that has failed
   * @param duration until the head of the answer was there
   */
  void request(String operation, int status, long sentBytes, int attempt, Duration duration);
}

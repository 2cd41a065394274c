package io.github.ltxjava.testkit.s3;

/** What an {@link S3Double} does to a request instead of answering it well. */
public enum S3Fault {
  /** 503 SlowDown; nothing was done. */
  SLOW_DOWN,
  /** 500 InternalError; nothing was done. */
  INTERNAL_ERROR,
  /** 500 InternalError, after all was done. */
  INTERNAL_ERROR_AFTERWARDS,
  /** 409 ConditionalRequestConflict; nothing was done. */
  CONFLICT,
  /** 429, asking for a pause of no seconds. */
  TOO_MANY_REQUESTS,
  /** The connection ends before anything was done. */
  LOST_REQUEST,
  /** The connection ends after all was done. */
  LOST_REPLY,
  /** Half of the body, then the connection ends. */
  CUT_BODY,
  /** All is done, and no answer comes until the server is closed. */
  STALLED_REPLY,
  /** The body in small pieces with pauses, together about three seconds. */
  SLOW_BODY,
  /** Half of the body, and then nothing until the server is closed. */
  STALLED_BODY,
  /** Status 200, and an error in the body. */
  ERROR_IN_BODY,
  /** A range of the body that is not the one asked for. */
  WRONG_RANGE,
  /** A range of an object that is longer than the one that is there. */
  WRONG_TOTAL,
  /** The whole body instead of the range asked for. */
  IGNORED_RANGE,
  /** 403 AccessDenied; nothing was done. */
  ACCESS_DENIED,
  /** 403 RequestTimeTooSkewed. */
  SKEWED,
  /** 400 ExpiredToken. */
  EXPIRED_TOKEN,
  /** A body of XML that never ends, or an error page as large. */
  ENDLESS_BODY,
  /** A body that is not XML. */
  NOT_XML
}

package io.github.ltxjava.store.s3;

import java.io.IOException;

/** Thrown where a server answers that it will not do what was asked. */
public final class S3Exception extends IOException {

  private static final long serialVersionUID = 1;

  private final int status;
  private final String code;

  S3Exception(String request, int status, String code, String message) {
    super(
        request
            + ": "
            + status
            + (code.isEmpty() ? "" : " " + code)
            + (message.isEmpty() ? "" : ": " + message));
    this.status = status;
    this.code = code;
  }

  /** Returns the HTTP status, which is 200 where a server noticed its failure too late. */
  public int status() {
    return status;
  }

  /**
   * Returns S3's code of the error, such as {@code AccessDenied}; empty if the server gave none.
   */
  public String code() {
    return code;
  }
}

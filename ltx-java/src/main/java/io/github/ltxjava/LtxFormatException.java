package io.github.ltxjava;

import java.io.IOException;
import java.util.Objects;

/**
 * Thrown when bytes are not a sound LTX file: what is wrong, where, and in which source.
 *
 * <p>A failing medium is another {@link IOException}; misuse of this library is an {@link
 * IllegalArgumentException} or {@link IllegalStateException}.
 */
public final class LtxFormatException extends IOException {

  private static final long serialVersionUID = 1L;

  /**
   * What is wrong. The names are stable: conformance vectors and the tools' JSON output refer to
   * them.
   */
  public enum Reason {
    /** The file does not start with {@code LTX1}. */
    BAD_MAGIC,
    /** A header field is out of range or contradicts another. */
    BAD_HEADER,
    /** A page's frame header is wrong: its flags or its size field. */
    BAD_PAGE_FRAME,
    /** A page number is 0 or above the commit. */
    PAGE_NUMBER,
    /** Page numbers do not ascend. */
    PAGE_ORDER,
    /** The lock page, which SQLite never writes, is in the file. */
    LOCK_PAGE,
    /** Compressed data is malformed or does not give exactly one page. */
    BAD_COMPRESSION,
    /** A snapshot lacks pages. */
    SNAPSHOT_INCOMPLETE,
    /** The page index is malformed or does not describe the frames of the file. */
    BAD_INDEX,
    /** The post-apply checksum is missing, malformed, or not allowed here. */
    BAD_TRAILER,
    /** The file ends too early. */
    TRUNCATED,
    /** There are bytes behind the trailer. */
    TRAILING_BYTES,
    /** The file checksum does not match. */
    FILE_CHECKSUM,
    /** The pages do not have the database checksum that the file claims. */
    DATABASE_CHECKSUM,
    /** The file uses something that this reader does not support or was not told to accept. */
    UNSUPPORTED,
    /** The layout cannot be told; the caller has to name it. */
    UNKNOWN_LAYOUT
  }

  private final Reason reason;
  private final long offset;
  private final String source;
  private final String detail;

  /**
   * Creates an exception; its message is {@code [source] REASON at offset N: detail}.
   *
   * @param reason the stable code
   * @param source the name of the file or stream
   * @param offset where in the source, in bytes from its start
   * @param detail what was expected and what was found, for people
   */
  public LtxFormatException(Reason reason, String source, long offset, String detail) {
    super("[" + source + "] " + reason + " at offset " + offset + ": " + detail);
    this.reason = Objects.requireNonNull(reason);
    this.source = Objects.requireNonNull(source);
    this.offset = offset;
    this.detail = Objects.requireNonNull(detail);
  }

  /** Returns source, reason, offset and detail in one line. */
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }

  /** Returns the stable code. */
  public Reason reason() {
    return reason;
  }

  /** Returns where the damage is, in bytes from the start of the source. */
  public long offset() {
    return offset;
  }

  /** Returns the name of the source. */
  public String source() {
    return source;
  }

  /** Returns what was expected and what was found, without reason, source and offset. */
  public String detail() {
    return detail;
  }
}

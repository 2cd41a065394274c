package io.github.ltxjava.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A small object in a store that is replaced only by who has seen what it holds: of many who read
 * the same version and replace it, exactly one succeeds, whatever machines they run on.
 *
 * <p>Safe for many threads. An object is never deleted through this interface, so that what it
 * counts never starts again.
 */
public interface ConditionalObject {

  /** The most bytes that an object may hold. */
  int MAX_SIZE = 64 << 10;

  /**
   * What an object held at a moment.
   *
   * @param content the bytes, the caller's to keep
   * @param tag what the store knows the version by
   */
  record Version(byte[] content, String tag) {

    /** A version that is known by its content, for stores that have no better name for it. */
    static Version of(byte[] content) {
      try {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
        return new Version(content.clone(), HexFormat.of().formatHex(digest));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java has SHA-256", e);
      }
    }

    /** Returns the content as UTF-8 text. */
    public String text() {
      return new String(content, StandardCharsets.UTF_8);
    }
  }

  /**
   * Reads the object.
   *
   * @return what it holds, or empty if it does not exist
   * @throws IOException if the store cannot be read, or the object is larger than {@link #MAX_SIZE}
   */
  Optional<Version> read() throws IOException;

  /**
   * Replaces the object if it still is as expected. It is durable when this returns.
   *
   * @param expected what {@link #read} or this method returned, or empty to create the object
   * @param content at most {@link #MAX_SIZE} bytes
   * @return the new version, or empty if the object was not as expected, and stays as it is
   * @throws IllegalArgumentException if the content is too large
   * @throws UnsupportedOperationException if a server, when asked, shows that it cannot do this
   * @throws IOException if the store cannot be written; the object may have been replaced or not
   */
  Optional<Version> replace(Optional<Version> expected, byte[] content) throws IOException;

  /** Returns what messages call this object: a path, a URL. */
  String name();

  /**
   * Checks the name of an object.
   *
   * @return the name
   * @throws IllegalArgumentException if the name has another form than {@link LtxStore#object} says
   */
  static String checkName(String name) {
    if (!name.matches("[a-z0-9-][a-z0-9.-]{0,99}") || name.endsWith(".ltx")) {
      throw new IllegalArgumentException("\"" + name + "\" cannot be the name of an object");
    }
    return name;
  }

  /**
   * Checks the size of an object.
   *
   * @throws IllegalArgumentException if it is more than {@link #MAX_SIZE}
   */
  static void checkSize(long size) {
    if (size > MAX_SIZE) {
      throw new IllegalArgumentException(size + " bytes are more than " + MAX_SIZE);
    }
  }
}

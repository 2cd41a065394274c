package io.github.ltxjava;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Takes pages as they are decoded. */
@FunctionalInterface
public interface PageVisitor {

  /**
   * Takes a page.
   *
   * @param pageNumber its number
   * @param page exactly one page, read-only, valid until this method returns
   * @throws IOException if the page cannot be taken; reading ends with this exception
   */
  void accept(long pageNumber, ByteBuffer page) throws IOException;
}

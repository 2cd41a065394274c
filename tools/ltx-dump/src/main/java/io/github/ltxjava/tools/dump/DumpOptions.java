package io.github.ltxjava.tools.dump;

import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.tools.cli.UsageException;

/**
 * What to print.
 *
 * @param json one JSON object instead of text
 * @param pages a line for every page; JSON always has them
 * @param page the number of the only page to print, or 0 for the whole file
 */
public record DumpOptions(boolean json, boolean pages, long page) {

  /** Header, summary of the pages, index and trailer as text. */
  public static final DumpOptions DEFAULT = new DumpOptions(false, false, 0);

  /** Prints JSON. */
  public DumpOptions withJson() {
    return new DumpOptions(true, pages, page);
  }

  /** Prints a line for every page. */
  public DumpOptions withPages() {
    return new DumpOptions(json, true, page);
  }

  /**
   * Prints a single page.
   *
   * @throws UsageException if the text is no page number
   */
  public DumpOptions withPage(String text) throws UsageException {
    long number = 0;
    for (int i = 0; i < text.length() && number <= LtxHeader.MAX_PAGE_NUMBER; i++) {
      char c = text.charAt(i);
      number = c >= '0' && c <= '9' ? number * 10 + (c - '0') : Long.MAX_VALUE;
    }
    if (number < 1 || number > LtxHeader.MAX_PAGE_NUMBER) {
      throw new UsageException(
          "\"" + text + "\" is no page number; use 1 to " + LtxHeader.MAX_PAGE_NUMBER);
    }
    return new DumpOptions(json, pages, number);
  }
}

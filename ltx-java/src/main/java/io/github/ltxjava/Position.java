package io.github.ltxjava;

/**
 * Where a database stands: the last transaction and the checksum of all pages after it.
 *
 * <p>The text form is {@code txid/checksum}, 33 characters, as LiteFS writes it.
 *
 * @param txid the last transaction applied
 * @param checksum the database checksum after it
 */
public record Position(Txid txid, Checksum checksum) {

  private static final int TEXT_LENGTH = 33;

  /**
   * Parses the text form.
   *
   * @throws IllegalArgumentException if the text has another form
   */
  public static Position parse(String text) {
    if (text.length() != TEXT_LENGTH || text.charAt(16) != '/') {
      throw new IllegalArgumentException(
          "a position is a transaction ID, a slash and a checksum, 33 characters, but was \""
              + text
              + "\"");
    }
    return new Position(Txid.parse(text.substring(0, 16)), Checksum.parse(text.substring(17)));
  }

  /** Returns {@code txid/checksum}. */
  @Override
  public String toString() {
    return txid + "/" + checksum;
  }
}

package io.github.ltxjava;

import io.github.ltxjava.internal.format.Hex;

/**
 * A transaction ID: an unsigned 64-bit number that grows by one with every transaction.
 *
 * <p>Valid IDs start at 1. The text form, used in file names and messages, is 16 lower-case
 * hexadecimal digits, so that the order of the texts is the order of the numbers.
 *
 * @param value the ID as an unsigned number; never 0
 */
public record Txid(long value) implements Comparable<Txid> {

  /** The first transaction of a database. */
  public static final Txid FIRST = new Txid(1);

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException if {@code value} is 0
   */
  public Txid {
    if (value == 0) {
      throw new IllegalArgumentException("a transaction ID is at least 1");
    }
  }

  /**
   * Returns the transaction ID with this unsigned value.
   *
   * @throws IllegalArgumentException if {@code value} is 0
   */
  public static Txid of(long value) {
    return new Txid(value);
  }

  /**
   * Parses the text form.
   *
   * @param text exactly 16 hexadecimal digits, in either case
   * @throws IllegalArgumentException if the text has another form or is zero
   */
  public static Txid parse(String text) {
    return new Txid(Hex.parseLong(text, "transaction ID"));
  }

  /**
   * Returns the ID that follows this one.
   *
   * @throws ArithmeticException if this is the last one, {@code ffffffffffffffff}
   */
  public Txid next() {
    if (value == -1) {
      throw new ArithmeticException("there is no transaction ID after " + this);
    }
    return new Txid(value + 1);
  }

  /** Compares as unsigned numbers. */
  @Override
  public int compareTo(Txid other) {
    return Long.compareUnsigned(value, other.value);
  }

  /** Returns the 16 hexadecimal digits. */
  @Override
  public String toString() {
    return Hex.format(value);
  }
}

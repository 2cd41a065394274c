package io.github.ltxjava;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The transactions that one LTX file holds, both ends included.
 *
 * <p>The text form, {@code min-max} in 33 characters, is the stem of an LTX file's name.
 *
 * @param min the first transaction
 * @param max the last transaction; not before {@code min}
 */
public record TxidRange(Txid min, Txid max) implements Comparable<TxidRange> {

  private static final Pattern FILE_NAME = Pattern.compile("([0-9a-f]{16})-([0-9a-f]{16})\\.ltx");

  /**
   * Checks the order.
   *
   * @throws IllegalArgumentException if {@code max} is before {@code min}
   */
  public TxidRange {
    if (min.compareTo(max) > 0) {
      throw new IllegalArgumentException("minTXID " + min + " is above maxTXID " + max);
    }
  }

  /** Returns the range of a single transaction. */
  public static TxidRange of(Txid txid) {
    return new TxidRange(txid, txid);
  }

  /** Returns the range between two transactions, both included. */
  public static TxidRange of(Txid min, Txid max) {
    return new TxidRange(min, max);
  }

  /**
   * Parses the name of an LTX file, {@code <minTXID>-<maxTXID>.ltx} in lower-case hexadecimal.
   *
   * @return the range, or empty if the name is not that of an LTX file
   */
  public static Optional<TxidRange> ofFileName(String name) {
    Matcher matcher = FILE_NAME.matcher(name);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long min = Long.parseUnsignedLong(matcher.group(1), 16);
    long max = Long.parseUnsignedLong(matcher.group(2), 16);
    if (min == 0 || Long.compareUnsigned(min, max) > 0) {
      return Optional.empty();
    }
    return Optional.of(new TxidRange(new Txid(min), new Txid(max)));
  }

  /** Returns the name of the file that holds these transactions. */
  public String fileName() {
    return this + ".ltx";
  }

  /** Tells whether a file of this range is a snapshot: it starts at the first transaction. */
  public boolean isSnapshot() {
    return min.value() == 1;
  }

  /** Tells whether this range holds the transaction. */
  public boolean contains(Txid txid) {
    return min.compareTo(txid) <= 0 && txid.compareTo(max) <= 0;
  }

  /**
   * Tells whether {@code next} continues this range: it starts no later than right after this
   * range, and ends later. Overlap is allowed, a gap is not (the rule of the reference
   * implementation's compactor).
   */
  public boolean isFollowedBy(TxidRange next) {
    return startsWithinOrRightAfter(next) && next.max.compareTo(max) > 0;
  }

  /** Tells whether {@code next} starts exactly one transaction after this range ends. */
  public boolean isContiguousWith(TxidRange next) {
    return next.min.value() - 1 == max.value();
  }

  private boolean startsWithinOrRightAfter(TxidRange next) {
    return Long.compareUnsigned(next.min.value() - 1, max.value()) <= 0;
  }

  /** Orders by the first transaction, then by the last. */
  @Override
  public int compareTo(TxidRange other) {
    int byMin = min.compareTo(other.min);
    return byMin != 0 ? byMin : max.compareTo(other.max);
  }

  /** Returns {@code min-max}. */
  @Override
  public String toString() {
    return min + "-" + max;
  }
}

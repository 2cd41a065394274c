package io.github.ltxjava.compaction.restore;

/** A set of page numbers, one bit each, in pieces that are made when they are needed. */
final class PageSet {

  private static final int PIECE_BITS = 16;
  private static final int PIECE_MASK = (1 << PIECE_BITS) - 1;

  private final long[][] pieces;

  /** Creates an empty set of page numbers up to a commit. */
  PageSet(long commit) {
    this.pieces = new long[(int) (commit >>> PIECE_BITS) + 1][];
  }

  /** Adds a page number; returns false if it was there. */
  boolean add(long pageNumber) {
    long[] piece = piece(pageNumber);
    int word = word(pageNumber);
    long before = piece[word];
    piece[word] = before | 1L << pageNumber;
    return piece[word] != before;
  }

  boolean contains(long pageNumber) {
    long[] piece = pieces[(int) (pageNumber >>> PIECE_BITS)];
    return piece != null && (piece[word(pageNumber)] & 1L << pageNumber) != 0;
  }

  private long[] piece(long pageNumber) {
    int number = (int) (pageNumber >>> PIECE_BITS);
    if (pieces[number] == null) {
      pieces[number] = new long[(PIECE_MASK + 1) / Long.SIZE];
    }
    return pieces[number];
  }

  private static int word(long pageNumber) {
    return (int) (pageNumber & PIECE_MASK) / Long.SIZE;
  }
}

package io.github.ltxjava.compaction;

/**
 * A loser tree over the inputs of a merge: tells which input holds the smallest page number, the
 * newest of them if several do.
 *
 * <pre>
 *            winner
 *              |
 *            loser 1
 *           /       \
 *       loser 2    loser 3        inner nodes hold who lost there,
 *       /    \      /    \        leaves are the inputs
 *      0      1    2      3
 * </pre>
 *
 * <p>When an input moves on, only the nodes between its leaf and the root are played again.
 */
final class NewestPages {

  /** The page number of an input that has no more pages. */
  static final long EXHAUSTED = Long.MAX_VALUE;

  private final long[] pageNumbers;
  private final int[] losers;
  private int winner;

  /**
   * Plays the first round.
   *
   * @param pageNumbers the first page number of each input, oldest input first; at least one
   */
  NewestPages(long[] pageNumbers) {
    this.pageNumbers = pageNumbers.clone();
    this.losers = new int[pageNumbers.length];
    this.winner = pageNumbers.length == 1 ? 0 : play(1);
  }

  /** Plays the subtree below a node and returns who wins it; the leaves follow the inner nodes. */
  private int play(int node) {
    if (node >= pageNumbers.length) {
      return node - pageNumbers.length;
    }
    int left = play(2 * node);
    int right = play(2 * node + 1);
    boolean leftWins = beats(left, right);
    losers[node] = leftWins ? right : left;
    return leftWins ? left : right;
  }

  /** Returns the input with the smallest page number, the newest of them if several have it. */
  int input() {
    return winner;
  }

  /** Returns that page number, or {@link #EXHAUSTED} when no input has pages left. */
  long pageNumber() {
    return pageNumbers[winner];
  }

  /** Moves the winning input on to its next page number. */
  void advance(long pageNumber) {
    pageNumbers[winner] = pageNumber;
    int best = winner;
    for (int node = (winner + pageNumbers.length) >>> 1; node > 0; node >>>= 1) {
      if (beats(losers[node], best)) {
        int loser = best;
        best = losers[node];
        losers[node] = loser;
      }
    }
    winner = best;
  }

  private boolean beats(int a, int b) {
    long left = pageNumbers[a];
    long right = pageNumbers[b];
    return left != right ? left < right : a > b;
  }
}

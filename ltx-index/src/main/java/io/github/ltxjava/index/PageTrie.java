package io.github.ltxjava.index;

import io.github.ltxjava.LtxFile;
import io.github.ltxjava.PageIndex;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A map from page numbers to files that is never changed, only copied where it differs.
 *
 * <pre>
 *   page number, 32 bits:   | 5 | 5 | 5 | 5 | 5 |   7   |
 *                           five levels of nodes, a leaf
 * </pre>
 *
 * <p>A subtree is one of four things: {@code null} (no file holds any of its pages), a file (which
 * holds all of its pages, up to the file's commit), an array of 32 subtrees, or a {@link PageLeaf}
 * of 128 pages. So a snapshot is a single reference, however large. A file may be named for a page
 * that it does not hold, above its commit; it knows so itself, and the page is zero.
 */
final class PageTrie {

  private static final int NODE_BITS = 5;
  private static final int NODE_SIZE = 1 << NODE_BITS;
  private static final int ROOT_SPAN = 32;

  private PageTrie() {}

  static @Nullable LtxFile get(@Nullable Object root, long pageNumber) {
    @Nullable Object node = root;
    int span = ROOT_SPAN;
    while (node instanceof Object[] children) {
      span -= NODE_BITS;
      node = children[(int) (pageNumber >>> span) & (NODE_SIZE - 1)];
    }
    return node instanceof PageLeaf leaf ? leaf.get(pageNumber) : (LtxFile) node;
  }

  /** Returns the map without the pages above a commit. */
  static @Nullable Object truncate(@Nullable Object root, long commit) {
    return truncate(root, ROOT_SPAN, 0, commit);
  }

  private static @Nullable Object truncate(
      @Nullable Object node, int span, long base, long commit) {
    if (node == null || base > commit) {
      return null;
    }
    if (base + (1L << span) - 1 <= commit) {
      return node;
    }
    if (span == PageLeaf.BITS) {
      @Nullable LtxFile[] slots = PageLeaf.slotsOf(node);
      Arrays.fill(slots, (int) (commit - base) + 1, slots.length, null);
      return PageLeaf.of(slots);
    }
    @Nullable Object[] children = childrenOf(node);
    int childSpan = span - NODE_BITS;
    int last = (int) ((commit - base) >>> childSpan);
    children[last] = truncate(children[last], childSpan, base + ((long) last << childSpan), commit);
    Arrays.fill(children, last + 1, children.length, null);
    return node(children);
  }

  /** Returns the map with a file in place of whatever held the file's pages. */
  static @Nullable Object put(@Nullable Object root, LtxFile file) {
    return put(root, ROOT_SPAN, 0, file, 0, file.index().size());
  }

  /**
   * Puts the pages at the positions from {@code from} to {@code to}, which are those of this node.
   */
  private static @Nullable Object put(
      @Nullable Object node, int span, long base, LtxFile file, int from, int to) {
    if (from == to) {
      return node;
    }
    if (to - from == pagesOf(file, base, base + (1L << span) - 1)) {
      return file;
    }
    PageIndex index = file.index();
    if (span == PageLeaf.BITS) {
      @Nullable LtxFile[] slots = PageLeaf.slotsOf(node);
      for (int i = from; i < to; i++) {
        slots[(int) (index.pageNumber(i) - base)] = file;
      }
      return PageLeaf.of(slots);
    }
    @Nullable Object[] children = childrenOf(node);
    int childSpan = span - NODE_BITS;
    int position = from;
    while (position < to) {
      int child = (int) ((index.pageNumber(position) - base) >>> childSpan);
      long childBase = base + ((long) child << childSpan);
      int end = firstFrom(index, childBase + (1L << childSpan), position, to);
      children[child] = put(children[child], childSpan, childBase, file, position, end);
      position = end;
    }
    return node(children);
  }

  /** How many pages a file has between two numbers if it holds every one up to its commit. */
  static long pagesOf(LtxFile file, long first, long last) {
    long low = Math.max(first, 1);
    long high = Math.min(last, file.header().commit());
    long lock = file.header().lockPageNumber();
    return high - low + 1 - (low <= lock && lock <= high ? 1 : 0);
  }

  /** The first position between two whose page number is not below the given one. */
  private static int firstFrom(PageIndex index, long pageNumber, int from, int to) {
    int low = from;
    int high = to;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (index.pageNumber(middle) < pageNumber) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** A copy of a node's children; of a subtree that is one thing, that thing for each. */
  private static @Nullable Object[] childrenOf(@Nullable Object node) {
    if (node instanceof Object[] children) {
      return children.clone();
    }
    @Nullable Object[] children = new @Nullable Object[NODE_SIZE];
    Arrays.fill(children, node);
    return children;
  }

  /** One thing instead of 32 times the same; only files, as deeper nodes are never the same. */
  @SuppressWarnings("ReferenceEquality")
  private static @Nullable Object node(@Nullable Object[] children) {
    @Nullable Object first = children[0];
    if (first != null && !(first instanceof LtxFile)) {
      return children;
    }
    for (@Nullable Object child : children) {
      if (child != first) {
        return children;
      }
    }
    return first;
  }
}

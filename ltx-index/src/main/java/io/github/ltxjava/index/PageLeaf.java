package io.github.ltxjava.index;

import io.github.ltxjava.LtxFile;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The files of 128 pages: the distinct ones once, and a byte a page that says which. */
final class PageLeaf {

  static final int BITS = 7;
  private static final int SIZE = 1 << BITS;

  private final @Nullable LtxFile[] files;
  private final byte[] which;

  private PageLeaf(@Nullable LtxFile[] files, byte[] which) {
    this.files = files;
    this.which = which;
  }

  /** Returns a leaf, or the file (or nothing) itself if it is the same for all pages. */
  static @Nullable Object of(@Nullable LtxFile[] slots) {
    @Nullable LtxFile[] files = new @Nullable LtxFile[SIZE];
    byte[] which = new byte[SIZE];
    int count = 0;
    for (int i = 0; i < SIZE; i++) {
      int found = 0;
      while (found < count && files[found] != slots[i]) {
        found++;
      }
      if (found == count) {
        files[count++] = slots[i];
      }
      which[i] = (byte) found;
    }
    return count == 1 ? files[0] : new PageLeaf(Arrays.copyOf(files, count), which);
  }

  /** Copies the files of a leaf, or of a subtree that is one thing, page by page. */
  static @Nullable LtxFile[] slotsOf(@Nullable Object node) {
    @Nullable LtxFile[] slots = new @Nullable LtxFile[SIZE];
    if (node instanceof PageLeaf leaf) {
      for (int i = 0; i < SIZE; i++) {
        slots[i] = leaf.files[leaf.which[i]];
      }
    } else {
      Arrays.fill(slots, (LtxFile) node);
    }
    return slots;
  }

  @Nullable LtxFile get(long pageNumber) {
    return files[which[(int) pageNumber & (SIZE - 1)]];
  }
}

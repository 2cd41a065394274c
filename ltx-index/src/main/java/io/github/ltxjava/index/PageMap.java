package io.github.ltxjava.index;

import io.github.ltxjava.LtxFile;
import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.Txid;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One version of a database: for every page, the file of a chain that holds its newest copy.
 *
 * <p>The database is the one that applying the files one by one gives. A page above the commit does
 * not exist. A page that a file cut off does not come back when the database grows again; it reads
 * as zeros until a later file brings it, and so does the lock page.
 *
 * <p>A map never changes. {@link #append} gives a new one that shares with the old one whatever the
 * appended file does not touch: an older version that is kept costs about 300 bytes for each page
 * of a later file that lies by itself, less where pages lie together. Building reads no page. A map
 * takes nothing worth counting where a single file holds the pages, and 1 to 5 bytes a page where
 * files mix; the page index of each file takes 12 bytes a page of the file.
 *
 * <p>Safe for many threads. The files stay the caller's, who keeps them open as long as a map with
 * them is read.
 */
public final class PageMap {

  private final LtxFile newest;
  private final @Nullable Object pages;
  private final long lockPage;

  private PageMap(LtxFile newest, @Nullable Object pages) {
    this.newest = newest;
    this.pages = pages;
    this.lockPage = newest.header().lockPageNumber();
  }

  /**
   * Returns the database that a snapshot holds.
   *
   * @throws ChainException if the file is not a snapshot: its first transaction is not 1
   * @throws LtxFormatException with {@code SNAPSHOT_INCOMPLETE} if it lacks pages
   */
  public static PageMap of(LtxFile snapshot) throws ChainException, LtxFormatException {
    ChainRules.requireSnapshot(snapshot);
    return new PageMap(snapshot, PageTrie.put(null, snapshot));
  }

  /**
   * Returns the database at the end of a chain.
   *
   * @param chain a snapshot and the files that follow it, oldest first
   * @throws ChainException if the files do not form one history
   * @throws LtxFormatException if a snapshot lacks pages
   * @throws IllegalArgumentException if the chain is empty
   */
  public static PageMap of(List<LtxFile> chain) throws ChainException, LtxFormatException {
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("no files: there is no database without a snapshot");
    }
    PageMap map = of(chain.get(0));
    for (LtxFile file : chain.subList(1, chain.size())) {
      map = map.append(file);
    }
    return map;
  }

  /**
   * Returns the database after one more file, at the cost of that file's pages.
   *
   * @param next has to follow this version: it starts no later than right after it and ends later
   *     (overlap is allowed, see {@link io.github.ltxjava.TxidRange#isFollowedBy})
   * @throws ChainException if it does not follow, has another page size, or starts from another
   *     database
   * @throws LtxFormatException if it is a snapshot that lacks pages
   */
  public PageMap append(LtxFile next) throws ChainException, LtxFormatException {
    ChainRules.requireFollows(newest, next);
    long nextCommit = next.header().commit();
    Object kept = nextCommit < commit() ? PageTrie.truncate(pages, nextCommit) : pages;
    return new PageMap(next, PageTrie.put(kept, next));
  }

  /** Returns the last transaction of this version. */
  public Txid txid() {
    return header().txids().max();
  }

  /** Returns bytes per page. */
  public int pageSize() {
    return header().pageSize();
  }

  /** Returns the size of the database in pages. */
  public long commit() {
    return header().commit();
  }

  /** Returns the header of the file that made this version. */
  public LtxHeader header() {
    return newest.header();
  }

  /**
   * Finds where a page is stored.
   *
   * @param pageNumber 1 or more
   * @return empty if no file holds the page: it is above the commit, the lock page, or a page of
   *     zeros that the database grew by
   * @throws IllegalArgumentException if the number is less than 1
   */
  public Optional<PageLocation> locate(long pageNumber) {
    LtxFile file = fileOf(pageNumber);
    int position = file == null ? -1 : file.index().find(pageNumber);
    if (file == null || position < 0) {
      return Optional.empty();
    }
    return Optional.of(
        new PageLocation(
            file, file.index().frameOffset(position), file.index().frameSize(position)));
  }

  /**
   * Reads a page, with one range read at most.
   *
   * @param pageNumber 1 or more
   * @param target receives exactly one page; the caller's, with room for it
   * @return false if the page is above the commit; the target is untouched then
   * @throws IllegalArgumentException if the number is less than 1, or the target too small
   * @throws LtxFormatException if the page is damaged
   * @throws IOException if the file cannot be read
   */
  public boolean readPage(long pageNumber, ByteBuffer target) throws IOException {
    if (target.remaining() < pageSize()) {
      throw new IllegalArgumentException(
          "room for " + target.remaining() + " bytes, but a page has " + pageSize());
    }
    LtxFile file = fileOf(pageNumber);
    if (pageNumber > commit()) {
      return false;
    }
    if (file == null || !file.readPage(pageNumber, target)) {
      putZeros(target, pageSize());
    }
    return true;
  }

  /** The file that may hold the page; it may also know nothing of it. */
  private @Nullable LtxFile fileOf(long pageNumber) {
    if (pageNumber < 1) {
      throw new IllegalArgumentException("page numbers start at 1, but was " + pageNumber);
    }
    return pageNumber > commit() || pageNumber == lockPage ? null : PageTrie.get(pages, pageNumber);
  }

  private static void putZeros(ByteBuffer target, int count) {
    for (int i = 0; i < count; i += Long.BYTES) {
      target.putLong(0);
    }
  }
}

package io.github.ltxjava.index;

import io.github.ltxjava.LtxFile;
import io.github.ltxjava.ReadOptions;
import io.github.ltxjava.Txid;
import io.github.ltxjava.internal.io.Closing;
import io.github.ltxjava.store.LtxFileInfo;
import io.github.ltxjava.store.LtxStore;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * The versions of a database that a chain of files in a store gives, one after each file.
 *
 * <p>Opening reads the header and the tail of each file, and no page. The files stay open until
 * {@link #close}; maps must not be read after that. Memory: 12 bytes a page of each file, and what
 * the newest {@link PageMap} takes. Compressed version 1 files are refused: no page of theirs can
 * be read by itself.
 *
 * <p>Safe for many threads; one of them at a time appends.
 */
public final class PageHistory implements Closeable {

  private final LtxStore store;
  private final ReadOptions options;

  /** The files by their last transaction. */
  private final NavigableMap<Txid, LtxFile> files = new ConcurrentSkipListMap<>();

  private volatile @Nullable PageMap latest;
  private boolean closed;

  private PageHistory(LtxStore store, ReadOptions options) {
    this.store = store;
    this.options = options;
  }

  /**
   * Opens a chain.
   *
   * @param store holds the files; stays the caller's
   * @param chain a snapshot and the files that follow it, oldest first
   * @throws IllegalArgumentException if the chain is empty
   * @throws ChainException if the files do not form one history, or a file holds other transactions
   *     than its name says
   * @throws io.github.ltxjava.LtxFormatException if a file is damaged; with {@code UNSUPPORTED} if
   *     it is a compressed version 1 file
   * @throws java.nio.file.NoSuchFileException if a file is gone
   * @throws IOException if the store cannot be read
   */
  public static PageHistory open(LtxStore store, List<LtxFileInfo> chain) throws IOException {
    return open(store, chain, ReadOptions.DEFAULT);
  }

  /**
   * Opens a chain with options; everything else is as in {@link #open(LtxStore, List)}.
   *
   * @throws IllegalArgumentException if the chain is empty
   * @throws IOException if a file is gone, damaged or not of this history, or cannot be read
   */
  public static PageHistory open(LtxStore store, List<LtxFileInfo> chain, ReadOptions options)
      throws IOException {
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("no files: there is no database without a snapshot");
    }
    PageHistory history = new PageHistory(store, options);
    try {
      for (LtxFileInfo file : chain) {
        history.append(file);
      }
      return history;
    } catch (Throwable e) {
      Closing.afterFailure(e, history);
      throw e;
    }
  }

  /**
   * Adds the version after one more file, at the cost of that file's pages. Nothing changes if this
   * fails.
   *
   * @return the new version
   * @throws ChainException if the file does not follow the last one
   * @throws IllegalStateException if this history is closed
   * @throws IOException if it is gone or damaged, or cannot be read
   */
  public synchronized PageMap append(LtxFileInfo info) throws IOException {
    if (closed) {
      throw new IllegalStateException("the history is closed");
    }
    LtxFile file = LtxFile.open(store.open(info), options);
    try {
      if (!file.header().txids().equals(info.txids())) {
        throw new ChainException(
            "["
                + file.name()
                + "] holds transactions "
                + file.header().txids()
                + ", not those of its name");
      }
      PageMap before = latest;
      PageMap version = before == null ? PageMap.of(file) : before.append(file);
      files.put(version.txid(), file);
      latest = version;
      return version;
    } catch (Throwable e) {
      Closing.afterFailure(e, file);
      throw e;
    }
  }

  /** Returns the newest version. */
  public PageMap latest() {
    return Objects.requireNonNull(latest);
  }

  /**
   * Returns the version after a transaction. The newest one is at hand; an older one is built from
   * the page indexes in memory, without reading anything: keep it if you need it again.
   *
   * @throws NoSuchElementException if no file ends with this transaction; the message says what
   *     there is around it
   */
  public PageMap at(Txid txid) {
    PageMap newest = latest();
    if (newest.txid().equals(txid)) {
      return newest;
    }
    if (!files.containsKey(txid)) {
      throw new NoSuchElementException(
          "no file ends with transaction "
              + txid
              + "; the nearest versions are "
              + text(files.lowerKey(txid))
              + " before it and "
              + text(files.higherKey(txid))
              + " after it");
    }
    try {
      return PageMap.of(List.copyOf(files.headMap(txid, true).values()));
    } catch (IOException e) {
      throw new IllegalStateException("these files followed each other before", e);
    }
  }

  private static String text(@Nullable Txid txid) {
    return txid == null ? "none" : txid.toString();
  }

  /** Returns the transactions after which there is a version, ascending. */
  public List<Txid> versions() {
    return List.copyOf(files.keySet());
  }

  /** Releases all files; closing twice does nothing. */
  @Override
  public synchronized void close() throws IOException {
    closed = true;
    try {
      Closing.all(files.values());
    } finally {
      files.clear();
    }
  }
}

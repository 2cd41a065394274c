package io.github.ltxjava.store;

import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.io.ByteSource;
import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Where the LTX files of one database live, in ten levels.
 *
 * <p>A file is named by its level and its transactions, appears complete or not at all, and never
 * changes. It may vanish at any time, because somebody else applies retention: a listing is a
 * moment's truth. A store does not look into files.
 *
 * <p>Safe for many threads. {@code LtxStoreContract} in the testkit holds an implementation to
 * this.
 */
public interface LtxStore extends Closeable {

  /**
   * Returns what this store can do; the answer does not change.
   *
   * @throws java.io.UncheckedIOException if that has to be found out by asking a server, and it
   *     cannot be asked; the next call tries again
   */
  StoreCapabilities capabilities();

  /**
   * Lists files of a level. What is not named like an LTX file is skipped.
   *
   * @param level 0 to 9
   * @param from files whose first transaction is before this one are left out
   * @return the files, ascending by first, then by last transaction; the caller's to keep
   * @throws IllegalArgumentException if the level is not from 0 to 9
   * @throws IOException if the store cannot be listed
   */
  List<LtxFileInfo> list(int level, Txid from) throws IOException;

  /**
   * Lists the files of all levels.
   *
   * @return the files, level by level from 0 to 9, ascending within each
   * @throws IOException if the store cannot be listed
   */
  default List<LtxFileInfo> listAll() throws IOException {
    List<LtxFileInfo> files = new ArrayList<>();
    for (int level = 0; level <= LtxFileInfo.MAX_LEVEL; level++) {
      files.addAll(list(level, Txid.FIRST));
    }
    return List.copyOf(files);
  }

  /**
   * Replaces the times of listed files by those that their writers named, where the listing said
   * something else. Costs a request per file that is not known yet where {@link
   * StoreCapabilities#nativeTimestamps} is false, and nothing where it is true.
   *
   * @param files as listed
   * @return the same files in the same order, without those that are found to be gone; a file whose
   *     writer named no time keeps the one of the listing
   * @throws IOException if the store cannot be asked
   */
  default List<LtxFileInfo> withExactTimestamps(List<LtxFileInfo> files) throws IOException {
    return List.copyOf(files);
  }

  /**
   * Opens a file for reading by position. The source stays readable when the file is deleted, if
   * the medium can do that, and fails with an {@link IOException} otherwise.
   *
   * @param file as listed; its size may be believed, so that nobody has to ask for it again
   * @return a source that the caller closes
   * @throws java.nio.file.NoSuchFileException if the file is gone, here or, where a store opens on
   *     first use, at the first read
   * @throws IOException if the store cannot be read
   */
  ByteSource open(LtxFileInfo file) throws IOException;

  /**
   * Starts a new file. It becomes visible, complete and durable when the sink is committed; until
   * then, and if it is closed before, nobody sees anything.
   *
   * @param level 0 to 9
   * @param txids the transactions that the file will hold
   * @param timestamp the time of its last transaction, which {@link LtxFileInfo#createdAt} will
   *     say, to the millisecond or finer
   * @return a sink that the caller closes; its {@code commit} throws {@link
   *     java.nio.file.FileAlreadyExistsException} if the file exists by then, and leaves that one
   *     as it is
   * @throws IllegalArgumentException if the level is not from 0 to 9
   * @throws java.nio.file.FileAlreadyExistsException if the store sees already now that the file
   *     exists
   * @throws IOException if the store cannot be written
   */
  ByteSink create(int level, TxidRange txids, Instant timestamp) throws IOException;

  /**
   * Deletes files, in the order given. Files that are gone already are fine.
   *
   * @param files as listed; only their levels and transactions count
   * @throws IOException if a file cannot be deleted; some of the others may be deleted by then
   */
  void delete(Collection<LtxFileInfo> files) throws IOException;

  /**
   * Returns a small object that lies beside the files, such as the one that holds a {@link Lease}.
   *
   * @param name lower-case letters, digits, dots and dashes, not starting with a dot and not ending
   *     in {@code .ltx}
   * @return the object, whether it exists already or not; empty if the store cannot replace
   *     conditionally, as far as it knows without asking a server
   * @throws IllegalArgumentException if the name has another form
   */
  default Optional<ConditionalObject> object(String name) {
    ConditionalObject.checkName(name);
    return Optional.empty();
  }
}

package io.github.ltxjava.replica;

import io.github.ltxjava.LtxFile;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxVerifier;
import io.github.ltxjava.LtxVerifier.Depth;
import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.Verification;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.store.LtxFileInfo;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * What is captured and kept beside the database, in Litestream's folder and by its names, so that
 * each can go on where the other stopped: {@code .<database>-litestream/ltx/0/<txid>-<txid>.ltx}.
 *
 * <p>Only one process of this library uses a folder at a time. Safe for many threads.
 */
final class LocalFolder implements Closeable {

  /** Below so many bytes it does not matter how often a file is merged. */
  private static final long SMALL_BYTES = 256 << 10;

  private static final String TEMPORARY_SUFFIX = ".tmp";

  private final Path folder;
  private final Path level0;
  private final FileChannel lockChannel;
  private final ConcurrentSkipListMap<Txid, LtxFileInfo> files = new ConcurrentSkipListMap<>();
  private final Map<Txid, Boolean> allPages = new ConcurrentHashMap<>();

  /** What was there at the start, and has not been looked at closely. */
  private final Set<Txid> unverified = ConcurrentHashMap.newKeySet();

  private LocalFolder(Path folder, Path level0, FileChannel lockChannel) {
    this.folder = folder;
    this.level0 = level0;
    this.lockChannel = lockChannel;
  }

  /** Returns where Litestream keeps what belongs to a database. */
  static Path of(Path database) {
    return database.resolveSibling("." + database.getFileName() + "-litestream");
  }

  /**
   * Opens a folder, makes it if need be, and removes what a crash left unfinished.
   *
   * @throws IOException if it cannot be written, or another replica uses it
   */
  static LocalFolder open(Path folder) throws IOException {
    Path level0 = folder.resolve("ltx").resolve("0");
    Files.createDirectories(level0);
    FileChannel channel =
        FileChannel.open(
            folder.resolve("ltx-java.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (!tryLock(channel)) {
        throw new IOException("[" + folder + "] is in use: another replica runs on the database");
      }
      LocalFolder result = new LocalFolder(folder, level0, channel);
      result.scan();
      return result;
    } catch (Throwable e) {
      channel.close();
      throw e;
    }
  }

  /** Locks the file until the channel is closed; false if another channel has the lock. */
  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private void scan() throws IOException {
    removeTemporary(folder);
    removeTemporary(level0);
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(level0)) {
      for (Path entry : entries) {
        Optional<TxidRange> txids = TxidRange.ofFileName(String.valueOf(entry.getFileName()));
        if (txids.isPresent() && txids.get().min().equals(txids.get().max())) {
          BasicFileAttributes attributes = Files.readAttributes(entry, BasicFileAttributes.class);
          unverified.add(txids.get().max());
          files.put(
              txids.get().max(),
              new LtxFileInfo(
                  0, txids.get(), attributes.size(), attributes.lastModifiedTime().toInstant()));
        }
      }
    }
  }

  private static void removeTemporary(Path folder) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "*" + TEMPORARY_SUFFIX)) {
      for (Path entry : entries) {
        Files.deleteIfExists(entry);
      }
    }
  }

  Path path(Txid txid) {
    return level0.resolve(TxidRange.of(txid).fileName());
  }

  /** Returns a file beside the captured ones that the next start removes. */
  Path temporary(String name) {
    return folder.resolve(name + TEMPORARY_SUFFIX);
  }

  /** Starts a file; it appears when the sink is committed, and counts once {@link #add} is told. */
  ByteSink create(Txid txid) throws IOException {
    try {
      return LocalSink.create(path(txid));
    } catch (NoSuchFileException e) {
      // A folder that somebody removed is no reason to stop.
      Files.createDirectories(level0);
      return LocalSink.create(path(txid));
    }
  }

  /** Says that a file is complete. */
  void add(Txid txid, Instant timestamp) throws IOException {
    long size = Files.size(path(txid));
    files.put(txid, new LtxFileInfo(0, TxidRange.of(txid), size, timestamp));
    unverified.remove(txid);
  }

  /** Returns the newest file. */
  Optional<LtxFileInfo> newest() {
    return Optional.ofNullable(files.lastEntry()).map(entry -> entry.getValue());
  }

  /** Returns the file of a transaction. */
  Optional<LtxFileInfo> find(Txid txid) {
    return Optional.ofNullable(files.get(txid));
  }

  /** Tells whether the files from a transaction to the newest one are all there. */
  boolean holdsAllFrom(Txid txid) {
    if (files.isEmpty() || txid.compareTo(files.lastKey()) > 0) {
      return false;
    }
    return files.tailMap(txid).size() == files.lastKey().value() - txid.value() + 1;
  }

  /** Returns how many bytes the files after a transaction have. */
  long bytesAfter(@Nullable Txid txid) {
    long bytes = 0;
    for (LtxFileInfo file : (txid == null ? files : files.tailMap(txid, false)).values()) {
      bytes += file.size();
    }
    return bytes;
  }

  /** Returns when the first file after a transaction was captured. */
  Optional<Instant> firstAfter(@Nullable Txid txid) {
    var entry = txid == null ? files.firstEntry() : files.higherEntry(txid);
    return Optional.ofNullable(entry).map(first -> first.getValue().createdAt());
  }

  ByteSource read(Txid txid) throws IOException {
    return ByteSource.open(path(txid));
  }

  /** Tells whether a file is there and sound; what was written by this process is. */
  boolean isSound(Txid txid) throws IOException {
    if (!files.containsKey(txid)) {
      return false;
    }
    if (unverified.contains(txid) && verify(txid).isPresent()) {
      unverified.remove(txid);
    }
    return !unverified.contains(txid);
  }

  /** Reads the header of a file that is sound to its last byte; empty for any other. */
  Optional<LtxHeader> verify(Txid txid) throws IOException {
    try (ByteSource source = read(txid)) {
      Verification result = LtxVerifier.verify(source, Depth.FULL);
      return result instanceof Verification.Sound sound
              && sound.header().txids().equals(TxidRange.of(txid))
          ? Optional.of(sound.header())
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Tells whether the file of a transaction holds every page of the database. */
  boolean holdsAllPages(LtxFileInfo file) {
    Txid txid = file.txids().max();
    if (file.level() != 0 || file.size() < SMALL_BYTES || !files.containsKey(txid)) {
      return false;
    }
    return allPages.computeIfAbsent(txid, this::readWhetherAllPages);
  }

  private boolean readWhetherAllPages(Txid txid) {
    try (LtxFile file = LtxFile.open(read(txid))) {
      long lockPage = file.header().lockPageNumber();
      long all = file.header().commit() - (file.header().commit() >= lockPage ? 1 : 0);
      return file.index().size() == all;
    } catch (IOException e) {
      // Gone, or damaged; then it is merged, or fails there.
      return false;
    }
  }

  /** Deletes the files before a transaction; the newest stays in any case. */
  void deleteBefore(Txid txid) throws IOException {
    for (Txid old : new ArrayList<>(files.headMap(txid).keySet())) {
      if (!old.equals(files.lastKey())) {
        delete(old);
      }
    }
  }

  /** Deletes everything: what is captured here has no bearing on what follows. */
  void clear() throws IOException {
    for (Txid txid : List.copyOf(files.keySet())) {
      delete(txid);
    }
  }

  private void delete(Txid txid) throws IOException {
    Files.deleteIfExists(path(txid));
    files.remove(txid);
    allPages.remove(txid);
  }

  /** Releases the lock; closing twice does nothing. */
  @Override
  public void close() throws IOException {
    lockChannel.close();
  }
}

package io.github.ltxjava.store;

import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.internal.io.DurableFiles;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.io.ByteSource;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A store in a directory, laid out as Litestream's file replica: {@code
 * <root>/ltx/<level>/<min>-<max>.ltx}, and a file's modification time is its timestamp.
 *
 * <p>A file is written under a temporary name, forced, given its name by a hard link (which fails
 * if the name is taken), and its folder is forced. Where a system cannot do one of these (Windows
 * cannot force a folder, some file systems have no links), the store does the nearest that it can.
 * Temporary names start with a dot, so that Litestream skips them; writers lock them, so that the
 * next store on the same directory can tell a writer's from one left by a crash, and removes the
 * latter.
 *
 * <p>Safe for many threads and for many processes.
 */
public final class DirectoryStore implements LtxStore {

  private static final StoreCapabilities CAPABILITIES =
      new StoreCapabilities(true, true, true, false, true, true);

  private static final String LTX_FOLDER = "ltx";

  private final Path root;

  private DirectoryStore(Path root) {
    this.root = root;
  }

  /**
   * Opens a store, which is empty if the directory does not exist. Directories are made when the
   * first file is created.
   *
   * @param root the directory that holds the folder {@code ltx}
   * @throws NotDirectoryException if it is something else
   * @throws IOException if it cannot be read
   */
  public static DirectoryStore open(Path root) throws IOException {
    Path absolute = root.toAbsolutePath().normalize();
    if (Files.exists(absolute) && !Files.isDirectory(absolute)) {
      throw new NotDirectoryException(absolute.toString());
    }
    DirectoryStore store = new DirectoryStore(absolute);
    for (int level = 0; level <= LtxFileInfo.MAX_LEVEL; level++) {
      TemporaryFile.removeAbandoned(store.folder(level));
    }
    return store;
  }

  /**
   * Opens a store that has to be there already, for reading from it.
   *
   * @param root the directory that holds the folder {@code ltx}
   * @throws NoSuchFileException if there is no such directory, or no folder {@code ltx} in it
   * @throws NotDirectoryException if it is something else
   * @throws IOException if it cannot be read
   */
  public static DirectoryStore openExisting(Path root) throws IOException {
    Path folder = root.resolve(LTX_FOLDER);
    if (Files.notExists(root)) {
      throw new NoSuchFileException(root.toString(), null, "no such directory");
    }
    if (Files.notExists(folder) && Files.isDirectory(root)) {
      throw new NoSuchFileException(
          folder.toString(), null, "a store has a folder \"ltx\"; is this the right directory?");
    }
    return open(root);
  }

  @Override
  public StoreCapabilities capabilities() {
    return CAPABILITIES;
  }

  @Override
  public List<LtxFileInfo> list(int level, Txid from) throws IOException {
    LtxFileInfo.checkLevel(level);
    List<LtxFileInfo> files = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder(level))) {
      for (Path entry : entries) {
        Optional<TxidRange> txids = TxidRange.ofFileName(String.valueOf(entry.getFileName()));
        if (txids.isPresent() && txids.get().min().compareTo(from) >= 0) {
          describe(level, txids.get(), entry).ifPresent(files::add);
        }
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    Collections.sort(files);
    return List.copyOf(files);
  }

  /** Nothing for what has vanished since it was listed, and for what is not a file. */
  private static Optional<LtxFileInfo> describe(int level, TxidRange txids, Path file)
      throws IOException {
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(file, BasicFileAttributes.class);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    return attributes.isRegularFile()
        ? Optional.of(
            new LtxFileInfo(
                level, txids, attributes.size(), attributes.lastModifiedTime().toInstant()))
        : Optional.empty();
  }

  @Override
  public ByteSource open(LtxFileInfo file) throws IOException {
    return ByteSource.open(path(file.level(), file.txids()));
  }

  @Override
  public ByteSink create(int level, TxidRange txids, Instant timestamp) throws IOException {
    Path file = path(LtxFileInfo.checkLevel(level), txids);
    if (Files.exists(file)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    createFolder(folder(level));
    return new DirectorySink(file, TemporaryFile.create(file), timestamp);
  }

  /** Makes the folder and those above it, and forces each new name. */
  static void createFolder(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Path parent = folder.getParent();
    if (parent != null) {
      createFolder(parent);
    }
    try {
      Files.createDirectory(folder);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder)) {
        throw e;
      }
    }
    DurableFiles.forceFolderOf(folder);
  }

  @Override
  public void delete(Collection<LtxFileInfo> files) throws IOException {
    Set<Path> changed = new LinkedHashSet<>();
    for (LtxFileInfo file : files) {
      Path path = path(file.level(), file.txids());
      if (Files.deleteIfExists(path)) {
        changed.add(folder(file.level()));
      }
    }
    for (Path folder : changed) {
      DurableFiles.forceFolder(folder);
    }
  }

  /** Returns where a file of this level and range is, or would be. */
  public Path path(int level, TxidRange txids) {
    return folder(level).resolve(txids.fileName());
  }

  private Path folder(int level) {
    return root.resolve(LTX_FOLDER).resolve(Integer.toString(level));
  }

  @Override
  public Optional<ConditionalObject> object(String name) {
    return Optional.of(new DirectoryObject(root, ConditionalObject.checkName(name)));
  }

  /** Does nothing: the store holds nothing open. */
  @Override
  public void close() {
    // Each source and sink holds its own file.
  }

  @Override
  public String toString() {
    return root.toString();
  }
}

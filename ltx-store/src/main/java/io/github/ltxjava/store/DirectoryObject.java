package io.github.ltxjava.store;

import io.github.ltxjava.internal.io.DurableFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A file that is replaced under a lock, which the file {@code .<name>.guard} beside it carries: the
 * file itself is renamed over, and a lock stays with what was renamed away.
 *
 * <p>The lock keeps other processes out. Threads of this one are kept out by a monitor, because the
 * system gives a lock to a process and not to a thread, and drops it when any channel of the file
 * is closed.
 */
final class DirectoryObject implements ConditionalObject {

  private static final Map<Path, Object> MONITORS = new ConcurrentHashMap<>();

  private final Path folder;
  private final Path file;

  DirectoryObject(Path folder, String name) {
    this.folder = folder;
    this.file = folder.resolve(name);
  }

  @Override
  public Optional<Version> read() throws IOException {
    // The rename is atomic, so reading needs no lock.
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(MAX_SIZE + 1);
      if (content.length > MAX_SIZE) {
        throw new IOException(file + ": longer than " + MAX_SIZE + " bytes");
      }
      return Optional.of(Version.of(content));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<Version> replace(Optional<Version> expected, byte[] content) throws IOException {
    ConditionalObject.checkSize(content.length);
    DirectoryStore.createFolder(folder);
    synchronized (MONITORS.computeIfAbsent(file, path -> new Object())) {
      try (FileChannel guard =
              FileChannel.open(
                  sibling(".guard"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = guard.lock()) {
        assert lock.isValid();
        if (!read().map(Version::tag).equals(expected.map(Version::tag))) {
          return Optional.empty();
        }
        write(content);
        return Optional.of(Version.of(content));
      }
    }
  }

  private void write(byte[] content) throws IOException {
    // Only the holder of the lock writes here, so what is left of a crash is written over.
    Path temporary = sibling(".tmp");
    try (FileChannel channel =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    DurableFiles.replace(temporary, file);
    DurableFiles.forceFolderOf(file);
  }

  private Path sibling(String suffix) {
    return file.resolveSibling("." + file.getFileName() + suffix);
  }

  @Override
  public String name() {
    return file.toString();
  }
}

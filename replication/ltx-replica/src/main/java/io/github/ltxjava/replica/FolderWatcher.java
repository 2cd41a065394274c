package io.github.ltxjava.replica;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Tells when files change, by the file system's events: one thread for all folders.
 *
 * <p>Where events are late (macOS) or miss what other machines do (network file systems), files are
 * refused, and have to be looked at now and then.
 */
final class FolderWatcher implements Closeable {

  private static final Set<String> WITHOUT_EVENTS =
      Set.of("nfs", "nfs4", "cifs", "smb", "smb2", "smbfs", "9p", "afs", "ceph", "glusterfs");

  /** A writer at full speed makes an event every few microseconds; they are taken in lots. */
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

  private final @Nullable WatchService service;
  private final Map<Path, Folder> folders = new HashMap<>();

  /** A folder that is watched, and who wants to know about which file in it. */
  private record Folder(WatchKey key, Map<Path, Runnable> listeners) {}

  FolderWatcher() {
    this.service = open();
    if (service != null) {
      Thread thread = new Thread(() -> run(service), "ltx-replica-watcher");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private static @Nullable WatchService open() {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    if (system.contains("mac")) {
      return null;
    }
    try {
      return FileSystems.getDefault().newWatchService();
    } catch (IOException | UnsupportedOperationException e) {
      return null;
    }
  }

  /**
   * Watches a file, which need not exist yet.
   *
   * @return false if that is not possible
   */
  synchronized boolean watch(Path file, Runnable listener) {
    Path parent = file.getParent();
    if (service == null
        || parent == null
        || !file.getFileSystem().equals(FileSystems.getDefault())) {
      return false;
    }
    try {
      if (WITHOUT_EVENTS.contains(Files.getFileStore(parent).type().toLowerCase(Locale.ROOT))) {
        return false;
      }
      Folder folder = folders.get(parent);
      if (folder == null || !folder.key().isValid()) {
        WatchKey key =
            parent.register(
                service,
                StandardWatchEventKinds.ENTRY_CREATE,
                StandardWatchEventKinds.ENTRY_MODIFY);
        folder = new Folder(key, folder == null ? new HashMap<>() : folder.listeners());
        folders.put(parent, folder);
      }
      folder.listeners().put(file.getFileName(), listener);
      return true;
    } catch (IOException e) {
      // The system's limit of watches, for one.
      return false;
    }
  }

  /** Watches a file no more. */
  synchronized void unwatch(Path file) {
    Folder folder = folders.get(file.getParent());
    if (folder != null) {
      folder.listeners().remove(file.getFileName());
      if (folder.listeners().isEmpty()) {
        folder.key().cancel();
        folders.remove(file.getParent());
      }
    }
  }

  private void run(WatchService from) {
    try {
      while (true) {
        WatchKey key = from.take();
        List<WatchEvent<?>> events = key.pollEvents();
        key.reset();
        tell(key, events);
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    } catch (InterruptedException | ClosedWatchServiceException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void tell(WatchKey key, List<WatchEvent<?>> events) {
    Folder folder = key.watchable() instanceof Path path ? folders.get(path) : null;
    if (folder == null) {
      return;
    }
    for (WatchEvent<?> event : events) {
      if (event.kind().equals(StandardWatchEventKinds.OVERFLOW)) {
        folder.listeners().values().forEach(Runnable::run);
      } else if (event.context() instanceof Path name) {
        Runnable listener = folder.listeners().get(name);
        if (listener != null) {
          listener.run();
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (service != null) {
      service.close();
    }
  }
}

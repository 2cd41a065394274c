package io.github.ltxjava.testkit;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real file system in which the n-th call fails: opening, writing, forcing, linking, renaming,
 * deleting, listing, setting times. Writes are short ones now and then, as a system may make them.
 *
 * {@snippet :
 * FaultyFileSystem files = new FaultyFileSystem(folder.getFileSystem());
 * for (int n = 1; ; n++) {
 *   files.failAt(n, FaultyFileSystem.Mode.ONCE);
 *   tryIt(files.wrap(folder));
 *   if (!files.hasFailed()) {
 *     break; // n is more calls than it makes
 *   }
 * }
 * }
 */
public final class FaultyFileSystem extends FileSystem {

  /** What happens after the call that fails. */
  public enum Mode {
    /** Everything works again, so that the code under test can clean up. */
    ONCE,
    /** Nothing works any more, as if the machine had stopped. */
    FROM_THEN_ON
  }

  private final FileSystem real;
  private final FaultyProvider provider;
  private final AtomicInteger callsUntilFault = new AtomicInteger(Integer.MAX_VALUE);
  private volatile Mode mode = Mode.ONCE;
  private volatile boolean failed;

  /** Wraps a file system; nothing fails until {@link #failAt} says so. */
  public FaultyFileSystem(FileSystem real) {
    this.real = real;
    this.provider = new FaultyProvider(this, real.provider());
  }

  /** Lets the n-th call from now on fail, counted from 1. */
  public void failAt(int n, Mode afterwards) {
    mode = afterwards;
    failed = false;
    callsUntilFault.set(n);
  }

  /** Lets nothing fail. */
  public void heal() {
    failAt(Integer.MAX_VALUE, Mode.ONCE);
  }

  /** Tells whether the call to fail has come. */
  public boolean hasFailed() {
    return failed;
  }

  /** Returns the path of the same name in this file system. */
  public Path wrap(Path path) {
    return new FaultyPath(this, path);
  }

  void call(String operation, Object what) throws IOException {
    boolean dead = failed && mode == Mode.FROM_THEN_ON;
    if (dead || (!failed && callsUntilFault.decrementAndGet() == 0)) {
      failed = true;
      throw new IOException("injected fault: " + operation + " " + what);
    }
  }

  @Override
  public FileSystemProvider provider() {
    return provider;
  }

  @Override
  public void close() {
    // The real one is not ours.
  }

  @Override
  public boolean isOpen() {
    return real.isOpen();
  }

  @Override
  public boolean isReadOnly() {
    return real.isReadOnly();
  }

  @Override
  public String getSeparator() {
    return real.getSeparator();
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    return real.getFileStores();
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return real.supportedFileAttributeViews();
  }

  @Override
  public Path getPath(String first, String... more) {
    return wrap(real.getPath(first, more));
  }

  @Override
  public PathMatcher getPathMatcher(String syntaxAndPattern) {
    PathMatcher matcher = real.getPathMatcher(syntaxAndPattern);
    return path -> matcher.matches(FaultyPath.unwrap(path));
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    return real.getUserPrincipalLookupService();
  }

  @Override
  public WatchService newWatchService() {
    throw new UnsupportedOperationException();
  }
}

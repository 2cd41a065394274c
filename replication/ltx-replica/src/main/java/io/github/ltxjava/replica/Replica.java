package io.github.ltxjava.replica;

import io.github.ltxjava.Txid;
import io.github.ltxjava.internal.io.Closing;
import io.github.ltxjava.replica.ReplicaStatus.State;
import io.github.ltxjava.replica.ReplicaStatus.StoreStatus;
import io.github.ltxjava.store.LtxStore;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one or more stores up to date with a SQLite database that is in use.
 *
 * {@snippet :
 * try (Replica replica =
 *     Replica.of(Path.of("app.db")).store("backup", DirectoryStore.open(folder)).start()) {
 *   // use the database, here or in other processes
 *   replica.sync(Duration.ofSeconds(10));
 * }
 * }
 *
 * <p>The database is put into WAL mode and stays in use by whoever uses it; nothing is written to
 * its tables. What is committed is captured from the WAL within milliseconds into files in a folder
 * beside the database, and uploaded from there; several commits may become one transaction of the
 * replica. Stores are in Litestream's layout: it can restore from them, and go on with them when
 * this is closed. Checkpoints are made here; an application gains by {@code PRAGMA
 * wal_autocheckpoint=0}, and needs a busy timeout.
 *
 * <p>SQLite itself takes all locks, by the sqlite-jdbc that the application uses as well if it is
 * in the same process. Another copy of SQLite in this process, and programs that open and close the
 * database file by themselves, drop these locks; that is so of every program that uses SQLite.
 *
 * <p>Safe for many threads.
 */
public final class Replica implements Closeable {

  private static final long MILLISECOND = TimeUnit.MILLISECONDS.toNanos(1);

  /** After a change of the WAL, what follows at once is taken along. */
  private static final long DEBOUNCE_NANOS = 5 * MILLISECOND;

  /** While changes come, they are taken in lots. */
  private static final long BUSY_NANOS = 10 * MILLISECOND;

  /** The share of time that capturing takes at most: one part in so many. */
  private static final int BUSY_SHARE = 2;

  /** So long after the last change it is looked for less and less often. */
  private static final long QUIET_NANOS = 250 * MILLISECOND;

  /** The share of the time since the last change after which to look again. */
  private static final int TAIL_SHARE = 8;

  /** How often to look where the file system tells of changes, and where it does not. */
  private static final long LOOK_WITH_EVENTS_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final long LOOK_WITHOUT_EVENTS_NANOS = 100 * MILLISECOND;

  /** If so many transactions wait for a store, more is put into one. */
  private static final long BACKLOG_TRANSACTIONS = 64;

  private static final long BACKLOG_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Path database;
  private final Path wal;
  private final ReplicaOptions options;
  private final ReplicaListener listener;
  private final ReplicaGroup group;
  private final boolean ownsGroup;
  private final LocalFolder local;
  private final Capture capture;
  private final List<StoreReplica> stores = new ArrayList<>();
  private final SerialTask capturing;
  private final boolean watched;

  private volatile boolean begun;
  private volatile boolean closed;
  private volatile @Nullable Exception failure;
  private int failures;
  private long lastChangeNanos = System.nanoTime();

  /** The last change that was captured, or event that there may be one. */
  private volatile long lastActivityNanos = System.nanoTime() - QUIET_NANOS;

  private boolean idleCheckpointDone = true;

  private Replica(Builder builder, Path database, LocalFolder local, Path folder)
      throws IOException {
    this.database = database;
    this.wal = database.resolveSibling(database.getFileName() + "-wal");
    this.options = builder.options;
    this.listener = builder.listener;
    this.ownsGroup = builder.group == null;
    this.local = local;
    this.capture = Capture.open(database, local, folder, options.capturing(), this::lost);
    this.group = builder.group == null ? ReplicaGroup.create() : builder.group;
    for (Map.Entry<String, LtxStore> store : builder.stores.entrySet()) {
      stores.add(
          new StoreReplica(store.getKey(), store.getValue(), local, capture, options, this, group));
    }
    this.capturing = new SerialTask(group.capturing(), group.timer(), this::capture);
    this.watched = group.watcher().watch(wal, this::changed);
  }

  /** Starts to describe a replica of a database. */
  public static Builder of(Path database) {
    return new Builder(database);
  }

  /**
   * Returns where captured files are kept unless the options say otherwise: Litestream's folder,
   * {@code .<database>-litestream}. It exists once the database has been replicated.
   *
   * @param database its real path, without links
   */
  public static Path folderOf(Path database) {
    return LocalFolder.of(database);
  }

  /** What to replicate, where to, and how. */
  public static final class Builder {

    private final Path database;
    private final Map<String, LtxStore> stores = new LinkedHashMap<>();
    private ReplicaOptions options = ReplicaOptions.DEFAULT;
    private ReplicaListener listener = event -> {};
    private @Nullable ReplicaGroup group;

    private Builder(Path database) {
      this.database = database;
    }

    /**
     * Adds a store.
     *
     * @param name what messages call it
     * @param store holds nothing, or an earlier replica of this database; stays the caller's, and
     *     open longer than the replica
     * @throws IllegalArgumentException if there is a store of this name already
     */
    public Builder store(String name, LtxStore store) {
      if (stores.putIfAbsent(name, store) != null) {
        throw new IllegalArgumentException("there is a store \"" + name + "\" already");
      }
      return this;
    }

    /** Sets how to replicate. Default: as Litestream does. */
    public Builder options(ReplicaOptions value) {
      options = value;
      return this;
    }

    /** Sets who is told what happens. */
    public Builder listener(ReplicaListener value) {
      listener = value;
      return this;
    }

    /**
     * Shares threads with other replicas. Without a group, the replica has one of its own.
     *
     * @param value stays the caller's, and open longer than the replica
     */
    public Builder in(ReplicaGroup value) {
      group = value;
      return this;
    }

    /**
     * Starts to replicate. Returns once the database is open and nothing that is committed from now
     * on can be missed; the stores are asked afterwards, and may be unreachable at first.
     *
     * @throws IllegalStateException if there is no store
     * @throws java.nio.file.NoSuchFileException if there is no database
     * @throws IOException if it is not a SQLite database, cannot be put into WAL mode, or another
     *     replica of it runs on this machine
     */
    public Replica start() throws IOException {
      if (stores.isEmpty()) {
        throw new IllegalStateException("a replica needs a store");
      }
      Path real = database.toRealPath();
      if (!Files.isRegularFile(real)) {
        throw new IOException("[" + database + "] is not a file");
      }
      Path folder = options.folder().orElseGet(() -> LocalFolder.of(real));
      LocalFolder local = LocalFolder.open(folder);
      Replica replica;
      try {
        replica = new Replica(this, real, local, folder);
      } catch (Throwable e) {
        Closing.afterFailure(e, local);
        throw e;
      }
      replica.capturing.trigger();
      replica.stores.forEach(StoreReplica::trigger);
      return replica;
    }
  }

  /** Does in every store what is due at a time, for tests that cannot wait. */
  void maintain(Instant now) throws IOException {
    for (StoreReplica store : stores) {
      store.maintain(now);
    }
  }

  /** The WAL has changed. */
  private void changed() {
    long now = System.nanoTime();
    boolean quiet = now - lastActivityNanos >= QUIET_NANOS;
    lastActivityNanos = now;
    // Otherwise the task looks by itself, and less often than a writer at full speed makes events.
    if (quiet) {
      capturing.triggerIn(DEBOUNCE_NANOS);
    }
  }

  /** A store has told what it holds. */
  void connected() {
    if (!begun) {
      capturing.trigger();
    }
  }

  Optional<Txid> captured() {
    return begun ? capture.txid() : Optional.empty();
  }

  void tell(ReplicaEvent event) {
    listener.on(event);
  }

  private void lost(Txid txid, String reason) {
    tell(new ReplicaEvent.AllPagesCaptured(txid, reason));
  }

  /** Captures all pages for a store that needs them, and lets the other stores know. */
  Txid captureAllPages(String reason) throws IOException {
    Txid txid = capture.captureAllPages(reason);
    stores.forEach(StoreReplica::trigger);
    return txid;
  }

  /** Deletes captured files that no store has in level 0 any more. */
  void deleteLocal() throws IOException {
    Optional<Txid> oldest = Optional.empty();
    for (StoreReplica store : stores) {
      Optional<Txid> ofStore = store.oldestInLevel0();
      if (ofStore.isEmpty()) {
        return;
      }
      oldest = oldest.isEmpty() || ofStore.get().compareTo(oldest.get()) < 0 ? ofStore : oldest;
    }
    if (oldest.isPresent()) {
      local.deleteBefore(oldest.get());
    }
  }

  /** The body of the task that captures. */
  private long capture() {
    if (closed) {
      return SerialTask.UNTIL_TRIGGERED;
    }
    try {
      if (!begun && !begin()) {
        return LOOK_WITHOUT_EVENTS_NANOS;
      }
      long started = System.nanoTime();
      boolean changed = captureOnce();
      if (changed) {
        lastChangeNanos = started;
        lastActivityNanos = System.nanoTime();
        idleCheckpointDone = false;
      }
      failure = null;
      failures = 0;
      return delayAfter(started);
    } catch (IOException | RuntimeException e) {
      failure = e;
      tell(new ReplicaEvent.Retrying(database.toString(), e, ++failures));
      return Backoff.nanosAfter(failures);
    }
  }

  /** Decides where to go on, once the stores have answered or it is known without them. */
  private boolean begin() throws IOException {
    boolean all = stores.stream().allMatch(StoreReplica::isConnected);
    if (!all && local.newest().isEmpty()) {
      return false;
    }
    Optional<Txid> newest =
        stores.stream()
            .flatMap(store -> store.newestAtStart().stream())
            .max(Comparator.naturalOrder());
    if (!capture.begin(newest)) {
      return false;
    }
    begun = true;
    stores.forEach(StoreReplica::trigger);
    return true;
  }

  private boolean captureOnce() throws IOException {
    boolean changed = capture.captureAll() > 0;
    if (changed) {
      capture.txid().ifPresent(txid -> tell(new ReplicaEvent.Captured(txid)));
      stores.forEach(StoreReplica::trigger);
    }
    boolean idle =
        !idleCheckpointDone
            && System.nanoTime() - lastChangeNanos > options.checkpointInterval().toNanos();
    if (capture.isCheckpointDue() || idle) {
      Txid before = capture.txid().orElseThrow();
      Capture.Checkpoint result = capture.checkpoint(!idle);
      tell(new ReplicaEvent.Checkpointed(result == Capture.Checkpoint.DONE));
      idleCheckpointDone = result == Capture.Checkpoint.DONE;
      if (!before.equals(capture.txid().orElseThrow())) {
        stores.forEach(StoreReplica::trigger);
      }
    }
    return changed;
  }

  /** How long to wait before looking again. */
  private long delayAfter(long started) throws IOException {
    long sinceActivity = started - lastActivityNanos;
    if (sinceActivity < QUIET_NANOS) {
      long pause = Math.max(BUSY_NANOS, (System.nanoTime() - started) * (BUSY_SHARE - 1));
      return isBacklogged() ? Math.max(pause, BACKLOG_NANOS) : pause;
    }
    capture.checkStillThere();
    if (!watched) {
      return LOOK_WITHOUT_EVENTS_NANOS;
    }
    if (sinceActivity < LOOK_WITH_EVENTS_NANOS) {
      // What is written to the WAL counts only once the wal-index says so, which makes no event,
      // and
      // which comes after forcing the WAL to the disk.
      return sinceActivity / TAIL_SHARE;
    }
    capture.relax();
    return idleCheckpointDone
        ? LOOK_WITH_EVENTS_NANOS
        : Math.min(LOOK_WITH_EVENTS_NANOS, options.checkpointInterval().toNanos() + MILLISECOND);
  }

  private boolean isBacklogged() {
    Optional<Txid> captured = capture.txid();
    return captured.isPresent()
        && stores.stream().allMatch(store -> store.isBehind(captured.get(), BACKLOG_TRANSACTIONS));
  }

  /**
   * Waits until everything that is committed by now is in all stores.
   *
   * @param timeout how long to wait
   * @return the transaction that holds the last of it
   * @throws FencedException if another writer is at work in a store
   * @throws TimeoutException if a store has not got it in time
   * @throws IllegalStateException if the replica is closed
   * @throws InterruptedIOException if the thread is interrupted
   * @throws IOException if the database cannot be read
   */
  public Txid sync(Duration timeout) throws IOException, TimeoutException {
    long until = System.nanoTime() + timeout.toNanos();
    awaitBegun(until);
    if (capture.captureAll() > 0) {
      capturing.triggerIn(BUSY_NANOS);
    }
    Txid txid = capture.txid().orElseThrow();
    stores.forEach(StoreReplica::trigger);
    for (StoreReplica store : stores) {
      if (!store.awaitUploaded(txid, Math.max(0, until - System.nanoTime()))) {
        throw new TimeoutException(
            "store \"" + store.name() + "\" has not got transaction " + txid + " yet");
      }
    }
    return txid;
  }

  private void awaitBegun(long until) throws IOException, TimeoutException {
    while (!begun) {
      if (closed) {
        throw new IllegalStateException("the replica of [" + database + "] is closed");
      }
      if (System.nanoTime() - until > 0) {
        throw new TimeoutException("the stores of [" + database + "] have not answered yet");
      }
      LockSupport.parkNanos(MILLISECOND);
      if (Thread.interrupted()) {
        throw new InterruptedIOException("interrupted");
      }
    }
    if (closed) {
      throw new IllegalStateException("the replica of [" + database + "] is closed");
    }
  }

  /** Tells how the replica is doing. */
  public ReplicaStatus status() {
    Optional<Txid> captured = capture.txid();
    Instant now = options.clock().instant();
    List<StoreStatus> all = new ArrayList<>();
    for (StoreReplica store : stores) {
      all.add(store.status(captured, now));
    }
    Exception problem = failure;
    State state = begun ? State.RUNNING : State.STARTING;
    if (problem != null) {
      state = State.FAILING;
    }
    return new ReplicaStatus(
        closed ? State.CLOSED : state,
        captured,
        capture.frames(),
        capture.walBytesCaptured(),
        Optional.ofNullable(problem).map(e -> Objects.toString(e.getMessage(), e.toString())),
        all);
  }

  /**
   * Captures what is left, uploads it within the time that the options allow, and lets go of the
   * database. What is not uploaded stays in the local folder for the next start. Closing twice does
   * nothing.
   */
  @Override
  public void close() throws IOException {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    long until = System.nanoTime() + options.closeTimeout().toNanos();
    group.watcher().unwatch(wal);
    try {
      capturing.close(options.closeTimeout().toNanos());
      for (StoreReplica store : stores) {
        store.closeMaintenance(Math.max(0, until - System.nanoTime()));
      }
      try {
        capture.closeCleanly();
        uploadRest(until);
      } finally {
        for (StoreReplica store : stores) {
          store.closeUploads(Math.max(MILLISECOND, until - System.nanoTime()));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while closing");
    } finally {
      local.close();
      if (ownsGroup) {
        group.close();
      }
    }
  }

  private void uploadRest(long until) throws IOException {
    Optional<Txid> captured = captured();
    if (captured.isEmpty()) {
      return;
    }
    stores.forEach(StoreReplica::trigger);
    for (StoreReplica store : stores) {
      try {
        store.awaitUploaded(captured.get(), Math.max(0, until - System.nanoTime()));
      } catch (FencedException e) {
        // Said when it happened.
        tell(new ReplicaEvent.Fenced(store.name(), e));
      }
    }
  }
}

package io.github.ltxjava.replica;

import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxReader;
import io.github.ltxjava.LtxWriter;
import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.compaction.policy.CompactionExecutor;
import io.github.ltxjava.compaction.policy.CompactionExecutor.Outcome;
import io.github.ltxjava.compaction.policy.CompactionJob;
import io.github.ltxjava.internal.io.ForwardingSink;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.replica.ReplicaStatus.LevelStatus;
import io.github.ltxjava.replica.ReplicaStatus.State;
import io.github.ltxjava.replica.ReplicaStatus.StoreStatus;
import io.github.ltxjava.store.DirectoryStore;
import io.github.ltxjava.store.LtxFileInfo;
import io.github.ltxjava.store.LtxStore;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One store of a replica: uploads what is captured, in order, and keeps the levels.
 *
 * <p>Two tasks, which may run at the same time: one uploads, the other merges, makes snapshots and
 * deletes, so that a long merge delays nothing.
 */
final class StoreReplica {

  private static final int COPY_BYTES = 256 << 10;

  /** How long a snapshot waits for the store to have the transaction whose state it is. */
  private static final long CLAIM_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** After this time what is remembered of the store is compared with it. */
  private static final Duration RELIST_AFTER = Duration.ofHours(6);

  private final String name;
  private final LtxStore store;
  private final CountingStore counting;
  private final RememberingStore remembering;
  private final LocalFolder local;
  private final Capture capture;
  private final ReplicaOptions options;
  private final Replica replica;
  private final SerialTask uploads;
  private final SerialTask maintenance;
  private final CompactionExecutor executor;
  private final Duration jitter;

  /** Guarded by this. */
  private State state = State.STARTING;

  private @Nullable FencedException fenced;
  private @Nullable Exception failure;
  private int failures;
  private int maintenanceFailures;
  private boolean connected;
  private Optional<Txid> newest = Optional.empty();

  /** What was uploaded up to; null until it is decided where to go on. */
  private @Nullable Txid uploaded;

  private @Nullable Instant attempted;
  private Instant listedAt = Instant.EPOCH;
  private volatile boolean closing;

  StoreReplica(
      String name,
      LtxStore store,
      LocalFolder local,
      Capture capture,
      ReplicaOptions options,
      Replica replica,
      ReplicaGroup group) {
    this.name = name;
    this.store = store;
    this.counting = new CountingStore(store);
    this.remembering = new RememberingStore(counting, local);
    this.local = local;
    this.capture = capture;
    this.options = options;
    this.replica = replica;
    this.executor =
        CompactionExecutor.on(remembering)
            .layout(options.layout())
            .withoutChecksums()
            .cancelWhen(() -> closing);
    this.jitter = Duration.ofNanos(randomUpTo(tickNanos()));
    this.uploads = new SerialTask(group.uploading(), group.timer(), this::upload);
    this.maintenance = new SerialTask(group.maintaining(), group.timer(), this::maintain);
  }

  private static long randomUpTo(long nanos) {
    return ThreadLocalRandom.current().nextLong(nanos);
  }

  /** How often to see whether a level is due. */
  private long tickNanos() {
    long shortest =
        options.levels().stream()
            .mapToLong(level -> level.interval().toNanos())
            .min()
            .orElse(TimeUnit.MINUTES.toNanos(1));
    return Math.max(shortest / 2, TimeUnit.MILLISECONDS.toNanos(100));
  }

  String name() {
    return name;
  }

  /** Starts, or goes on because there is something new. */
  void trigger() {
    uploads.trigger();
  }

  synchronized boolean isConnected() {
    return connected;
  }

  /** Returns the newest transaction that was in the store when it was connected. */
  synchronized Optional<Txid> newestAtStart() {
    return newest;
  }

  /** The body of the first task. */
  private long upload() {
    try {
      if (!isConnected()) {
        connect();
        replica.connected();
      }
      Optional<Txid> captured = replica.captured();
      if (captured.isEmpty() || isFenced()) {
        return SerialTask.UNTIL_TRIGGERED;
      }
      Txid done = uploaded;
      if (done == null) {
        done = decideStart();
        succeeded();
        setUploaded(done);
        maintenance.triggerIn(randomUpTo(tickNanos()));
      }
      while (done.compareTo(captured.get()) < 0 && !closedNow()) {
        done = uploadNext(done.next());
        succeeded();
        setUploaded(done);
        captured = replica.captured();
      }
      succeeded();
      return SerialTask.UNTIL_TRIGGERED;
    } catch (FencedException e) {
      fence(e);
      return SerialTask.UNTIL_TRIGGERED;
    } catch (IOException | RuntimeException e) {
      return Backoff.nanosAfter(failed(e));
    }
  }

  private boolean closedNow() {
    return Thread.currentThread().isInterrupted();
  }

  private void connect() throws IOException {
    Optional<Txid> found =
        remembering.listAll().stream()
            .map(file -> file.txids().max())
            .max(Comparator.naturalOrder());
    synchronized (this) {
      newest = found;
      connected = true;
      listedAt = options.clock().instant();
    }
  }

  /** Finds out what the store has already of what is captured. */
  private Txid decideStart() throws IOException {
    Txid captured = replica.captured().orElseThrow();
    if (newest.isEmpty()) {
      Txid base = writeSnapshot(false);
      // The newest captured file goes there as well: Litestream looks for its place in level 0.
      return local.find(base).isPresent() ? before(base) : base;
    }
    Txid there = newest.get();
    if (there.compareTo(captured) > 0) {
      throw new FencedException(
          describe(there)
              + ", but this replica has captured only up to "
              + captured
              + ": another one writes there");
    }
    if (there.equals(captured) || local.holdsAllFrom(there.next())) {
      requireSameHistory(there);
      return there;
    }
    Txid all = replica.captureAllPages("store \"" + name + "\" lacks transactions");
    return before(all);
  }

  private static Txid before(Txid txid) {
    return Txid.of(txid.value() - 1);
  }

  private void requireSameHistory(Txid there) throws IOException {
    Optional<LtxFileInfo> file =
        remembering.list(0, there).stream()
            .filter(info -> info.txids().max().equals(there))
            .findFirst();
    if (file.isPresent() && local.find(there).isPresent()) {
      requireSame(file.get(), local.path(there));
    }
  }

  private void requireSame(LtxFileInfo file, Path ours) throws IOException {
    try (ByteSource theirs = counting.open(file);
        ByteSource mine = ByteSource.open(ours)) {
      if (theirs.size() != mine.size() || !sameBytes(theirs, mine)) {
        throw new FencedException(
            describe(file.txids().max())
                + " in ["
                + theirs.name()
                + "], which is not what this replica captured: another one writes there");
      }
    }
  }

  private static boolean sameBytes(ByteSource theirs, ByteSource mine) throws IOException {
    ByteBuffer left = ByteBuffer.allocate(COPY_BYTES);
    ByteBuffer right = ByteBuffer.allocate(COPY_BYTES);
    long size = mine.size();
    for (long at = 0; at < size; at += COPY_BYTES) {
      int count = (int) Math.min(COPY_BYTES, size - at);
      theirs.readFully(at, left.clear().limit(count));
      mine.readFully(at, right.clear().limit(count));
      if (!left.flip().equals(right.flip())) {
        return false;
      }
    }
    return true;
  }

  /** What is known of a transaction in the store, for messages. */
  private String describe(Txid txid) {
    StringBuilder text =
        new StringBuilder("store \"" + name + "\" [" + store + "] has transaction ");
    text.append(txid);
    try {
      for (LtxFileInfo file : counting.list(0, txid)) {
        if (file.txids().max().equals(txid)) {
          try (LtxReader reader = LtxReader.open(counting.open(file))) {
            LtxHeader header = reader.header();
            text.append(" of ").append(header.timestamp());
            text.append(" by node ").append(Long.toHexString(header.nodeId()));
          }
        }
      }
    } catch (IOException e) {
      text.append(" (which cannot be read: ").append(e.getMessage()).append(')');
    }
    return text.toString();
  }

  private Txid uploadNext(Txid txid) throws IOException {
    if (!local.isSound(txid)) {
      Txid all = replica.captureAllPages("captured transaction " + txid + " is gone, or damaged");
      return before(all);
    }
    TxidRange txids = TxidRange.of(txid);
    Instant timestamp;
    try (LtxReader reader = LtxReader.open(local.read(txid))) {
      timestamp = reader.header().timestamp();
    }
    try {
      copy(local.path(txid), 0, txids, timestamp);
    } catch (FileAlreadyExistsException e) {
      long size = Files.size(local.path(txid));
      requireSame(new LtxFileInfo(0, txids, size, timestamp), local.path(txid));
    }
    replica.tell(
        new ReplicaEvent.Uploaded(
            name, new LtxFileInfo(0, txids, Files.size(local.path(txid)), timestamp)));
    return txid;
  }

  private void copy(Path file, int level, TxidRange txids, Instant timestamp) throws IOException {
    try (ByteSource source = ByteSource.open(file);
        ByteSink sink = remembering.create(level, txids, timestamp)) {
      long size = source.size();
      ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(COPY_BYTES, size));
      for (long at = 0; at < size; at += buffer.capacity()) {
        buffer.clear().limit((int) Math.min(buffer.capacity(), size - at));
        source.readFully(at, buffer);
        sink.write(buffer.flip());
      }
      sink.commit();
    }
  }

  /**
   * Writes the database as it is to level 9.
   *
   * @param claimed whether it appears only once the store has our transaction of that state, which
   *     nobody else can write then; otherwise the snapshot itself is what nobody else can write
   */
  private Txid writeSnapshot(boolean claimed) throws IOException {
    if (store instanceof DirectoryStore) {
      try (Capture.Pin pin = capture.pin()) {
        LtxHeader header = snapshotHeader(pin);
        try (ByteSink sink =
            remembering.create(LtxFileInfo.SNAPSHOT_LEVEL, header.txids(), header.timestamp())) {
          write(pin, header, claimed ? new ClaimedSink(sink, this, pin.txid()) : sink);
        } catch (FileAlreadyExistsException e) {
          requireOurs(header);
        }
        uploadedSnapshot(header);
        return pin.txid();
      }
    }
    // Onto the local disk first: neither checkpoints nor the WAL wait for a slow store.
    Path spool = local.temporary("snapshot-" + Integer.toHexString(System.identityHashCode(this)));
    try {
      LtxHeader header;
      try (Capture.Pin pin = capture.pin()) {
        header = snapshotHeader(pin);
        write(pin, header, LocalSink.create(spool));
      }
      Txid txid = header.txids().max();
      if (claimed) {
        awaitClaim(txid);
      }
      try {
        copy(spool, LtxFileInfo.SNAPSHOT_LEVEL, header.txids(), header.timestamp());
      } catch (FileAlreadyExistsException e) {
        requireOurs(header);
      }
      uploadedSnapshot(header);
      return txid;
    } finally {
      Files.deleteIfExists(spool);
    }
  }

  private LtxHeader snapshotHeader(Capture.Pin pin) {
    return LtxHeader.snapshot(pin.state().pageSize(), pin.state().commit(), pin.txid())
        .timestamp(options.clock().instant().truncatedTo(ChronoUnit.MILLIS))
        .withoutChecksums()
        .build();
  }

  private void write(Capture.Pin pin, LtxHeader header, ByteSink sink) throws IOException {
    try (LtxWriter writer =
        LtxWriter.create(sink, header, options.writing().withParallelism(options.parallelism()))) {
      writer.writeDatabase(pin.state()).finish();
    }
    attempted = header.timestamp();
  }

  /** A snapshot that is there already is ours if a reply was lost, and else another writer's. */
  private void requireOurs(LtxHeader header) throws IOException {
    LtxFileInfo file =
        new LtxFileInfo(LtxFileInfo.SNAPSHOT_LEVEL, header.txids(), 0, header.timestamp());
    try (LtxReader reader = LtxReader.open(counting.open(file))) {
      boolean ours = reader.header().timestamp().equals(attempted);
      if (!ours && uploaded == null) {
        throw new FencedException(
            "store \""
                + name
                + "\" ["
                + store
                + "] has got a snapshot "
                + header.txids()
                + " of "
                + reader.header().timestamp()
                + " meanwhile: another replica writes there");
      }
    }
  }

  private void uploadedSnapshot(LtxHeader header) {
    replica.tell(
        new ReplicaEvent.Uploaded(
            name,
            new LtxFileInfo(LtxFileInfo.SNAPSHOT_LEVEL, header.txids(), 0, header.timestamp())));
  }

  /** The body of the second task. */
  private long maintain() {
    if (closing || isFenced()) {
      return SerialTask.UNTIL_TRIGGERED;
    }
    try {
      maintain(options.clock().instant());
      maintenanceFailures = 0;
      return tickNanos() - randomUpTo(tickNanos() / 4);
    } catch (FencedException e) {
      fence(e);
      return SerialTask.UNTIL_TRIGGERED;
    } catch (IOException | RuntimeException e) {
      if (closing) {
        return SerialTask.UNTIL_TRIGGERED;
      }
      remembering.forget();
      replica.tell(new ReplicaEvent.Retrying(name, e, ++maintenanceFailures));
      return Math.max(tickNanos(), Backoff.nanosAfter(maintenanceFailures));
    }
  }

  /** Does what is due at a time. */
  void maintain(Instant now) throws IOException {
    synchronized (executor) {
      doMaintain(now);
    }
  }

  private void doMaintain(Instant now) throws IOException {
    if (Duration.between(listedAt, now).compareTo(RELIST_AFTER) > 0) {
      remembering.forget();
      listedAt = now;
    }
    Instant shifted = now.minus(jitter);
    boolean again = true;
    while (again && !closing) {
      again = false;
      List<LtxFileInfo> files = remembering.listAll();
      if (Snapshots.isDue(
          files, options.snapshotInterval(), shifted, uploadedTxid(), local::holdsAllPages)) {
        writeSnapshot(true);
        files = remembering.listAll();
      }
      List<LtxFileInfo> merged = Snapshots.withoutCopies(files, local::holdsAllPages);
      List<CompactionJob> jobs = new ArrayList<>(options.merging().plan(merged, shifted));
      jobs.addAll(options.retention().plan(files, shifted));
      for (CompactionJob job : jobs) {
        if (executor.run(job) == Outcome.DONE) {
          again = true;
          replica.tell(new ReplicaEvent.Compacted(name, job));
        } else {
          remembering.forget();
        }
      }
    }
    replica.deleteLocal();
  }

  /** Returns the first transaction whose file the store still has in level 0. */
  Optional<Txid> oldestInLevel0() {
    return remembering.known().stream()
        .filter(file -> file.level() == 0)
        .map(file -> file.txids().min())
        .min(Comparator.naturalOrder());
  }

  private synchronized Optional<Txid> uploadedTxid() {
    return Optional.ofNullable(uploaded);
  }

  /** Tells whether the store is more than so many transactions behind. */
  synchronized boolean isBehind(Txid captured, long transactions) {
    return uploaded != null && captured.value() - uploaded.value() > transactions;
  }

  private synchronized void setUploaded(Txid txid) {
    uploaded = txid;
    notifyAll();
  }

  private synchronized boolean isFenced() {
    return fenced != null;
  }

  private void fence(FencedException e) {
    synchronized (this) {
      fenced = e;
      state = State.FENCED;
      notifyAll();
    }
    replica.tell(new ReplicaEvent.Fenced(name, e));
  }

  private synchronized void succeeded() {
    failure = null;
    failures = 0;
    state = State.RUNNING;
  }

  private int failed(Exception e) {
    int count;
    synchronized (this) {
      failure = e;
      state = State.FAILING;
      count = ++failures;
    }
    replica.tell(new ReplicaEvent.Retrying(name, e, count));
    return count;
  }

  private void awaitClaim(Txid txid) throws IOException {
    if (!awaitUploaded(txid, CLAIM_NANOS)) {
      throw new IOException("store \"" + name + "\" has not got transaction " + txid + " yet");
    }
  }

  /**
   * Waits until the store has a transaction.
   *
   * @return false if it has not after the timeout
   * @throws FencedException if another writer is at work there
   */
  synchronized boolean awaitUploaded(Txid txid, long timeoutNanos) throws IOException {
    long until = System.nanoTime() + timeoutNanos;
    try {
      while (uploaded == null || uploaded.compareTo(txid) < 0) {
        if (fenced != null) {
          throw new FencedException(String.valueOf(fenced.getMessage()));
        }
        long rest = until - System.nanoTime();
        if (rest <= 0) {
          return false;
        }
        TimeUnit.NANOSECONDS.timedWait(this, rest);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  /** Stops merging; what is captured can still be uploaded. */
  boolean closeMaintenance(long timeoutNanos) throws InterruptedException {
    closing = true;
    synchronized (this) {
      notifyAll();
    }
    return maintenance.close(timeoutNanos);
  }

  boolean closeUploads(long timeoutNanos) throws InterruptedException {
    boolean ended = uploads.close(timeoutNanos);
    synchronized (this) {
      if (state != State.FENCED) {
        state = State.CLOSED;
      }
    }
    return ended;
  }

  StoreStatus status(Optional<Txid> captured, Instant now) {
    List<LtxFileInfo> files = remembering.known();
    List<LevelStatus> levels = new ArrayList<>();
    Optional<Instant> snapshot = Optional.empty();
    for (int level = 0; level <= LtxFileInfo.MAX_LEVEL; level++) {
      int number = level;
      List<LtxFileInfo> ofLevel = files.stream().filter(file -> file.level() == number).toList();
      if (!ofLevel.isEmpty()) {
        long bytes = ofLevel.stream().mapToLong(LtxFileInfo::size).sum();
        levels.add(new LevelStatus(level, ofLevel.size(), bytes));
      }
      if (level == LtxFileInfo.SNAPSHOT_LEVEL) {
        snapshot = ofLevel.stream().map(LtxFileInfo::createdAt).max(Comparator.naturalOrder());
      }
    }
    synchronized (this) {
      Exception problem = fenced == null ? failure : fenced;
      Optional<Txid> there = uploadedTxid().or(() -> newest);
      long behind =
          captured.map(txid -> txid.value() - there.map(Txid::value).orElse(0L)).orElse(0L);
      Txid from = there.orElse(null);
      return new StoreStatus(
          name,
          state,
          there,
          Math.max(0, behind),
          local.bytesAfter(from),
          local.firstAfter(from).map(first -> Duration.between(first, now)).orElse(Duration.ZERO),
          snapshot,
          levels,
          counting.counts(),
          Optional.ofNullable(problem).map(e -> String.valueOf(e.getMessage())));
    }
  }

  /** Appears only once the store has our transaction of the same state. */
  private static final class ClaimedSink extends ForwardingSink {

    private final StoreReplica owner;
    private final Txid txid;

    ClaimedSink(ByteSink sink, StoreReplica owner, Txid txid) {
      super(sink);
      this.owner = owner;
      this.txid = txid;
    }

    @Override
    public void commit() throws IOException {
      owner.awaitClaim(txid);
      super.commit();
    }
  }
}

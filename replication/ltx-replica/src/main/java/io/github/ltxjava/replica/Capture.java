package io.github.ltxjava.replica;

import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxReader;
import io.github.ltxjava.LtxWriter;
import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.WalSegment;
import io.github.ltxjava.WriteOptions;
import io.github.ltxjava.internal.io.Closing;
import io.github.ltxjava.replica.SqliteConnection.WalFrames;
import io.github.ltxjava.sqlite.internal.PageFrames;
import io.github.ltxjava.sqlite.internal.WalHeader;
import io.github.ltxjava.sqlite.internal.WalReader;
import io.github.ltxjava.store.LtxFileInfo;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Turns what is committed to a database into files of level 0 in the {@link LocalFolder}, and keeps
 * the WAL short.
 *
 * <p>Safe for many threads, one of which works at a time.
 */
final class Capture implements Closeable {

  /** How a checkpoint went. */
  enum Checkpoint {
    /** All is in the database file, and the next writer starts the WAL over. */
    DONE,
    /** Others read or write, so that a part of the WAL could not be copied yet. */
    PARTIAL,
    /** A snapshot is being written. */
    POSTPONED
  }

  /** Is told when transactions were missed, so that all pages had to be written. */
  interface LossListener {
    void lost(Txid txid, String reason);
  }

  private static final int LOOKS = 100;
  private static final long BLOCK_WRITERS_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long BLOCK_RETRY_NANOS = TimeUnit.MICROSECONDS.toNanos(100);
  private static final int CHECKPOINT_TRIES = 200;
  private static final Duration BUSY_TIMEOUT = Duration.ofSeconds(5);

  /** What the WAL holds; the header is empty if there is nothing. */
  private record View(Optional<WalHeader> header, WalFrames frames) {}

  private final Path database;
  private final Path folder;
  private final LocalFolder local;
  private final WalGuard guard;
  private final WalFile wal;
  private final FileChannel file;
  private final @Nullable Object fileKey;
  private final WriteOptions writing;
  private final WriteOptions writingAll;
  private final int checkpointFrames;
  private final long truncateBytes;
  private final int maxBatchBytes;
  private final InstantSource clock;
  private final LossListener listener;
  private final ReentrantLock lock = new ReentrantLock();

  private volatile WalPosition position = WalPosition.START;
  private int pageSize;
  private long commit;
  private volatile @Nullable Txid txid;
  private Instant timestamp = Instant.EPOCH;
  private int pins;

  /** Whether the transaction that guards the WAL is known to have a mark in it. */
  private boolean marked;

  /** The position that was let go of; null if none. */
  private @Nullable WalPosition released;

  /** Below so many frames no checkpoint is tried again. */
  private int retryFrames;

  private final AtomicLong walBytesCaptured = new AtomicLong();
  private boolean closed;
  private boolean needsAll;

  private Capture(
      Path database,
      LocalFolder local,
      Path folder,
      WalGuard guard,
      FileChannel file,
      CaptureOptions options,
      LossListener listener)
      throws IOException {
    this.database = database;
    this.local = local;
    this.folder = folder;
    this.guard = guard;
    this.file = file;
    this.fileKey = DatabaseChannels.fileKey(database);
    this.wal = new WalFile(database.resolveSibling(database.getFileName() + "-wal"));
    this.writing = options.writing();
    this.writingAll = options.writingAll();
    this.checkpointFrames = options.checkpointFrames();
    this.truncateBytes = options.truncateBytes();
    this.maxBatchBytes = options.maxBatchBytes();
    this.clock = options.clock();
    this.listener = listener;
  }

  /**
   * Opens a database and guards its WAL from now on.
   *
   * @param database its real path
   */
  static Capture open(
      Path database, LocalFolder local, Path folder, CaptureOptions options, LossListener listener)
      throws IOException {
    FileChannel file = DatabaseChannels.open(database);
    List<Closeable> opened = new ArrayList<>();
    opened.add(() -> DatabaseChannels.release(database));
    try {
      WalGuard guard = WalGuard.open(database, BUSY_TIMEOUT);
      opened.add(0, guard);
      return new Capture(database, local, folder, guard, file, options, listener);
    } catch (Throwable e) {
      Closing.afterFailure(e, opened);
      throw e;
    }
  }

  /** Returns the newest transaction captured; empty before {@link #begin}. */
  Optional<Txid> txid() {
    return Optional.ofNullable(txid);
  }

  /**
   * Decides where to go on, and does so.
   *
   * @param newestElsewhere the newest transaction in any store
   * @return false if the database has no pages yet, so that there is nothing to begin with
   */
  boolean begin(Optional<Txid> newestElsewhere) throws IOException {
    lock.lock();
    try {
      pageSize = guard.pageSize();
      if (guard.pageCount() == 0) {
        // Look at a newer state next time; there is nothing to miss in this one.
        guard.beginHop();
        guard.endHop();
        return false;
      }
      Optional<LtxFileInfo> newest = local.newest();
      Optional<Txid> own = newest.map(found -> found.txids().max());
      boolean behind =
          newestElsewhere.isPresent()
              && own.map(mine -> mine.compareTo(newestElsewhere.get()) < 0).orElse(true);
      String reason = "the stores hold transactions that this folder does not know";
      if (!behind && own.isPresent()) {
        reason = resume(own.get());
        if (reason.isEmpty()) {
          return true;
        }
      }
      Optional<Txid> base = behind ? newestElsewhere : own;
      if (base.isEmpty()) {
        captureStart();
      } else {
        // What was captured may have to be uploaded yet; but only if the stores go on from it.
        if (behind) {
          local.clear();
        }
        captureAllPages(base.get().next(), reason);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Goes on after the newest file, or says why that is not possible. */
  private String resume(Txid newest) throws IOException {
    boolean clean = CleanStop.take(folder, database, newest);
    Optional<LtxHeader> verified = local.verify(newest);
    if (verified.isEmpty()) {
      return "the newest captured file is damaged";
    }
    LtxHeader header = verified.get();
    if (header.pageSize() != pageSize) {
      return "the page size has changed";
    }
    View view = look();
    WalSegment segment = header.wal();
    if (view.header().isPresent()
        && view.header().get().salt1() == segment.salt1()
        && view.header().get().salt2() == segment.salt2()) {
      WalHeader walHeader = view.header().get();
      long frames = (segment.offset() + segment.size() - WalHeader.SIZE) / walHeader.frameSize();
      if (view.frames().total() < frames) {
        return "the WAL is shorter than when it was captured";
      }
      WalReader.Committed committed = WalReader.read(wal.asSource(), frames);
      if (committed.frameCount() != frames || !holds(newest, committed, segment, walHeader)) {
        return "the WAL has been overwritten";
      }
      position = new WalPosition(walHeader, (int) frames, committed.checksum());
    } else if (clean) {
      position = WalPosition.START;
    } else {
      return "the WAL has been started over";
    }
    commit = header.commit();
    txid = newest;
    timestamp = header.timestamp();
    return "";
  }

  /** Tells whether the WAL still has the frames that a file was made from. */
  private boolean holds(
      Txid captured, WalReader.Committed committed, WalSegment segment, WalHeader header)
      throws IOException {
    long before = (segment.offset() - WalHeader.SIZE) / header.frameSize();
    ByteBuffer page = ByteBuffer.allocate(pageSize);
    try (LtxReader reader = LtxReader.open(local.read(captured))) {
      while (reader.next()) {
        int frame = committed.pages().get((int) reader.pageNumber());
        if (frame > before) {
          boolean read = wal.read(header.contentOffset(frame), page.clear());
          if (!read || !page.flip().equals(reader.page())) {
            return false;
          }
        }
      }
    }
    return true;
  }

  /** Begins the history of a database: what is before comes as a snapshot. */
  private void captureStart() throws IOException {
    DatabaseState state = takeState();
    WalPosition now = position;
    WalHeader header = now.header();
    ByteBuffer page = ByteBuffer.allocate(pageSize);
    long pageNumber = 1;
    WalSegment segment = new WalSegment(WalHeader.SIZE, 0, 0, 0);
    if (header != null && now.frames() > 0) {
      // The page of the last frame, by which Litestream finds its place in the WAL.
      long offset = header.contentOffset(now.frames()) - WalHeader.FRAME_HEADER_SIZE;
      ByteBuffer number = ByteBuffer.allocate(Integer.BYTES);
      if (wal.read(offset, number)) {
        pageNumber = Integer.toUnsignedLong(number.getInt(0));
        segment = new WalSegment(offset, header.frameSize(), header.salt1(), header.salt2());
      }
    }
    if (pageNumber > commit || pageNumber == state.lockPage()) {
      pageNumber = 1;
    }
    state.readFully((pageNumber - 1) * pageSize, page);
    Txid second = Txid.FIRST.next();
    try (LtxWriter writer = LtxWriter.create(local.create(second), header(second, segment))) {
      writer.write(pageNumber, page.flip()).finish();
    }
    captured(second);
  }

  /** Writes all pages as one transaction. */
  private void captureAllPages(Txid next, String reason) throws IOException {
    needsAll = true;
    DatabaseState state = takeState();
    WalHeader header = position.header();
    WalSegment segment =
        header == null
            ? new WalSegment(WalHeader.SIZE, 0, 0, 0)
            : new WalSegment(
                WalHeader.SIZE,
                (long) position.frames() * header.frameSize(),
                header.salt1(),
                header.salt2());
    try (LtxWriter writer =
        LtxWriter.create(local.create(next), header(next, segment), writingAll)) {
      writer.writeDatabase(state).finish();
    }
    captured(next);
    needsAll = false;
    listener.lost(next, reason);
  }

  private LtxHeader header(Txid next, WalSegment segment) {
    Instant now = clock.instant();
    timestamp = now.isAfter(timestamp) ? now : timestamp;
    return LtxHeader.delta(pageSize, commit, TxidRange.of(next))
        .timestamp(timestamp)
        .wal(segment)
        .build();
  }

  private void captured(Txid next) throws IOException {
    local.add(next, timestamp);
    txid = next;
  }

  /** Looks at everything that is committed, and takes it for captured. */
  private DatabaseState takeState() throws IOException {
    for (int i = 0; i < LOOKS; i++) {
      View view = look();
      if (view.header().isEmpty()) {
        commit = guard.pageCount();
        position = WalPosition.START;
        if (look().frames().total() == 0) {
          return state(null, new PageFrames());
        }
        continue;
      }
      int total = view.frames().total();
      WalReader.Committed committed = WalReader.read(wal.asSource(), total);
      if (committed.frameCount() == total && committed.header().equals(view.header())) {
        position = new WalPosition(view.header().get(), total, committed.checksum());
        commit = committed.commit();
        return state(view.header().get(), committed.pages());
      }
    }
    throw new IOException("[" + database + "] the WAL does not hold what SQLite says it holds");
  }

  private DatabaseState state(@Nullable WalHeader header, PageFrames frames) {
    return new DatabaseState(file, database.toString(), pageSize, commit, wal, header, frames);
  }

  /**
   * Looks at the WAL and the wal-index at one moment. The header is written to the file before the
   * first frame counts, so if it is the same before and after, the count is of this WAL, or 0.
   */
  private View look() throws IOException {
    for (int i = 0; i < LOOKS; i++) {
      Optional<WalHeader> before = wal.header();
      WalFrames frames = guard.frames();
      if (frames.total() == 0) {
        return new View(Optional.empty(), frames);
      }
      Optional<WalHeader> after = wal.header();
      if (after.isPresent() && before.equals(after)) {
        return new View(after, frames);
      }
    }
    throw new IOException("[" + database + "] the WAL has no header");
  }

  /**
   * Captures everything that is committed.
   *
   * @return how many files were made
   */
  int captureAll() throws IOException {
    lock.lock();
    try {
      if (needsAll) {
        captureAllPages(current().next(), "a snapshot could not be written");
        return 1;
      }
      int files = captureCommitted();
      if (!marked && pins == 0 && position.frames() >= checkpointFrames / 2 && !isReleased()) {
        // Without a mark nobody can copy frames, and whoever tries sorts them in vain each time.
        hop();
        marked = true;
      }
      return files;
    } finally {
      lock.unlock();
    }
  }

  private Txid current() {
    Txid now = txid;
    if (now == null) {
      throw new IllegalStateException("not begun");
    }
    return now;
  }

  /**
   * Captures what is committed by now. What comes meanwhile is left: there might be no end to it.
   *
   * @return how many files were made
   */
  private int captureCommitted() throws IOException {
    int files = 0;
    for (int i = 0; i < LOOKS; i++) {
      View view = look();
      if (view.header().isEmpty()) {
        return files;
      }
      WalHeader header = view.header().get();
      int total = view.frames().total();
      if (header.pageSize() != pageSize || (position.isIn(header) && total < position.frames())) {
        break;
      }
      while (!position.isIn(header) || position.frames() < total) {
        if (!captureBatch(header, total)) {
          break;
        }
        files++;
      }
      if (position.isIn(header) && position.frames() == total) {
        return files;
      }
    }
    pageSize = guard.pageSize();
    captureAllPages(current().next(), "the WAL has been overwritten");
    return files + 1;
  }

  /** Captures the next transactions of a WAL; false if it does not hold them. */
  private boolean captureBatch(WalHeader header, int total) throws IOException {
    // Another WAL than before: the guard let it be started over, when all of it was captured. Its
    // salts tell nothing; what SQLite makes of them depends on which connection starts it.
    WalPosition from = position.isIn(header) ? position : WalPosition.startOf(header);
    byte[] buffer = Buffers.take();
    try {
      Optional<WalBatch> batch =
          WalBatch.read(wal, header, from, total, maxBatchBytes / header.frameSize(), buffer);
      if (batch.isPresent()) {
        write(batch.get());
      }
      return batch.isPresent();
    } finally {
      Buffers.giveBack(buffer);
    }
  }

  private void write(WalBatch batch) throws IOException {
    WalHeader header = Objects.requireNonNull(batch.end().header());
    long before = commit;
    Txid next = current().next();
    WalSegment segment =
        new WalSegment(batch.offset(), batch.length(), header.salt1(), header.salt2());
    commit = batch.commit();
    boolean written = false;
    try (LtxWriter writer = LtxWriter.create(local.create(next), header(next, segment), writing)) {
      writePages(batch, before, writer);
      writer.finish();
      captured(next);
      written = true;
    } finally {
      if (!written) {
        // Tried again from here; a file that is there already does not count, and is replaced.
        commit = before;
      }
    }
    if (!position.isIn(header)) {
      released = null;
      retryFrames = 0;
    }
    position = batch.end();
    walBytesCaptured.addAndGet(batch.length());
  }

  /**
   * Writes the pages of a batch, and all pages by which the database grew, which Litestream needs:
   * SQLite leaves out those that were allocated and freed again.
   */
  private void writePages(WalBatch batch, long before, LtxWriter writer) throws IOException {
    long lockPage = LtxHeader.lockPageNumber(pageSize);
    ByteBuffer page = ByteBuffer.allocate(pageSize);
    for (int number : batch.pages().pagesAscending()) {
      long pageNumber = Integer.toUnsignedLong(number);
      if (pageNumber <= Math.min(before, commit) && pageNumber != lockPage) {
        batch.readPage(pageNumber, page.clear());
        writer.write(pageNumber, page.flip());
      }
    }
    for (long pageNumber = before + 1; pageNumber <= commit; pageNumber++) {
      if (pageNumber == lockPage) {
        continue;
      }
      if (!batch.readPage(pageNumber, page.clear())) {
        DatabaseState.readFile(file, (pageNumber - 1) * pageSize, page);
      }
      writer.write(pageNumber, page.flip());
    }
  }

  /** Tells whether the WAL has grown enough for a checkpoint. */
  boolean isCheckpointDue() {
    lock.lock();
    try {
      int frames = position.frames();
      return frames >= checkpointFrames && frames >= retryFrames && !isReleased();
    } finally {
      lock.unlock();
    }
  }

  /** Tells whether nothing came since the WAL was let go of. */
  private boolean isReleased() {
    return position.equals(released);
  }

  /**
   * Copies the WAL to the database file and lets the next writer start it over.
   *
   * @param mayBlock whether writers may be kept from committing for a moment, if they leave none
   */
  Checkpoint checkpoint(boolean mayBlock) throws IOException {
    lock.lock();
    try {
      if (pins > 0 || needsAll) {
        return Checkpoint.POSTPONED;
      }
      if (isReleased()) {
        return Checkpoint.DONE;
      }
      hop();
      boolean done = releaseIfNobodyCommits(guard.checkpoint());
      if (!done && mayBlock && blockWriters()) {
        try {
          done = releaseWhileBlocked();
        } finally {
          guard.unblockWriters();
        }
      }
      if (done && truncateBytes > 0 && wal.size() >= truncateBytes) {
        guard.truncate();
      }
      retryFrames = position.frames() + checkpointFrames / (done ? 1 : 4);
      return done ? Checkpoint.DONE : Checkpoint.PARTIAL;
    } finally {
      lock.unlock();
    }
  }

  /**
   * If all is copied, begins a transaction that has no mark in the WAL. Whether it has, shows the
   * count afterwards: if nothing came, nothing was missing in the file when it began.
   */
  private boolean releaseIfNobodyCommits(WalFrames copied) throws IOException {
    if (!copied.allBackfilled() || copied.total() != position.frames()) {
      return false;
    }
    guard.beginHop();
    WalFrames now;
    try {
      now = guard.frames();
      if (!now.equals(copied)) {
        captureCommitted();
      }
    } catch (Throwable e) {
      guard.cancelHop();
      throw e;
    }
    guard.endHop();
    marked = false;
    return now.equals(copied) && release();
  }

  /** While nobody can commit: captures and copies the rest, and lets go of all. */
  private boolean releaseWhileBlocked() throws IOException {
    captureCommitted();
    guard.beginHop();
    guard.endHop();
    WalFrames copied = guard.checkpoint();
    for (int i = 0; i < CHECKPOINT_TRIES && copied.total() < 0; i++) {
      // A writer that has committed just before is still at its own checkpoint.
      LockSupport.parkNanos(BLOCK_RETRY_NANOS);
      copied = guard.checkpoint();
    }
    if (!copied.allBackfilled() || copied.total() != position.frames()) {
      return false;
    }
    guard.beginHop();
    guard.endHop();
    marked = false;
    return guard.frames().equals(copied) && release();
  }

  private boolean release() {
    released = position;
    return true;
  }

  private boolean blockWriters() throws IOException {
    long until = System.nanoTime() + BLOCK_WRITERS_NANOS;
    while (!guard.tryBlockWriters()) {
      if (System.nanoTime() - until > 0) {
        return false;
      }
      LockSupport.parkNanos(BLOCK_RETRY_NANOS);
    }
    return true;
  }

  /** Lets go of what was captured, and holds on to what was not. */
  private void hop() throws IOException {
    guard.beginHop();
    try {
      captureCommitted();
    } catch (Throwable e) {
      guard.cancelHop();
      throw e;
    }
    guard.endHop();
  }

  /**
   * Keeps a state of the database as it is until the pin is closed. No checkpoint runs meanwhile.
   */
  Pin pin() throws IOException {
    lock.lock();
    try {
      WalHeader header = position.header();
      DatabaseState state = state(null, new PageFrames());
      if (header != null) {
        WalReader.Committed committed = WalReader.read(wal.asSource(), position.frames());
        boolean same = committed.header().filter(position::isIn).isPresent();
        if (same && committed.frameCount() != position.frames()) {
          throw new IOException("[" + database + "] the WAL has been overwritten");
        }
        if (same) {
          state = state(header, committed.pages());
        }
      }
      pins++;
      return new Pin(this, current(), state);
    } finally {
      lock.unlock();
    }
  }

  /** A state of the database that is kept. */
  record Pin(Capture capture, Txid txid, DatabaseState state) implements Closeable {
    @Override
    public void close() {
      capture.unpin();
    }
  }

  private void unpin() {
    lock.lock();
    try {
      pins--;
    } finally {
      lock.unlock();
    }
  }

  /** Gives up what is only needed while there are changes. */
  void relax() throws IOException {
    lock.lock();
    try {
      guard.relax();
    } finally {
      lock.unlock();
    }
  }

  /** Writes all pages as the next transaction, for a store that lacks what is before. */
  Txid captureAllPages(String reason) throws IOException {
    lock.lock();
    try {
      captureAllPages(current().next(), reason);
      return current();
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many frames of the WAL are captured. */
  int frames() {
    return position.frames();
  }

  /** Returns how many bytes of WAL were captured since this was opened. */
  long walBytesCaptured() {
    return walBytesCaptured.get();
  }

  /**
   * Fails if another file has taken the place of the database, which nobody would notice otherwise.
   */
  void checkStillThere() throws IOException {
    if (!Objects.equals(fileKey, DatabaseChannels.fileKey(database))) {
      throw new IOException(
          "[" + database + "] has been replaced by another file while it was replicated");
    }
  }

  /**
   * Captures what is left, copies it to the database file if nobody minds, and closes the
   * connections. If all is copied, the next start needs no snapshot.
   */
  void closeCleanly() throws IOException {
    lock.lock();
    try {
      if (txid != null && !closed && pins == 0 && !needsAll && blockWriters()) {
        try {
          if (releaseWhileBlocked()) {
            CleanStop.write(folder, database, current());
          }
        } finally {
          guard.unblockWriters();
        }
      }
    } finally {
      lock.unlock();
      close();
    }
  }

  /** Closes the connections, as a crash would. */
  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      Closing.all(wal, guard, () -> DatabaseChannels.release(database));
    } finally {
      lock.unlock();
    }
  }
}

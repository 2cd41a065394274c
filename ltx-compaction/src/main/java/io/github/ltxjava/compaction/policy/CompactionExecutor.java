package io.github.ltxjava.compaction.policy;

import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxReader;
import io.github.ltxjava.ReadOptions;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.WriteOptions;
import io.github.ltxjava.compaction.MergeProgress;
import io.github.ltxjava.compaction.MergeResult;
import io.github.ltxjava.compaction.Merger;
import io.github.ltxjava.index.ChainException;
import io.github.ltxjava.internal.io.Closing;
import io.github.ltxjava.internal.io.ForwardingSink;
import io.github.ltxjava.internal.io.ForwardingSource;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.store.LtxFileInfo;
import io.github.ltxjava.store.LtxStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Does to a store what a policy decides. Inputs stay as they are; a file that is made appears
 * complete and verified, or not at all.
 *
 * <p>Belongs to one thread; several executors, also in several processes, may work on one store.
 */
public final class CompactionExecutor {

  /** How a job ended. */
  public enum Outcome {
    /** It is done. */
    DONE,
    /** The file that it was to make is there already; somebody else was faster. */
    ALREADY_DONE,
    /** A file that it needs is gone, so the listing is out of date; decide again. */
    OUTDATED
  }

  private final LtxStore store;
  private UnaryOperator<Merger> settings = merger -> merger;

  private CompactionExecutor(LtxStore store) {
    this.store = store;
  }

  /**
   * Creates an executor.
   *
   * @param store stays the caller's
   */
  public static CompactionExecutor on(LtxStore store) {
    return new CompactionExecutor(store);
  }

  /** Sets the layout of new files. Default: v3-block. */
  public CompactionExecutor layout(Layout layout) {
    return with(merger -> merger.layout(layout));
  }

  /** Sets how inputs are read, on how many threads for one. */
  public CompactionExecutor reading(ReadOptions options) {
    return with(merger -> merger.reading(options));
  }

  /** Sets how new files are written. */
  public CompactionExecutor writing(WriteOptions options) {
    return with(merger -> merger.writing(options));
  }

  /** Leaves database checksums out of new files, which Litestream needs. */
  public CompactionExecutor withoutChecksums() {
    return with(Merger::withoutChecksums);
  }

  /** Sets who is told about the progress of merges, on this thread. */
  public CompactionExecutor onProgress(Consumer<? super MergeProgress> listener) {
    return with(merger -> merger.onProgress(listener));
  }

  /** Sets a condition under which a merge is given up. */
  public CompactionExecutor cancelWhen(BooleanSupplier condition) {
    return with(merger -> merger.cancelWhen(condition));
  }

  private CompactionExecutor with(UnaryOperator<Merger> setting) {
    UnaryOperator<Merger> before = settings;
    settings = merger -> setting.apply(before.apply(merger));
    return this;
  }

  /**
   * Asks a policy and does what it wants, until it wants nothing more.
   *
   * @param now the time that the policy is told, each time the same
   * @return how many jobs were done
   * @throws IOException as {@link #run(CompactionJob)} does
   */
  public int run(CompactionPolicy policy, Instant now) throws IOException {
    int done = 0;
    while (true) {
      int doneNow = 0;
      for (CompactionJob job : policy.plan(store.listAll(), now)) {
        if (run(job) == Outcome.DONE) {
          doneNow++;
        }
      }
      if (doneNow == 0) {
        return done;
      }
      done += doneNow;
    }
  }

  /**
   * Does a job.
   *
   * @throws ChainException if the files are not of one history
   * @throws io.github.ltxjava.LtxFormatException if an input is damaged
   * @throws CancellationException if the condition for giving up came true
   * @throws IOException if the store fails
   */
  public Outcome run(CompactionJob job) throws IOException {
    if (job instanceof CompactionJob.Merge merge) {
      return merge(merge.level(), merge.txids(), merge.inputs());
    }
    if (job instanceof CompactionJob.Snapshot snapshot) {
      return merge(LtxFileInfo.SNAPSHOT_LEVEL, snapshot.txids(), snapshot.inputs());
    }
    store.delete(((CompactionJob.Expire) job).files());
    return Outcome.DONE;
  }

  private Outcome merge(int level, TxidRange txids, List<LtxFileInfo> inputs) throws IOException {
    List<ByteSource> sources = new ArrayList<>();
    try {
      Instant timestamp = timestampOf(inputs.get(inputs.size() - 1));
      for (LtxFileInfo input : inputs) {
        sources.add(open(input));
      }
      try (ByteSink sink = store.create(level, txids, timestamp)) {
        MergeResult result = settings.apply(Merger.of(sources)).writeTo(new DeferredSink(sink));
        requireNamed(sink, txids, result.header());
        sink.commit();
      }
      return Outcome.DONE;
    } catch (FileAlreadyExistsException e) {
      return Outcome.ALREADY_DONE;
    } catch (MissingInputException e) {
      return Outcome.OUTDATED;
    } finally {
      Closing.all(sources);
    }
  }

  /** The merged file says this in its header, so the store has to say it too. */
  private Instant timestampOf(LtxFileInfo file) throws IOException {
    try (LtxReader reader = LtxReader.open(open(file))) {
      return reader.header().timestamp();
    }
  }

  private static void requireNamed(ByteSink sink, TxidRange txids, LtxHeader header)
      throws ChainException {
    if (!header.txids().equals(txids)) {
      throw new ChainException(
          "["
              + sink.name()
              + "] would hold transactions "
              + header.txids()
              + "; an input does not hold those of its name");
    }
  }

  private ByteSource open(LtxFileInfo input) throws IOException {
    try {
      return new JobInput(store.open(input));
    } catch (NoSuchFileException e) {
      throw new MissingInputException(e);
    }
  }

  /** Tells an input that is gone, at its first read, from a target that cannot be written. */
  private static final class JobInput extends ForwardingSource {

    JobInput(ByteSource source) {
      super(source);
    }

    @Override
    public long size() throws IOException {
      try {
        return super.size();
      } catch (NoSuchFileException e) {
        throw new MissingInputException(e);
      }
    }

    @Override
    public void readFully(long position, ByteBuffer target) throws IOException {
      try {
        super.readFully(position, target);
      } catch (NoSuchFileException e) {
        throw new MissingInputException(e);
      }
    }
  }

  private static final class MissingInputException extends IOException {
    private static final long serialVersionUID = 1;

    MissingInputException(NoSuchFileException cause) {
      super(cause.getMessage(), cause);
    }
  }

  /** Leaves the commit to the executor, which looks at the result first. */
  private static final class DeferredSink extends ForwardingSink {

    DeferredSink(ByteSink sink) {
      super(sink);
    }

    @Override
    public void commit() {
      // The executor does it.
    }
  }
}

package io.github.ltxjava.replica;

import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.internal.io.ForwardingSink;
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
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A store that only this process writes to, so that its listing is remembered instead of asked for
 * each time. What turns out to be otherwise makes it ask again.
 *
 * <p>Files of level 0 are read from the local folder while they are there.
 */
final class RememberingStore extends ForwardingStore {

  private final LocalFolder local;
  private final List<@Nullable TreeSet<LtxFileInfo>> levels = new ArrayList<>();

  RememberingStore(LtxStore store, LocalFolder local) {
    super(store);
    this.local = local;
    forget();
  }

  /** Asks the store for each listing when it is wanted next. */
  synchronized void forget() {
    levels.clear();
    for (int level = 0; level <= LtxFileInfo.MAX_LEVEL; level++) {
      levels.add(null);
    }
  }

  /** Returns what is known without asking; nothing before the first listing. */
  synchronized List<LtxFileInfo> known() {
    List<LtxFileInfo> files = new ArrayList<>();
    for (TreeSet<LtxFileInfo> level : levels) {
      if (level != null) {
        files.addAll(level);
      }
    }
    return files;
  }

  @Override
  public synchronized List<LtxFileInfo> list(int level, Txid from) throws IOException {
    TreeSet<LtxFileInfo> files = levels.get(LtxFileInfo.checkLevel(level));
    if (files == null) {
      files = new TreeSet<>(store.list(level, Txid.FIRST));
      levels.set(level, files);
    }
    return files.stream().filter(file -> file.txids().min().compareTo(from) >= 0).toList();
  }

  @Override
  public ByteSource open(LtxFileInfo file) throws IOException {
    boolean captured = file.level() == 0 && local.find(file.txids().max()).isPresent();
    if (captured) {
      try {
        return local.read(file.txids().max());
      } catch (NoSuchFileException e) {
        // Deleted meanwhile; the store has it.
        return store.open(file);
      }
    }
    try {
      return store.open(file);
    } catch (NoSuchFileException e) {
      forget();
      throw e;
    }
  }

  @Override
  public ByteSink create(int level, TxidRange txids, Instant timestamp) throws IOException {
    try {
      return new Sink(this, store.create(level, txids, timestamp), level, txids, timestamp);
    } catch (FileAlreadyExistsException e) {
      forget();
      throw e;
    }
  }

  @Override
  public void delete(Collection<LtxFileInfo> files) throws IOException {
    try {
      store.delete(files);
    } catch (IOException e) {
      forget();
      throw e;
    }
    synchronized (this) {
      for (LtxFileInfo file : files) {
        TreeSet<LtxFileInfo> level = levels.get(file.level());
        if (level != null) {
          level.remove(file);
        }
      }
    }
  }

  private synchronized void created(LtxFileInfo file) {
    TreeSet<LtxFileInfo> level = levels.get(file.level());
    if (level != null) {
      level.add(file);
    }
  }

  /** Remembers a file once it is committed. */
  private static final class Sink extends ForwardingSink {

    private final RememberingStore owner;
    private final int level;
    private final TxidRange txids;
    private final Instant timestamp;
    private long size;

    Sink(RememberingStore owner, ByteSink sink, int level, TxidRange txids, Instant timestamp) {
      super(sink);
      this.owner = owner;
      this.level = level;
      this.txids = txids;
      this.timestamp = timestamp;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      size += bytes.remaining();
      super.write(bytes);
    }

    @Override
    public void commit() throws IOException {
      try {
        super.commit();
      } catch (IOException e) {
        // It may be there nevertheless.
        owner.forget();
        throw e;
      }
      owner.created(new LtxFileInfo(level, txids, size, timestamp));
    }
  }
}

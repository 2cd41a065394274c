package io.github.ltxjava.store;

import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.io.ByteSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * A store in the heap, for tests and for data that need not outlive the process.
 *
 * <p>Safe for many threads. A file is at most 2 GiB.
 */
public final class MemoryStore implements LtxStore {

  private static final StoreCapabilities CAPABILITIES =
      new StoreCapabilities(true, true, true, true, true, false);

  private final List<NavigableMap<TxidRange, Content>> levels = new ArrayList<>();

  private final Map<String, byte[]> objects = new HashMap<>();

  private static final class Content {
    private final byte[] bytes;
    private final Instant createdAt;

    Content(byte[] bytes, Instant createdAt) {
      this.bytes = bytes;
      this.createdAt = createdAt;
    }
  }

  /** Creates an empty store. */
  public MemoryStore() {
    for (int level = 0; level <= LtxFileInfo.MAX_LEVEL; level++) {
      levels.add(new ConcurrentSkipListMap<>());
    }
  }

  @Override
  public StoreCapabilities capabilities() {
    return CAPABILITIES;
  }

  @Override
  public List<LtxFileInfo> list(int level, Txid from) {
    LtxFileInfo.checkLevel(level);
    List<LtxFileInfo> files = new ArrayList<>();
    levels
        .get(level)
        .tailMap(TxidRange.of(from))
        .forEach(
            (txids, content) ->
                files.add(new LtxFileInfo(level, txids, content.bytes.length, content.createdAt)));
    return List.copyOf(files);
  }

  @Override
  public ByteSource open(LtxFileInfo file) throws IOException {
    Content content = levels.get(file.level()).get(file.txids());
    if (content == null) {
      throw new NoSuchFileException(nameOf(file.level(), file.txids()));
    }
    return ByteSource.of(nameOf(file.level(), file.txids()), ByteBuffer.wrap(content.bytes));
  }

  @Override
  public ByteSink create(int level, TxidRange txids, Instant timestamp) {
    LtxFileInfo.checkLevel(level);
    return new Sink(level, txids, timestamp);
  }

  @Override
  public void delete(Collection<LtxFileInfo> files) {
    for (LtxFileInfo file : files) {
      levels.get(file.level()).remove(file.txids());
    }
  }

  @Override
  public Optional<ConditionalObject> object(String name) {
    return Optional.of(new MemoryObject(ConditionalObject.checkName(name)));
  }

  /** Does nothing: the files stay as long as the store object. */
  @Override
  public void close() {
    // Nothing is held outside the heap.
  }

  private static String nameOf(int level, TxidRange txids) {
    return "memory:" + level + "/" + txids.fileName();
  }

  private final class MemoryObject implements ConditionalObject {
    private final String name;

    MemoryObject(String name) {
      this.name = name;
    }

    @Override
    public Optional<Version> read() {
      synchronized (objects) {
        return Optional.ofNullable(objects.get(name)).map(Version::of);
      }
    }

    @Override
    public Optional<Version> replace(Optional<Version> expected, byte[] content) {
      ConditionalObject.checkSize(content.length);
      synchronized (objects) {
        if (!read().map(Version::tag).equals(expected.map(Version::tag))) {
          return Optional.empty();
        }
        objects.put(name, content.clone());
        return read();
      }
    }

    @Override
    public String name() {
      return "memory:" + name;
    }
  }

  private final class Sink implements ByteSink {
    private final int level;
    private final TxidRange txids;
    private final Instant timestamp;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final WritableByteChannel channel = Channels.newChannel(bytes);
    private boolean open = true;

    Sink(int level, TxidRange txids, Instant timestamp) {
      this.level = level;
      this.txids = txids;
      this.timestamp = timestamp;
    }

    @Override
    public void write(ByteBuffer buffer) throws IOException {
      requireOpen();
      channel.write(buffer);
    }

    @Override
    public void commit() throws IOException {
      requireOpen();
      Content content = new Content(bytes.toByteArray(), timestamp);
      if (levels.get(level).putIfAbsent(txids, content) != null) {
        throw new FileAlreadyExistsException(name());
      }
      open = false;
    }

    @Override
    public void close() {
      open = false;
    }

    @Override
    public String name() {
      return nameOf(level, txids);
    }

    private void requireOpen() {
      if (!open) {
        throw new IllegalStateException("committed or closed: " + name());
      }
    }
  }
}

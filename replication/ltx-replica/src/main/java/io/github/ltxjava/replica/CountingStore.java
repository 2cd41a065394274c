package io.github.ltxjava.replica;

import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.store.ConditionalObject;
import io.github.ltxjava.store.LtxFileInfo;
import io.github.ltxjava.store.LtxStore;
import io.github.ltxjava.store.StoreCapabilities;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/** Counts what is asked of a store. */
final class CountingStore implements LtxStore {

  private final LtxStore store;
  private final LongAdder lists = new LongAdder();
  private final LongAdder reads = new LongAdder();
  private final LongAdder creates = new LongAdder();
  private final LongAdder deletes = new LongAdder();
  private final LongAdder bytesRead = new LongAdder();
  private final LongAdder bytesWritten = new LongAdder();

  CountingStore(LtxStore store) {
    this.store = store;
  }

  RequestCounts counts() {
    return new RequestCounts(
        lists.sum(),
        reads.sum(),
        creates.sum(),
        deletes.sum(),
        bytesRead.sum(),
        bytesWritten.sum());
  }

  @Override
  public StoreCapabilities capabilities() {
    return store.capabilities();
  }

  @Override
  public List<LtxFileInfo> list(int level, Txid from) throws IOException {
    lists.increment();
    return store.list(level, from);
  }

  @Override
  public List<LtxFileInfo> withExactTimestamps(List<LtxFileInfo> files) throws IOException {
    return store.withExactTimestamps(files);
  }

  @Override
  public Optional<ConditionalObject> object(String name) {
    return store.object(name);
  }

  @Override
  public ByteSource open(LtxFileInfo file) throws IOException {
    return new Source(this, store.open(file));
  }

  @Override
  public ByteSink create(int level, TxidRange txids, Instant timestamp) throws IOException {
    creates.increment();
    return new Sink(this, store.create(level, txids, timestamp));
  }

  @Override
  public void delete(Collection<LtxFileInfo> files) throws IOException {
    deletes.add(files.size());
    store.delete(files);
  }

  @Override
  public void close() throws IOException {
    store.close();
  }

  private record Source(CountingStore counts, ByteSource source) implements ByteSource {
    @Override
    public long size() throws IOException {
      return source.size();
    }

    @Override
    public void readFully(long position, ByteBuffer target) throws IOException {
      counts.reads.increment();
      counts.bytesRead.add(target.remaining());
      source.readFully(position, target);
    }

    @Override
    public String name() {
      return source.name();
    }

    @Override
    public void close() throws IOException {
      source.close();
    }
  }

  private record Sink(CountingStore counts, ByteSink sink) implements ByteSink {
    @Override
    public void write(ByteBuffer bytes) throws IOException {
      counts.bytesWritten.add(bytes.remaining());
      sink.write(bytes);
    }

    @Override
    public void commit() throws IOException {
      sink.commit();
    }

    @Override
    public void close() throws IOException {
      sink.close();
    }

    @Override
    public String name() {
      return sink.name();
    }
  }
}

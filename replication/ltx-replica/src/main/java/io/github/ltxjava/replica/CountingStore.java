package io.github.ltxjava.replica;

import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.internal.io.ForwardingSink;
import io.github.ltxjava.internal.io.ForwardingSource;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.store.LtxFileInfo;
import io.github.ltxjava.store.LtxStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Counts what is asked of a store. */
final class CountingStore extends ForwardingStore {

  private final LongAdder lists = new LongAdder();
  private final LongAdder reads = new LongAdder();
  private final LongAdder creates = new LongAdder();
  private final LongAdder deletes = new LongAdder();
  private final LongAdder bytesRead = new LongAdder();
  private final LongAdder bytesWritten = new LongAdder();

  CountingStore(LtxStore store) {
    super(store);
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
  public List<LtxFileInfo> list(int level, Txid from) throws IOException {
    lists.increment();
    return store.list(level, from);
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

  private static final class Source extends ForwardingSource {

    private final CountingStore counts;

    Source(CountingStore counts, ByteSource source) {
      super(source);
      this.counts = counts;
    }

    @Override
    public void readFully(long position, ByteBuffer target) throws IOException {
      counts.reads.increment();
      counts.bytesRead.add(target.remaining());
      super.readFully(position, target);
    }
  }

  private static final class Sink extends ForwardingSink {

    private final CountingStore counts;

    Sink(CountingStore counts, ByteSink sink) {
      super(sink);
      this.counts = counts;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      counts.bytesWritten.add(bytes.remaining());
      super.write(bytes);
    }
  }
}

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
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A store that passes everything on to another one, but for what a subclass does otherwise. What an
 * {@link LtxStore} does by default is passed on too: a store may know better.
 */
abstract class ForwardingStore implements LtxStore {

  protected final LtxStore store;

  /** Wraps a store, which is closed with this. */
  ForwardingStore(LtxStore store) {
    this.store = store;
  }

  @Override
  public StoreCapabilities capabilities() {
    return store.capabilities();
  }

  @Override
  public List<LtxFileInfo> list(int level, Txid from) throws IOException {
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
    return store.open(file);
  }

  @Override
  public ByteSink create(int level, TxidRange txids, Instant timestamp) throws IOException {
    return store.create(level, txids, timestamp);
  }

  @Override
  public void delete(Collection<LtxFileInfo> files) throws IOException {
    store.delete(files);
  }

  @Override
  public void close() throws IOException {
    store.close();
  }
}

package io.github.ltxjava.testkit;

import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.store.LtxFileInfo;
import io.github.ltxjava.store.LtxStore;
import io.github.ltxjava.store.StoreCapabilities;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** A store whose calls, and those of its sources and sinks, fail by a plan. */
public final class FaultInjectingStore implements LtxStore {

  private final LtxStore store;
  private final FaultPlan plan;

  /**
   * Wraps a store.
   *
   * @param store closed with this one
   */
  public FaultInjectingStore(LtxStore store, FaultPlan plan) {
    this.store = store;
    this.plan = plan;
  }

  @Override
  public StoreCapabilities capabilities() {
    return store.capabilities();
  }

  @Override
  public List<LtxFileInfo> list(int level, Txid from) throws IOException {
    plan.call("list of level " + level);
    return store.list(level, from);
  }

  @Override
  public ByteSource open(LtxFileInfo file) throws IOException {
    plan.call("open of " + file.txids());
    return new FaultInjectingSource(store.open(file), plan);
  }

  @Override
  public ByteSink create(int level, TxidRange txids, Instant timestamp) throws IOException {
    plan.call("create of " + txids);
    return new FaultInjectingSink(store.create(level, txids, timestamp), plan);
  }

  @Override
  public void delete(Collection<LtxFileInfo> files) throws IOException {
    plan.call("delete of " + files.size() + " files");
    store.delete(files);
  }

  @Override
  public void close() throws IOException {
    store.close();
  }
}

package io.github.ltxjava.testkit;

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
  public List<LtxFileInfo> withExactTimestamps(List<LtxFileInfo> files) throws IOException {
    plan.call("exact timestamps of " + files.size() + " files");
    return store.withExactTimestamps(files);
  }

  @Override
  public Optional<ConditionalObject> object(String name) {
    return store.object(name).map(FaultyObject::new);
  }

  private final class FaultyObject implements ConditionalObject {
    private final ConditionalObject object;

    FaultyObject(ConditionalObject object) {
      this.object = object;
    }

    @Override
    public Optional<Version> read() throws IOException {
      plan.call("read of " + object.name());
      return object.read();
    }

    @Override
    public Optional<Version> replace(Optional<Version> expected, byte[] content)
        throws IOException {
      plan.call("replace of " + object.name());
      return object.replace(expected, content);
    }

    @Override
    public String name() {
      return object.name();
    }
  }

  @Override
  public void close() throws IOException {
    store.close();
  }
}

package io.github.ltxjava.testkit;

import io.github.ltxjava.store.LtxStore;
import io.github.ltxjava.store.MemoryStore;

class MemoryLeaseTest extends LeaseContract {

  private final MemoryStore store = new MemoryStore();

  @Override
  protected LtxStore openEmptyStore() {
    return store;
  }

  @Override
  protected LtxStore openAgain() {
    return store;
  }
}

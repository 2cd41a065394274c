package io.github.ltxjava.testkit;

import io.github.ltxjava.store.LtxStore;
import io.github.ltxjava.store.MemoryStore;

class MemoryStoreTest extends LtxStoreContract {

  @Override
  protected LtxStore openEmptyStore() {
    return new MemoryStore();
  }
}

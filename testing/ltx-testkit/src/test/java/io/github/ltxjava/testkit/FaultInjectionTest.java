package io.github.ltxjava.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxReader;
import io.github.ltxjava.LtxWriter;
import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.store.LtxFileInfo;
import io.github.ltxjava.store.LtxStore;
import io.github.ltxjava.store.MemoryStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Failing every call of writing to a store and of reading from it. */
class FaultInjectionTest {

  private static final TxidRange RANGE = TxidRange.of(Txid.of(1));
  private static final int PAGES = 200;

  @Test
  void aFailingStoreShowsNothingOrAWholeFile() throws IOException {
    for (int call = 0; ; call++) {
      FaultPlan plan = FaultPlan.failingAt(call);
      LtxStore store = new MemoryStore();
      Throwable thrown = catchThrowable(() -> writeTo(new FaultInjectingStore(store, plan)));
      assertThat(plan.allClosed()).isTrue();
      if (plan.failure().isEmpty()) {
        assertThat(thrown).isNull();
        assertThat(call).isEqualTo(plan.calls()).isGreaterThan(3);
        assertThat(readFrom(store)).isEqualTo(PAGES);
        return;
      }
      assertThat(thrown).isSameAs(plan.failure().get());
      assertThat(store.list(0, Txid.FIRST)).isEmpty();
    }
  }

  @Test
  void aFailingReadComesThroughAndLeavesNothingOpen() throws IOException {
    LtxStore store = new MemoryStore();
    writeTo(store);
    for (int call = 0; ; call++) {
      FaultPlan plan = FaultPlan.failingAt(call);
      Throwable thrown = catchThrowable(() -> readFrom(new FaultInjectingStore(store, plan)));
      assertThat(plan.allClosed()).isTrue();
      if (plan.failure().isEmpty()) {
        assertThat(thrown).isNull();
        assertThat(call).isEqualTo(plan.calls()).isGreaterThan(3);
        return;
      }
      assertThat(thrown).isSameAs(plan.failure().get());
    }
  }

  private static void writeTo(LtxStore store) throws IOException {
    LtxHeader header = LtxHeader.snapshot(4096, PAGES, Txid.of(1)).build();
    byte[] page = new byte[4096];
    Random random = new Random(1);
    try (LtxWriter writer = LtxWriter.create(store.create(0, RANGE, Instant.EPOCH), header)) {
      for (int i = 0; i < PAGES; i++) {
        random.nextBytes(page);
        writer.write(i + 1L, ByteBuffer.wrap(page));
      }
      writer.finish();
    }
  }

  private static long readFrom(LtxStore store) throws IOException {
    LtxFileInfo file = store.list(0, Txid.FIRST).get(0);
    try (LtxReader reader = LtxReader.open(store.open(file))) {
      while (reader.next()) {
        assertThat(reader.page().remaining()).isEqualTo(4096);
      }
      return reader.pageCount();
    }
  }
}

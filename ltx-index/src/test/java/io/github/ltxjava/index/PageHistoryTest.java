package io.github.ltxjava.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.store.LtxFileInfo;
import io.github.ltxjava.store.LtxStore;
import io.github.ltxjava.store.MemoryStore;
import io.github.ltxjava.store.StoreCapabilities;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PageHistoryTest {

  private final MemoryStore store = new MemoryStore();

  @Test
  void everyVersionOfAChainCanBeRead() throws IOException {
    add(1, 3, Chains.snapshotBytes(3, 10, 0));
    add(4, 4, Chains.deltaBytes(4, 4, 6, List.of(2L), 1, Layout.V3_BLOCK));
    add(5, 6, Chains.deltaBytes(5, 6, 8, List.of(7L), 2, Layout.V3_BLOCK));
    try (PageHistory history = PageHistory.open(store, store.list(0, Txid.FIRST))) {
      assertThat(history.versions()).containsExactly(Txid.of(3), Txid.of(4), Txid.of(6));
      assertThat(history.at(Txid.of(3)).commit()).isEqualTo(10);
      assertThat(history.at(Txid.of(4)).commit()).isEqualTo(6);
      assertThat(history.latest()).isSameAs(history.at(Txid.of(6)));
      ByteBuffer page = ByteBuffer.allocate(Chains.PAGE_SIZE);
      assertThat(history.at(Txid.of(3)).readPage(2, page)).isTrue();
      assertThat(page.array()).isEqualTo(Chains.page(2, 0));
      assertThat(history.latest().readPage(2, page.clear())).isTrue();
      assertThat(page.array()).isEqualTo(Chains.page(2, 1));
      assertThat(history.latest().readPage(8, page.clear())).isTrue();
      assertThat(page.array()).containsOnly(0);
    }
  }

  @Test
  void aVersionInsideAFileIsNotThere() throws IOException {
    add(1, 3, Chains.snapshotBytes(3, 10, 0));
    add(4, 9, Chains.deltaBytes(4, 9, 6, List.of(2L), 1, Layout.V3_BLOCK));
    try (PageHistory history = PageHistory.open(store, store.list(0, Txid.FIRST))) {
      assertThatThrownBy(() -> history.at(Txid.of(5)))
          .isInstanceOf(NoSuchElementException.class)
          .hasMessageContaining("0000000000000003 before")
          .hasMessageContaining("0000000000000009 after");
      assertThatThrownBy(() -> history.at(Txid.of(10)))
          .isInstanceOf(NoSuchElementException.class)
          .hasMessageContaining("none after");
    }
  }

  @Test
  void aFileThatDoesNotFollowChangesNothing() throws IOException {
    add(1, 3, Chains.snapshotBytes(3, 10, 0));
    add(5, 5, Chains.deltaBytes(5, 5, 6, List.of(2L), 1, Layout.V3_BLOCK));
    List<LtxFileInfo> files = store.list(0, Txid.FIRST);
    try (PageHistory history = PageHistory.open(store, files.subList(0, 1))) {
      assertThatThrownBy(() -> history.append(files.get(1)))
          .isInstanceOf(ChainException.class)
          .hasMessageContaining(files.get(0).txids().fileName())
          .hasMessageContaining(files.get(1).txids().fileName());
      assertThat(history.versions()).containsExactly(Txid.of(3));
    }
  }

  @Test
  void aFileThatHoldsOtherTransactionsThanItsNameSaysIsRefused() throws IOException {
    add(1, 4, Chains.snapshotBytes(3, 10, 0));
    assertThatThrownBy(() -> PageHistory.open(store, store.list(0, Txid.FIRST)))
        .isInstanceOf(ChainException.class)
        .hasMessageContaining("not those of its name");
  }

  @Test
  void aFileThatIsGoneIsNamed() throws IOException {
    add(1, 3, Chains.snapshotBytes(3, 10, 0));
    List<LtxFileInfo> files = store.list(0, Txid.FIRST);
    store.delete(files);
    assertThatThrownBy(() -> PageHistory.open(store, files))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining(files.get(0).txids().fileName());
  }

  @Test
  void aCompressedVersion1FileIsRefusedWithAWayOut() throws IOException {
    Path file = Path.of("../conformance-vectors/apply/v1-lz4/chain-30/1.ltx");
    add(1, 1, Files.readAllBytes(file));
    assertThatThrownBy(() -> PageHistory.open(store, store.list(0, Txid.FIRST)))
        .isInstanceOf(LtxFormatException.class)
        .hasMessageContaining("UNSUPPORTED")
        .hasMessageContaining("convert");
  }

  @Test
  void openingReadsOnlyHeadsAndTails() throws IOException {
    add(1, 3, Chains.snapshotBytes(3, 1000, 0));
    add(4, 4, Chains.deltaBytes(4, 4, 1000, List.of(2L), 1, Layout.V3_BLOCK));
    CountingStore counting = new CountingStore(store);
    List<LtxFileInfo> chain = store.list(0, Txid.FIRST);
    try (PageHistory history = PageHistory.open(counting, chain)) {
      int opening = counting.reads.get();
      assertThat(opening).isBetween(chain.size(), 2 * chain.size());
      ByteBuffer page = ByteBuffer.allocate(Chains.PAGE_SIZE);
      for (long number = 1; number <= 1000; number++) {
        history.latest().readPage(number, page.clear());
      }
      assertThat(counting.reads.get()).isEqualTo(opening + 1000);
    }
    assertThat(counting.open.get()).isZero();
  }

  @Test
  void aClosedHistoryOpensNothingMore() throws IOException {
    add(1, 3, Chains.snapshotBytes(3, 10, 0));
    add(4, 4, Chains.deltaBytes(4, 4, 6, List.of(2L), 1, Layout.V3_BLOCK));
    CountingStore counting = new CountingStore(store);
    List<LtxFileInfo> files = store.list(0, Txid.FIRST);
    PageHistory history = PageHistory.open(counting, files.subList(0, 1));
    history.close();
    history.close();
    assertThatThrownBy(() -> history.append(files.get(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    assertThat(counting.open.get()).isZero();
  }

  private void add(long min, long max, byte[] bytes) throws IOException {
    TxidRange txids = TxidRange.of(Txid.of(min), Txid.of(max));
    try (ByteSink sink = store.create(0, txids, Instant.EPOCH)) {
      sink.write(ByteBuffer.wrap(bytes));
      sink.commit();
    }
  }

  /** Counts range reads and open sources. */
  private static final class CountingStore implements LtxStore {
    private final LtxStore store;
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();

    CountingStore(LtxStore store) {
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
    public ByteSource open(LtxFileInfo file) throws IOException {
      ByteSource source = store.open(file);
      open.incrementAndGet();
      return new ByteSource() {
        @Override
        public long size() throws IOException {
          return source.size();
        }

        @Override
        public void readFully(long position, ByteBuffer target) throws IOException {
          reads.incrementAndGet();
          source.readFully(position, target);
        }

        @Override
        public String name() {
          return source.name();
        }

        @Override
        public void close() throws IOException {
          open.decrementAndGet();
          source.close();
        }
      };
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
}

package io.github.ltxjava.compaction.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ltxjava.DatabaseChecksum;
import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxWriter;
import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.index.ChainException;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.store.LtxFileInfo;
import io.github.ltxjava.store.LtxStore;
import io.github.ltxjava.store.MemoryStore;
import io.github.ltxjava.store.StoreCapabilities;
import io.github.ltxjava.testkit.FaultInjectingStore;
import io.github.ltxjava.testkit.FaultPlan;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RangedRestoreTest {

  private static final int PAGE_SIZE = 1024;
  private static final int PAGES = 2000;

  @TempDir Path folder;
  private final MemoryStore store = new MemoryStore();
  private final Random random = new Random(11);
  private byte[] state = new byte[PAGES * PAGE_SIZE];
  private boolean tracked = true;

  private void write(int txid, int commit, Collection<Integer> pages) throws IOException {
    TxidRange txids = TxidRange.of(Txid.of(txid));
    byte[] next = Arrays.copyOf(state, commit * PAGE_SIZE);
    for (int page : pages) {
      byte[] content = new byte[PAGE_SIZE];
      random.nextBytes(content);
      System.arraycopy(content, 0, next, (page - 1) * PAGE_SIZE, PAGE_SIZE);
    }
    LtxHeader.Builder header;
    if (tracked) {
      header =
          txid == 1
              ? LtxHeader.snapshot(PAGE_SIZE, commit, Txid.FIRST)
              : LtxHeader.delta(PAGE_SIZE, commit, txids, checksum(state));
    } else {
      header = LtxHeader.delta(PAGE_SIZE, commit, txids);
    }
    try (ByteSink sink = store.create(0, txids, Instant.EPOCH);
        LtxWriter writer = LtxWriter.create(sink, header.build())) {
      for (int page : pages) {
        writer.write(page, ByteBuffer.wrap(next, (page - 1) * PAGE_SIZE, PAGE_SIZE));
      }
      if (tracked) {
        writer.finish(checksum(next));
      } else {
        writer.finish();
      }
    }
    state = next;
  }

  private static io.github.ltxjava.Checksum checksum(byte[] database) throws IOException {
    return DatabaseChecksum.of(ByteSource.of("db", ByteBuffer.wrap(database)), PAGE_SIZE);
  }

  /** A snapshot, and many files that write the same half of it; some shrink it and grow it. */
  private void writeOverlapping(int files) throws IOException {
    TreeSet<Integer> all = new TreeSet<>();
    for (int page = 1; page <= PAGES; page++) {
      all.add(page);
    }
    write(1, PAGES, all);
    for (int txid = 2; txid <= files; txid++) {
      int commit = txid == files / 2 ? PAGES - 300 : PAGES;
      TreeSet<Integer> some = new TreeSet<>();
      int previous = state.length / PAGE_SIZE;
      for (int page = 1; page <= commit; page++) {
        if (page > previous || page < PAGES / 2 && random.nextInt(100) < 90) {
          some.add(page);
        }
      }
      write(txid, commit, some);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void theSameDatabaseComesOfBytesNearItsSize(int requests) throws IOException {
    for (boolean checksums : new boolean[] {true, false}) {
      tracked = checksums;
      state = new byte[PAGES * PAGE_SIZE];
      store.delete(store.listAll());
      writeOverlapping(20);
      Path whole = folder.resolve("whole");
      Path parts = folder.resolve("parts");
      CountingStore counting = new CountingStore();
      RestoreResult result = Restorer.from(counting).restoreTo(whole);
      long chain = counting.bytes.getAndSet(0);
      Restorer.from(counting).byRanges(requests).restoreTo(parts);
      assertThat(whole).hasBinaryContent(state);
      assertThat(parts).hasBinaryContent(state);
      assertThat(chain).isGreaterThanOrEqualTo(result.plan().size());
      assertThat(counting.bytes.get()).isLessThan(chain / 3).isLessThan(state.length * 5L / 2);
      Files.delete(whole);
      Files.delete(parts);
    }
  }

  @Test
  void aFlippedBitIsNamedOrDoesNotMatter() throws IOException {
    writeOverlapping(5);
    for (LtxFileInfo file : store.listAll()) {
      byte[] sound = read(file);
      for (int i = 0; i < 40; i++) {
        byte[] damaged = sound.clone();
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
        replace(file, damaged);
        Path database = folder.resolve("db");
        try {
          Restorer.from(store).byRanges(3).restoreTo(database);
          assertThat(database).hasBinaryContent(state);
          Files.delete(database);
        } catch (LtxFormatException | ChainException e) {
          assertThat(folder).isEmptyDirectory();
        }
      }
      replace(file, sound);
    }
  }

  @Test
  void theDatabaseIsCompleteOrNotThereWhicheverReadFails() throws IOException {
    writeOverlapping(6);
    Path database = folder.resolve("db");
    long faults = 0;
    for (boolean failed = true; failed; faults++) {
      FaultPlan plan = FaultPlan.failingAt(faults);
      try {
        Restorer.from(new FaultInjectingStore(store, plan)).byRanges(3).restoreTo(database);
      } catch (IOException e) {
        assertThat(e).isSameAs(plan.failure().orElseThrow());
        assertThat(folder).isEmptyDirectory();
      }
      assertThat(plan.allClosed()).isTrue();
      failed = plan.failure().isPresent();
    }
    assertThat(faults).isGreaterThan(40);
    assertThat(database).hasBinaryContent(state);
  }

  @Test
  void noRequestsAreNoWayToRestore() {
    assertThatThrownBy(() -> Restorer.from(store).byRanges(0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private byte[] read(LtxFileInfo file) throws IOException {
    byte[] bytes = new byte[(int) file.size()];
    try (ByteSource source = store.open(file)) {
      source.readFully(0, ByteBuffer.wrap(bytes));
    }
    return bytes;
  }

  private void replace(LtxFileInfo file, byte[] bytes) throws IOException {
    store.delete(List.of(file));
    try (ByteSink sink = store.create(file.level(), file.txids(), Instant.EPOCH)) {
      sink.write(ByteBuffer.wrap(bytes));
      sink.commit();
    }
  }

  /** Counts the bytes that are read. */
  private final class CountingStore implements LtxStore {
    private final AtomicLong bytes = new AtomicLong();

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
      return new ByteSource() {
        @Override
        public long size() throws IOException {
          return source.size();
        }

        @Override
        public void readFully(long position, ByteBuffer target) throws IOException {
          bytes.addAndGet(target.remaining());
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
      };
    }

    @Override
    public ByteSink create(int level, TxidRange txids, Instant timestamp) {
      return store.create(level, txids, timestamp);
    }

    @Override
    public void delete(Collection<LtxFileInfo> files) {
      store.delete(files);
    }

    @Override
    public void close() {
      store.close();
    }
  }
}

package io.github.ltxjava.compaction.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxReader;
import io.github.ltxjava.LtxWriter;
import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.compaction.policy.CompactionExecutor.Outcome;
import io.github.ltxjava.compaction.restore.RestorePlanner;
import io.github.ltxjava.compaction.restore.RestoreTarget;
import io.github.ltxjava.compaction.restore.Restorer;
import io.github.ltxjava.index.ChainException;
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
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompactionExecutorTest {

  private static final int PAGE_SIZE = 512;
  private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

  @TempDir Path folder;
  private final MemoryStore store = new MemoryStore();
  private final CompactionExecutor executor = CompactionExecutor.on(store);

  @Test
  void aMergeMakesOneFileAndKeepsItsInputs() throws IOException {
    write(4);
    List<LtxFileInfo> inputs = store.list(0, Txid.of(2));
    CompactionJob job = new CompactionJob.Merge(1, inputs);
    assertThat(executor.run(job)).isEqualTo(Outcome.DONE);

    List<LtxFileInfo> merged = store.list(1, Txid.FIRST);
    assertThat(merged).hasSize(1);
    assertThat(merged.get(0).txids()).isEqualTo(TxidRange.of(Txid.of(2), Txid.of(4)));
    assertThat(merged.get(0).createdAt()).isEqualTo(time(4));
    assertThat(store.list(0, Txid.FIRST)).hasSize(4);
    try (LtxReader reader = LtxReader.open(store.open(merged.get(0)))) {
      assertThat(reader.header().txids()).isEqualTo(merged.get(0).txids());
      assertThat(reader.header().timestamp()).isEqualTo(time(4));
      while (reader.next()) {
        assertThat(reader.pageNumber()).isPositive();
      }
      assertThat(reader.pageCount()).isPositive();
    }
  }

  @Test
  void aSnapshotHoldsTheWholeDatabase() throws IOException {
    write(4);
    byte[] before = restore("before.db");
    CompactionJob job = new CompactionJob.Snapshot(store.list(0, Txid.FIRST));
    assertThat(executor.layout(Layout.V3_FRAME).run(job)).isEqualTo(Outcome.DONE);
    LtxFileInfo snapshot = store.list(LtxFileInfo.SNAPSHOT_LEVEL, Txid.FIRST).get(0);
    assertThat(snapshot.txids()).isEqualTo(TxidRange.of(Txid.FIRST, Txid.of(4)));
    try (LtxReader reader = LtxReader.open(store.open(snapshot))) {
      assertThat(reader.layout()).isEqualTo(Layout.V3_FRAME);
    }
    store.delete(store.list(0, Txid.FIRST));
    assertThat(restore("after.db")).isEqualTo(before);
  }

  @Test
  void whatExpiresIsDeleted() throws IOException {
    write(4);
    List<LtxFileInfo> files = store.list(0, Txid.FIRST);
    CompactionJob job = new CompactionJob.Expire(files.subList(0, 3));
    assertThat(executor.run(job)).isEqualTo(Outcome.DONE);
    assertThat(executor.run(job)).as("again").isEqualTo(Outcome.DONE);
    assertThat(store.listAll()).isEqualTo(files.subList(3, 4));
  }

  @Test
  void aFileThatIsThereAlreadyIsKept() throws IOException {
    write(4);
    CompactionJob job = new CompactionJob.Merge(1, store.list(0, Txid.of(2)));
    executor.run(job);
    List<LtxFileInfo> before = store.listAll();
    assertThat(executor.layout(Layout.V3_FRAME).run(job)).isEqualTo(Outcome.ALREADY_DONE);
    assertThat(store.listAll()).isEqualTo(before);
  }

  @Test
  void aTargetThatCannotBeWrittenFailsTheJob() throws IOException {
    write(4);
    CompactionJob job = new CompactionJob.Merge(1, store.list(0, Txid.of(2)));
    CompactionExecutor unable = CompactionExecutor.on(new Unwritable(store));
    assertThatThrownBy(() -> unable.run(job)).isInstanceOf(NoSuchFileException.class);
  }

  /** A store whose folder is gone. */
  private record Unwritable(LtxStore store) implements LtxStore {
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
      return store.open(file);
    }

    @Override
    public ByteSink create(int level, TxidRange txids, Instant timestamp) throws IOException {
      throw new NoSuchFileException("level " + level);
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

  @Test
  void aVanishedInputMakesTheJobOutdated() throws IOException {
    write(4);
    List<LtxFileInfo> inputs = store.list(0, Txid.of(2));
    store.delete(inputs.subList(1, 2));
    assertThat(executor.run(new CompactionJob.Merge(1, inputs))).isEqualTo(Outcome.OUTDATED);
    assertThat(store.list(1, Txid.FIRST)).isEmpty();
  }

  @Test
  void aDamagedInputLeavesNothing() throws IOException {
    write(4);
    List<LtxFileInfo> inputs = store.list(0, Txid.of(2));
    byte[] bytes = read(inputs.get(1));
    bytes[bytes.length / 2] ^= 1;
    store.delete(inputs.subList(1, 2));
    put(inputs.get(1).txids(), bytes);
    assertThatThrownBy(() -> executor.run(new CompactionJob.Merge(1, inputs)))
        .isInstanceOf(LtxFormatException.class)
        .hasMessageContaining(inputs.get(1).txids().fileName());
    assertThat(store.list(1, Txid.FIRST)).isEmpty();
  }

  @Test
  void anInputOfOtherTransactionsThanItsNameLeavesNothing() throws IOException {
    write(4);
    List<LtxFileInfo> inputs = store.list(0, Txid.of(2));
    byte[] bytes = read(inputs.get(2));
    store.delete(inputs.subList(2, 3));
    TxidRange wrong = TxidRange.of(Txid.of(4), Txid.of(5));
    put(wrong, bytes);
    assertThatThrownBy(() -> executor.run(new CompactionJob.Merge(1, store.list(0, Txid.of(2)))))
        .isInstanceOf(ChainException.class)
        .hasMessageContaining("its name");
    assertThat(store.list(1, Txid.FIRST)).isEmpty();
  }

  @Test
  void aCancelledMergeLeavesNothing() throws IOException {
    write(4);
    CompactionJob job = new CompactionJob.Snapshot(store.list(0, Txid.FIRST));
    assertThatThrownBy(() -> executor.cancelWhen(() -> true).run(job))
        .isInstanceOf(CancellationException.class);
    assertThat(store.list(LtxFileInfo.SNAPSHOT_LEVEL, Txid.FIRST)).isEmpty();
  }

  @Test
  void runningAPolicyChangesNoStateThatCanStillBeRestored() throws IOException {
    byte[][] states = new byte[41][];
    for (int last = 1; last <= 40; last++) {
      write(last, last);
      states[last] = restore("state-" + last);
      executor.run(CompactionPolicy.litestream(), time(last));
      assertThat(restore("latest-" + last)).isEqualTo(states[last]);
    }
    assertThat(store.list(0, Txid.FIRST)).hasSizeLessThan(40);
    assertThat(store.list(1, Txid.FIRST)).isNotEmpty();
    assertThat(store.list(2, Txid.FIRST)).isNotEmpty();
    assertThat(store.list(9, Txid.FIRST)).isNotEmpty();
    int restored = 0;
    for (Txid txid : RestorePlanner.availableTxids(store.listAll())) {
      Path file = folder.resolve("again-" + txid);
      Restorer.from(store).target(RestoreTarget.at(txid)).restoreTo(file);
      assertThat(file).hasBinaryContent(states[(int) txid.value()]);
      restored++;
    }
    assertThat(restored).isGreaterThan(10);
    assertThat(executor.run(CompactionPolicy.litestream(), time(40))).isZero();
  }

  private static Instant time(int txid) {
    return START.plusSeconds(17L * txid);
  }

  private void write(int last) throws IOException {
    write(1, last);
  }

  /** Writes transactions of a few random pages each. */
  private void write(int first, int last) throws IOException {
    for (int txid = first; txid <= last; txid++) {
      Random random = new Random(txid);
      int commit = txid == 1 ? 100 : 100 + random.nextInt(5);
      TxidRange txids = TxidRange.of(Txid.of(txid));
      LtxHeader.Builder header =
          txid == 1
              ? LtxHeader.snapshot(PAGE_SIZE, commit, Txid.FIRST).withoutChecksums()
              : LtxHeader.delta(PAGE_SIZE, commit, txids);
      try (ByteSink sink = store.create(0, txids, time(txid));
          LtxWriter writer = LtxWriter.create(sink, header.timestamp(time(txid)).build())) {
        for (int page = 1; page <= commit; page++) {
          if (txid == 1 || page >= 100 || random.nextInt(20) == 0) {
            byte[] content = new byte[PAGE_SIZE];
            random.nextBytes(content);
            writer.write(page, ByteBuffer.wrap(content));
          }
        }
        writer.finish();
      }
    }
  }

  private byte[] restore(String name) throws IOException {
    Path file = folder.resolve(name);
    Restorer.from(store).restoreTo(file);
    return Files.readAllBytes(file);
  }

  private byte[] read(LtxFileInfo file) throws IOException {
    byte[] bytes = new byte[(int) file.size()];
    try (ByteSource source = store.open(file)) {
      source.readFully(0, ByteBuffer.wrap(bytes));
    }
    return bytes;
  }

  private void put(TxidRange txids, byte[] bytes) throws IOException {
    try (ByteSink sink = store.create(0, txids, START)) {
      sink.write(ByteBuffer.wrap(bytes));
      sink.commit();
    }
  }
}

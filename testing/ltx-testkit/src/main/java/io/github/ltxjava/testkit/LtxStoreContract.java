package io.github.ltxjava.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.store.LtxFileInfo;
import io.github.ltxjava.store.LtxStore;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link LtxStore} does. The tests of a store extend this class, give it an empty store,
 * and inherit its tests; what a store says that it cannot do is skipped.
 */
public abstract class LtxStoreContract {

  private static final Instant TIME = Instant.parse("2026-11-24T03:15:52.784Z");

  private LtxStore store;

  /** Opens a store that is empty; the contract closes it after each test. */
  protected abstract LtxStore openEmptyStore() throws IOException;

  /**
   * Opens the same store again, as another process would; empty if a store cannot be shared. The
   * contract closes it.
   */
  protected Optional<LtxStore> openAgain() throws IOException {
    return Optional.empty();
  }

  @BeforeEach
  final void openStore() throws IOException {
    store = openEmptyStore();
  }

  @AfterEach
  final void closeStore() throws IOException {
    store.close();
  }

  @Test
  protected void aNewStoreIsEmpty() throws IOException {
    for (int level = 0; level <= LtxFileInfo.MAX_LEVEL; level++) {
      assertThat(store.list(level, Txid.FIRST)).isEmpty();
    }
    assertThat(store.listAll()).isEmpty();
  }

  @Test
  protected void aCommittedFileIsListedAsItWasCreated() throws IOException {
    byte[] bytes = bytes(1000, 1);
    write(0, 1, 7, bytes);

    List<LtxFileInfo> files = store.list(0, Txid.FIRST);
    assertThat(files).hasSize(1);
    LtxFileInfo file = files.get(0);
    assertThat(file.level()).isZero();
    assertThat(file.txids()).isEqualTo(range(1, 7));
    assertThat(file.size()).isEqualTo(1000);
    if (store.capabilities().nativeTimestamps()) {
      assertThat(file.createdAt()).isEqualTo(TIME);
    }
  }

  @Test
  protected void exactTimestampsAreThoseOfTheWriters() throws IOException {
    for (int txid = 1; txid <= 3; txid++) {
      write(txid % 2, txid, txid, bytes(10, txid));
    }
    List<LtxFileInfo> files = store.listAll();
    List<LtxFileInfo> exact = store.withExactTimestamps(files);
    assertThat(exact)
        .extracting(LtxFileInfo::name)
        .isEqualTo(files.stream().map(LtxFileInfo::name).toList());
    assertThat(exact).hasSize(3).extracting(LtxFileInfo::createdAt).containsOnly(TIME);
    assertThat(store.withExactTimestamps(List.of())).isEmpty();
  }

  @Test
  protected void aCommittedFileReadsBack() throws IOException {
    byte[] bytes = bytes(100_000, 2);
    write(3, 1, 7, bytes);
    try (ByteSource source = store.open(only(3))) {
      assertThat(source.size()).isEqualTo(bytes.length);
      assertThat(source.name()).contains(range(1, 7).fileName());
      assertThat(read(source, 0, bytes.length)).isEqualTo(bytes);
      assertThat(read(source, 99_990, 10)).isEqualTo(Arrays.copyOfRange(bytes, 99_990, 100_000));
      assertThat(read(source, 100_000, 0)).isEmpty();
    }
  }

  @Test
  protected void aRangeBeyondTheEndIsRefused() throws IOException {
    write(0, 1, 1, bytes(100, 3));
    try (ByteSource source = store.open(only(0))) {
      assertThatThrownBy(() -> read(source, 95, 6)).isInstanceOf(EOFException.class);
      assertThatThrownBy(() -> read(source, 1000, 1)).isInstanceOf(EOFException.class);
    }
  }

  @Test
  protected void manyThreadsReadOneSource() throws Exception {
    byte[] bytes = bytes(200_000, 4);
    write(0, 1, 1, bytes);
    try (ByteSource source = store.open(only(0))) {
      List<Callable<Boolean>> tasks = new ArrayList<>();
      for (int thread = 0; thread < 8; thread++) {
        Random random = new Random(thread);
        tasks.add(
            () -> {
              for (int i = 0; i < 100; i++) {
                int from = random.nextInt(bytes.length);
                int length = random.nextInt(bytes.length - from);
                if (!Arrays.equals(
                    read(source, from, length), Arrays.copyOfRange(bytes, from, from + length))) {
                  return false;
                }
              }
              return true;
            });
      }
      assertThat(inParallel(tasks)).containsOnly(true);
    }
  }

  @Test
  protected void filesAreListedAscendingFromTheTransactionAskedFor() throws IOException {
    write(1, 0x10, 0x1f, bytes(1, 1));
    write(1, 2, 9, bytes(2, 1));
    write(1, 2, 3, bytes(3, 1));
    write(1, 0xffff_ffff_ffff_fff0L, -1, bytes(4, 1));
    write(1, 0x20, 0x20, bytes(5, 1));

    assertThat(store.list(1, Txid.FIRST))
        .extracting(LtxFileInfo::txids)
        .containsExactly(
            range(2, 3),
            range(2, 9),
            range(0x10, 0x1f),
            range(0x20, 0x20),
            range(0xffff_ffff_ffff_fff0L, -1));
    assertThat(store.list(1, Txid.of(2))).hasSize(5);
    assertThat(store.list(1, Txid.of(3))).hasSize(3);
    assertThat(store.list(1, Txid.of(0x10))).hasSize(3);
    assertThat(store.list(1, Txid.of(0x11)))
        .as("a file that straddles the transaction starts before it")
        .extracting(LtxFileInfo::txids)
        .containsExactly(range(0x20, 0x20), range(0xffff_ffff_ffff_fff0L, -1));
    assertThat(store.list(1, Txid.of(-1))).isEmpty();
  }

  @Test
  protected void levelsAreApart() throws IOException {
    for (int level = 0; level <= LtxFileInfo.MAX_LEVEL; level++) {
      write(level, 1, 5, bytes(level + 1, level));
    }
    for (int level = 0; level <= LtxFileInfo.MAX_LEVEL; level++) {
      assertThat(only(level).size()).isEqualTo(level + 1);
      assertThat(only(level).level()).isEqualTo(level);
    }
    assertThat(store.listAll()).hasSize(10);
  }

  @Test
  protected void aLevelOutOfRangeIsRefused() {
    assertThatThrownBy(() -> store.list(-1, Txid.FIRST))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.list(10, Txid.FIRST))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.create(10, range(1, 1), TIME))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  protected void nothingIsVisibleBeforeTheCommit() throws IOException {
    try (ByteSink sink = store.create(0, range(1, 1), TIME)) {
      sink.write(ByteBuffer.wrap(bytes(70_000, 5)));
      assertThat(store.listAll()).isEmpty();
      assertThat(sink.name()).contains(range(1, 1).fileName());
      sink.commit();
      assertThat(store.listAll()).hasSize(1);
    }
    assertThat(store.listAll()).hasSize(1);
  }

  @Test
  protected void aSinkThatIsClosedEarlyLeavesNothing() throws IOException {
    ByteSink sink = store.create(0, range(1, 1), TIME);
    sink.write(ByteBuffer.wrap(bytes(70_000, 6)));
    sink.close();
    assertThatCode(sink::close).doesNotThrowAnyException();
    assertThat(store.listAll()).isEmpty();
    write(0, 1, 1, bytes(3, 6));
    assertThat(only(0).size()).isEqualTo(3);
  }

  @Test
  protected void aCommittedSinkTakesNoMore() throws IOException {
    try (ByteSink sink = store.create(0, range(1, 1), TIME)) {
      sink.write(ByteBuffer.wrap(bytes(3, 6)));
      sink.commit();
      assertThatThrownBy(sink::commit).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> sink.write(ByteBuffer.wrap(bytes(3, 6))))
          .isInstanceOf(IllegalStateException.class);
    }
    assertThat(only(0).size()).isEqualTo(3);
  }

  @Test
  protected void aSinkConsumesWhatItIsGiven() throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(20);
    buffer.put(bytes(20, 7)).position(5).limit(15);
    try (ByteSink sink = store.create(0, range(1, 1), TIME)) {
      sink.write(buffer);
      assertThat(buffer.remaining()).isZero();
      sink.write(buffer);
      sink.commit();
    }
    try (ByteSource source = store.open(only(0))) {
      assertThat(read(source, 0, 10)).isEqualTo(Arrays.copyOfRange(bytes(20, 7), 5, 15));
    }
  }

  @Test
  protected void anExistingFileIsNeverReplaced() throws IOException {
    assumeTrue(store.capabilities().conditionalCreate(), "the store cannot create conditionally");
    byte[] first = bytes(10, 8);
    write(0, 1, 1, first);
    assertThatThrownBy(() -> write(0, 1, 1, bytes(20, 9)))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(only(0).size()).isEqualTo(10);
    try (ByteSource source = store.open(only(0))) {
      assertThat(read(source, 0, 10)).isEqualTo(first);
    }
  }

  @Test
  protected void ofTwoSinksForOneFileTheFirstCommitWins() throws IOException {
    assumeTrue(store.capabilities().conditionalCreate(), "the store cannot create conditionally");
    try (ByteSink loser = store.create(0, range(1, 1), TIME);
        ByteSink winner = store.create(0, range(1, 1), TIME)) {
      loser.write(ByteBuffer.wrap(bytes(5, 1)));
      winner.write(ByteBuffer.wrap(bytes(6, 1)));
      winner.commit();
      assertThatThrownBy(loser::commit).isInstanceOf(FileAlreadyExistsException.class);
    }
    assertThat(only(0).size()).isEqualTo(6);
  }

  @Test
  protected void ofManyWritersOfOneFileExactlyOneWins() throws Exception {
    assumeTrue(store.capabilities().conditionalCreate(), "the store cannot create conditionally");
    Optional<LtxStore> again = openAgain();
    int writers = 8;
    for (int round = 1; round <= 20; round++) {
      TxidRange txids = range(round, round);
      CyclicBarrier barrier = new CyclicBarrier(writers);
      List<Callable<Integer>> tasks = new ArrayList<>();
      for (int writer = 0; writer < writers; writer++) {
        int size = 1000 + writer;
        LtxStore mine = writer % 2 == 0 ? store : again.orElse(store);
        tasks.add(() -> createRacing(mine, txids, size, barrier));
      }
      List<Integer> winners = inParallel(tasks).stream().filter(size -> size != 0).toList();
      assertThat(winners).hasSize(1);
      LtxFileInfo file = store.list(0, txids.min()).get(0);
      assertThat(file.size()).isEqualTo(winners.get(0).longValue());
      try (ByteSource source = store.open(file)) {
        assertThat(read(source, 0, winners.get(0)))
            .isEqualTo(bytes(winners.get(0), winners.get(0)));
      }
    }
    assertThat(store.listAll()).hasSize(20);
    if (again.isPresent()) {
      again.get().close();
    }
  }

  private static int createRacing(LtxStore store, TxidRange txids, int size, CyclicBarrier barrier)
      throws Exception {
    barrier.await();
    try (ByteSink sink = store.create(0, txids, TIME)) {
      sink.write(ByteBuffer.wrap(bytes(size, size)));
      sink.commit();
      return size;
    } catch (FileAlreadyExistsException e) {
      return 0;
    }
  }

  @Test
  protected void aDeletedFileIsGone() throws IOException {
    write(0, 1, 1, bytes(1, 1));
    write(0, 2, 2, bytes(1, 1));
    write(1, 1, 1, bytes(1, 1));
    LtxFileInfo file = store.list(0, Txid.FIRST).get(0);
    store.delete(List.of(file));

    assertThat(only(0).txids()).isEqualTo(range(2, 2));
    assertThat(store.list(1, Txid.FIRST)).hasSize(1);
    assertThatThrownBy(
            () -> {
              try (ByteSource source = store.open(file)) {
                read(source, 0, 1);
              }
            })
        .isInstanceOf(NoSuchFileException.class);
    assertThatCode(() -> store.delete(List.of(file, file))).doesNotThrowAnyException();
    assertThatCode(() -> store.delete(List.of())).doesNotThrowAnyException();

    write(0, 1, 1, bytes(9, 1));
    assertThat(store.list(0, Txid.FIRST)).hasSize(2);
  }

  @Test
  protected void everybodySeesTheSameFiles() throws IOException {
    Optional<LtxStore> again = openAgain();
    assumeTrue(again.isPresent(), "the store cannot be opened twice");
    try (LtxStore other = again.get()) {
      write(0, 1, 1, bytes(10, 1));
      assertThat(other.listAll()).isEqualTo(store.listAll()).hasSize(1);
      other.delete(other.listAll());
      assertThat(store.listAll()).isEmpty();
    }
  }

  @Test
  protected void openingAgainDoesNotDisturbAWriter() throws IOException {
    try (ByteSink sink = store.create(0, range(1, 1), TIME)) {
      sink.write(ByteBuffer.wrap(bytes(5, 1)));
      Optional<LtxStore> again = openAgain();
      assumeTrue(again.isPresent(), "the store cannot be opened twice");
      again.get().close();
      sink.write(ByteBuffer.wrap(bytes(5, 2)));
      sink.commit();
    }
    assertThat(only(0).size()).isEqualTo(10);
  }

  /** Writes a file with the contract's timestamp. */
  private void write(int level, long min, long max, byte[] bytes) throws IOException {
    try (ByteSink sink = store.create(level, range(min, max), TIME)) {
      sink.write(ByteBuffer.wrap(bytes));
      sink.commit();
    }
  }

  private LtxFileInfo only(int level) throws IOException {
    List<LtxFileInfo> files = store.list(level, Txid.FIRST);
    assertThat(files).hasSize(1);
    return files.get(0);
  }

  private static byte[] read(ByteSource source, long position, int length) throws IOException {
    byte[] bytes = new byte[length];
    source.readFully(position, ByteBuffer.wrap(bytes));
    return bytes;
  }

  private static TxidRange range(long min, long max) {
    return TxidRange.of(Txid.of(min), Txid.of(max));
  }

  private static byte[] bytes(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static <T> List<T> inParallel(List<Callable<T>> tasks) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(tasks.size());
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> future : executor.invokeAll(tasks)) {
        results.add(future.get());
      }
      return results;
    } finally {
      executor.shutdownNow();
    }
  }
}

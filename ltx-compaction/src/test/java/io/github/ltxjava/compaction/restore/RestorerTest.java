package io.github.ltxjava.compaction.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.DatabaseChecksum;
import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxWriter;
import io.github.ltxjava.Parallelism;
import io.github.ltxjava.ReadOptions;
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
import io.github.ltxjava.testkit.FaultyFileSystem;
import io.github.ltxjava.testkit.FaultyFileSystem.Mode;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RestorerTest {

  private static final int PAGE_SIZE = 512;
  private static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");

  @TempDir Path folder;
  private final MemoryStore store = new MemoryStore();
  private Path database;

  /** The database after each file, by the obvious way. */
  private final List<byte[]> states = new ArrayList<>();

  private byte[] state = new byte[0];
  private Checksum checksum = Checksum.EMPTY_DATABASE;

  @BeforeEach
  void nameTheDatabase() {
    database = folder.resolve("restored.db");
  }

  @Test
  void theLatestStateIsRestored() throws IOException {
    writeHistory();
    RestoreResult result = Restorer.from(store).restoreTo(database);
    assertThat(database).hasBinaryContent(states.get(states.size() - 1));
    assertThat(result.plan().txid()).isEqualTo(Txid.of(states.size()));
    assertThat(result.databaseSize()).isEqualTo(state.length);
    assertThat(result.skipped()).isEmpty();
    assertThat(only(folder)).isEqualTo(database);
  }

  @Test
  void everyTransactionIsRestored() throws IOException {
    writeHistory();
    for (int i = 0; i < states.size(); i++) {
      Path file = folder.resolve(i + ".db");
      Restorer.from(store).target(RestoreTarget.at(Txid.of(i + 1))).restoreTo(file);
      assertThat(file).as("transaction %d", i + 1).hasBinaryContent(states.get(i));
    }
  }

  @Test
  void aDatabaseWithoutPagesIsAnEmptyFile() throws IOException {
    write(2, 1, 2);
    write(0);
    Restorer.from(store).restoreTo(database);
    assertThat(database).isEmptyFile();
  }

  @Test
  void aTransactionThatIsNotThereIsRefusedAndLeavesNothing() throws IOException {
    writeHistory();
    assertThatThrownBy(
            () -> Restorer.from(store).target(RestoreTarget.at(Txid.of(99))).restoreTo(database))
        .isInstanceOfSatisfying(
            RestoreException.class,
            e -> assertThat(e.reason()).isEqualTo(RestoreException.Reason.TXID_NOT_AVAILABLE));
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void anExistingDatabaseIsReplacedOnlyOnDemand() throws IOException {
    writeHistory();
    Files.writeString(database, "old");
    assertThatThrownBy(() -> Restorer.from(store).restoreTo(database))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(database).hasContent("old");
    Files.writeString(folder.resolve("restored.db-wal"), "old");
    Restorer.from(store).overwrite().restoreTo(database);
    assertThat(database).hasBinaryContent(state);
    assertThat(only(folder)).isEqualTo(database);
  }

  @Test
  void aJournalOfAnotherDatabaseIsNotAppliedToTheRestoredOne() throws IOException {
    writeHistory();
    Path journal = folder.resolve("restored.db-journal");
    Files.writeString(journal, "old");
    assertThatThrownBy(() -> Restorer.from(store).restoreTo(database))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessageContaining("restored.db-journal");
    assertThat(only(folder)).isEqualTo(journal);
  }

  @Test
  void aDatabaseThatAppearsMeanwhileIsNotReplaced() throws IOException {
    writeHistory();
    assertThatThrownBy(
            () ->
                Restorer.from(store)
                    .onProgress(progress -> writeString(database, "faster"))
                    .restoreTo(database))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(database).hasContent("faster");
    assertThat(only(folder)).isEqualTo(database);
  }

  @Test
  void aMissingFolderIsNamed() {
    assertThatThrownBy(
            () -> {
              writeHistory();
              Restorer.from(store).restoreTo(folder.resolve("missing/restored.db"));
            })
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("missing");
  }

  @Test
  void aCancelledRestoreLeavesNothing() throws IOException {
    writeHistory();
    assertThatThrownBy(() -> Restorer.from(store).cancelWhen(() -> true).restoreTo(database))
        .isInstanceOf(CancellationException.class);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void progressEndsWithTheWholePlan() throws IOException {
    writeHistory();
    List<RestoreProgress> reports = new ArrayList<>();
    RestoreResult result = Restorer.from(store).onProgress(reports::add).restoreTo(database);
    RestoreProgress last = reports.get(reports.size() - 1);
    assertThat(last.filesRead()).isEqualTo(last.files()).isEqualTo(result.plan().files().size());
    assertThat(last.pagesWritten()).isEqualTo(result.pagesWritten());
    assertThat(reports).extracting(RestoreProgress::pagesWritten).isSorted();
  }

  @Test
  void aFileThatVanishesIsReplacedByWhatHasItsTransactions() throws IOException {
    writeHistory();
    LtxFileInfo victim = store.list(0, Txid.of(2)).get(0);
    VanishingStore vanishing = new VanishingStore(victim, read(victim));
    RestoreResult result = Restorer.from(vanishing).restoreTo(database);
    assertThat(vanishing.vanished).isTrue();
    assertThat(database).hasBinaryContent(state);
    assertThat(result.plan().files()).extracting(LtxFileInfo::level).contains(1);
  }

  @Test
  void aFileThatVanishesForGoodIsNamed() throws IOException {
    writeHistory();
    LtxFileInfo victim = store.list(0, Txid.of(2)).get(0);
    VanishingStore vanishing = new VanishingStore(victim, new byte[0]);
    assertThatThrownBy(() -> Restorer.from(vanishing).restoreTo(database))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining(victim.txids().fileName());
    assertThat(folder).isEmptyDirectory();
  }

  @ParameterizedTest
  @EnumSource(Harm.class)
  void whateverHappensToAFileAnotherLevelReplacesItOrItIsNamed(Harm harm) throws IOException {
    writeHistory();
    List<LtxFileInfo> files = store.list(0, Txid.FIRST);
    for (boolean covered : new boolean[] {false, true}) {
      for (LtxFileInfo file : files) {
        if (covered) {
          put(1, file.txids(), read(file));
        }
      }
      for (LtxFileInfo victim : Restorer.from(store).plan().files()) {
        assertThat(victim.level()).isEqualTo(covered ? 1 : 0);
        LtxStore harming =
            new TamperedStore() {
              @Override
              public ByteSource open(LtxFileInfo file) throws IOException {
                return file.equals(victim) ? harmed(file, read(file), harm) : store.open(file);
              }
            };
        Restorer restorer = Restorer.from(harming);
        if (!covered) {
          assertThatThrownBy(() -> restorer.restoreTo(database))
              .isInstanceOf(IOException.class)
              .hasMessageContaining(victim.txids().fileName())
              .hasMessageContaining("without it");
          assertThat(folder).isEmptyDirectory();
          continue;
        }
        List<SkippedFile> skipped = restorer.restoreTo(database).skipped();
        assertThat(skipped).extracting(SkippedFile::file).containsExactly(victim);
        assertThat(skipped.get(0).cause() == SkippedFile.Cause.VANISHED)
            .isEqualTo(harm == Harm.GONE_WHEN_OPENED || harm == Harm.GONE_WHEN_READ);
        assertThat(database).hasBinaryContent(state);
        Files.delete(database);
      }
    }
  }

  @Test
  void aRestoreDoesNotRunAfterFilesThatKeepVanishing() throws IOException {
    writeHistory();
    for (int level = 1; level <= 8; level++) {
      for (LtxFileInfo file : store.list(0, Txid.FIRST)) {
        put(level, file.txids(), read(file));
      }
    }
    AtomicInteger opened = new AtomicInteger();
    LtxStore vanishing =
        new TamperedStore() {
          @Override
          public ByteSource open(LtxFileInfo file) throws IOException {
            opened.incrementAndGet();
            throw new NoSuchFileException(file.name());
          }
        };
    assertThatThrownBy(() -> Restorer.from(vanishing).restoreTo(database))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("others before it");
    assertThat(opened).hasValue(4);
    assertThat(folder).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void theDatabaseIsCompleteOrNotThereWhicheverReadFails(int threads) throws IOException {
    writeHistory();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      Parallelism parallelism =
          threads == 1 ? Parallelism.SEQUENTIAL : new Parallelism(pool, threads);
      long faults = 0;
      for (boolean failed = true; failed; faults++) {
        FaultPlan plan = FaultPlan.failingAt(faults);
        Restorer restorer =
            Restorer.from(new FaultInjectingStore(store, plan))
                .reading(ReadOptions.DEFAULT.withParallelism(parallelism));
        try {
          restorer.restoreTo(database);
          assertThat(database).hasBinaryContent(state);
        } catch (IOException e) {
          assertThat(e).isSameAs(plan.failure().orElseThrow());
          assertThat(folder).isEmptyDirectory();
        }
        assertThat(plan.allClosed()).isTrue();
        failed = plan.failure().isPresent();
      }
      assertThat(faults).isGreaterThan(30);
      assertThat(database).hasBinaryContent(state);
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void aDamagedNewestFileIsNoReasonToRestoreAnOlderState() throws IOException {
    writeHistory();
    LtxFileInfo newest = store.list(0, Txid.of(states.size())).get(0);
    damage(newest);
    assertThatThrownBy(() -> Restorer.from(store).restoreTo(database))
        .isInstanceOf(LtxFormatException.class)
        .hasMessageContaining(newest.txids().fileName());
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void severalThreadsRestoreTheSameAndNameTheSameDamage() throws IOException {
    writeHistory();
    write(3000, pages(501, 3000));
    write(2500, pages(300, 1700));
    ExecutorService pool = Executors.newFixedThreadPool(3);
    try {
      String sound = outcome(Parallelism.SEQUENTIAL);
      for (int threads = 2; threads <= 4; threads++) {
        assertThat(outcome(new Parallelism(pool, threads))).isEqualTo(sound);
      }
      Random random = new Random(5);
      for (int i = 0; i < 40; i++) {
        LtxFileInfo file = store.list(0, Txid.of(states.size() - i % 3)).get(0);
        byte[] bytes = read(file);
        byte[] damaged = bytes.clone();
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
        store.delete(List.of(file));
        put(file.level(), file.txids(), damaged);
        assertThat(outcome(new Parallelism(pool, 2 + i % 3)))
            .isEqualTo(outcome(Parallelism.SEQUENTIAL))
            .isNotEqualTo(sound);
        store.delete(List.of(file));
        put(file.level(), file.txids(), bytes);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private String outcome(Parallelism parallelism) throws IOException {
    ReadOptions reading = ReadOptions.DEFAULT.withParallelism(parallelism);
    try {
      Restorer.from(store).reading(reading).restoreTo(database);
      assertThat(database).hasBinaryContent(state);
      Files.delete(database);
      return "restored";
    } catch (LtxFormatException e) {
      assertThat(folder).isEmptyDirectory();
      return e.toString();
    }
  }

  @Test
  void aFileOfOtherTransactionsThanItsNameIsRefused() throws IOException {
    writeHistory();
    LtxFileInfo last = store.list(0, Txid.of(states.size())).get(0);
    byte[] bytes = read(last);
    Txid next = last.txids().max().next();
    put(0, TxidRange.of(next), bytes);
    assertThatThrownBy(() -> Restorer.from(store).restoreTo(database))
        .isInstanceOf(ChainException.class)
        .hasMessageContaining(TxidRange.of(next).fileName());
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aFileFromAnotherHistoryIsRefused() throws IOException {
    writeHistory();
    LtxFileInfo victim = store.list(0, Txid.of(3)).get(0);
    store.delete(List.of(victim));
    LtxHeader header =
        LtxHeader.delta(PAGE_SIZE, 300, victim.txids(), Checksum.of(1)).timestamp(TIME).build();
    try (ByteSink sink = store.create(0, victim.txids(), TIME);
        LtxWriter writer = LtxWriter.create(sink, header)) {
      writer.finish(Checksum.of(2));
    }
    assertThatThrownBy(() -> Restorer.from(store).restoreTo(database))
        .isInstanceOf(ChainException.class)
        .hasMessageContaining("not of one history");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aDatabaseThatGrowsByAForgedNumberOfPagesIsRefused() throws IOException {
    write(2, 1, 2);
    TxidRange txids = TxidRange.of(Txid.of(2));
    LtxHeader header = LtxHeader.delta(PAGE_SIZE, 0xFFFF_FFFEL, txids).build();
    try (ByteSink sink = store.create(0, txids, TIME);
        LtxWriter writer = LtxWriter.create(sink, header)) {
      writer.finish();
    }
    assertThatThrownBy(() -> Restorer.from(store).restoreTo(database))
        .isInstanceOf(ChainException.class)
        .hasMessageContaining("no file holds");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aForgedSizeIsRefusedBeforeItCostsMemory() throws IOException {
    write(2, 1, 2);
    TxidRange txids = TxidRange.of(Txid.of(2));
    LtxHeader header = LtxHeader.delta(PAGE_SIZE, 0xFFFF_FFFEL, txids).build();
    // Each of these pages lies in another piece of a set of pages.
    try (ByteSink sink = store.create(0, txids, TIME);
        LtxWriter writer = LtxWriter.create(sink, header)) {
      for (long page = 1; page <= 1000; page++) {
        writer.write(page << 16, ByteBuffer.allocate(PAGE_SIZE));
      }
      writer.finish();
    }
    AtomicInteger asked = new AtomicInteger();
    Restorer restorer = Restorer.from(store).cancelWhen(() -> asked.incrementAndGet() < 0);
    assertThatThrownBy(() -> restorer.restoreTo(database))
        .isInstanceOf(ChainException.class)
        .hasMessageContaining("no file holds");
    assertThat(asked).as("pages were read").hasValue(0);
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void theDatabaseIsCompleteOrNotThereWhicheverCallFails(Mode mode) throws IOException {
    writeHistory();
    FaultyFileSystem files = new FaultyFileSystem(folder.getFileSystem());
    int faults = 0;
    for (int n = 1; ; n++) {
      Path target = Files.createDirectory(folder.resolve(mode + "-" + n)).resolve("db");
      files.failAt(n, mode);
      try {
        Restorer.from(store).restoreTo(files.wrap(target));
        assertThat(target).exists();
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("injected");
      }
      boolean failed = files.hasFailed();
      files.heal();
      if (Files.exists(target)) {
        assertThat(target).hasBinaryContent(state);
      }
      if (!failed) {
        break;
      }
      faults++;
    }
    assertThat(faults).isGreaterThan(5);
  }

  /** Snapshot, changes, shrinking, growing back without all pages, growing far. */
  private void writeHistory() throws IOException {
    write(300, pages(1, 300));
    write(300, 7, 8, 200);
    write(300);
    write(40, 3);
    write(200, 40, 199);
    write(120, 1, 2);
    write(500, pages(121, 500));
    write(500, 7);
  }

  private static int[] pages(int first, int last) {
    int[] pages = new int[last - first + 1];
    Arrays.setAll(pages, i -> first + i);
    return pages;
  }

  /** Writes the next transaction to level 0. */
  private void write(int commit, int... pages) throws IOException {
    Txid txid = Txid.of(states.size() + 1);
    byte[] next = Arrays.copyOf(state, commit * PAGE_SIZE);
    Random random = new Random(states.size());
    for (int page : pages) {
      byte[] content = new byte[PAGE_SIZE];
      random.nextBytes(content);
      System.arraycopy(content, 0, next, (page - 1) * PAGE_SIZE, PAGE_SIZE);
    }
    Checksum after = DatabaseChecksum.of(ByteSource.of("db", ByteBuffer.wrap(next)), PAGE_SIZE);
    LtxHeader.Builder header =
        txid.equals(Txid.FIRST)
            ? LtxHeader.snapshot(PAGE_SIZE, commit, txid)
            : LtxHeader.delta(PAGE_SIZE, commit, TxidRange.of(txid), checksum);
    try (ByteSink sink = store.create(0, TxidRange.of(txid), TIME);
        LtxWriter writer = LtxWriter.create(sink, header.timestamp(TIME).build())) {
      for (int page : pages) {
        writer.write(page, ByteBuffer.wrap(next, (page - 1) * PAGE_SIZE, PAGE_SIZE));
      }
      writer.finish(after);
    }
    state = next;
    checksum = after;
    states.add(next);
  }

  private void damage(LtxFileInfo file) throws IOException {
    byte[] bytes = read(file);
    bytes[bytes.length / 2] ^= 1;
    store.delete(List.of(file));
    put(file.level(), file.txids(), bytes);
  }

  private void put(int level, TxidRange txids, byte[] bytes) throws IOException {
    try (ByteSink sink = store.create(level, txids, TIME)) {
      sink.write(ByteBuffer.wrap(bytes));
      sink.commit();
    }
  }

  private byte[] read(LtxFileInfo file) throws IOException {
    byte[] bytes = new byte[(int) file.size()];
    try (ByteSource source = store.open(file)) {
      source.readFully(0, ByteBuffer.wrap(bytes));
    }
    return bytes;
  }

  private static Path only(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      List<Path> all = entries.toList();
      assertThat(all).hasSize(1);
      return all.get(0);
    }
  }

  private static void writeString(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Loses a file at the moment that it is opened, having moved it to level 1 before. */
  private final class VanishingStore extends TamperedStore {
    private final LtxFileInfo victim;
    private final byte[] substitute;
    private boolean vanished;

    VanishingStore(LtxFileInfo victim, byte[] substitute) {
      this.victim = victim;
      this.substitute = substitute;
    }

    @Override
    public ByteSource open(LtxFileInfo file) throws IOException {
      if (file.equals(victim) && !vanished) {
        vanished = true;
        if (substitute.length > 0) {
          put(1, victim.txids(), substitute);
        }
        store.delete(List.of(victim));
      }
      return store.open(file);
    }
  }

  private abstract class TamperedStore implements LtxStore {
    @Override
    public StoreCapabilities capabilities() {
      return store.capabilities();
    }

    @Override
    public List<LtxFileInfo> list(int level, Txid from) throws IOException {
      return store.list(level, from);
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

  /** What can happen to a file that was listed. */
  enum Harm {
    GONE_WHEN_OPENED,
    GONE_WHEN_READ,
    CUT_SHORT,
    BODY_ENDS,
    BIT_FLIPPED
  }

  private static ByteSource harmed(LtxFileInfo file, byte[] bytes, Harm harm) throws IOException {
    byte[] flipped = bytes.clone();
    flipped[bytes.length * 2 / 3] ^= 4;
    return switch (harm) {
      case GONE_WHEN_OPENED -> throw new NoSuchFileException(file.name());
      case GONE_WHEN_READ -> new EndingSource(file.name(), bytes, true);
      case BODY_ENDS -> new EndingSource(file.name(), bytes, false);
      case CUT_SHORT -> ByteSource.of(file.name(), ByteBuffer.wrap(bytes, 0, bytes.length * 2 / 3));
      case BIT_FLIPPED -> ByteSource.of(file.name(), ByteBuffer.wrap(flipped));
    };
  }

  /** Says how long it is, and then has nothing, or less. */
  private record EndingSource(String name, byte[] bytes, boolean gone) implements ByteSource {
    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public void readFully(long position, ByteBuffer target) throws IOException {
      if (gone) {
        throw new NoSuchFileException(name);
      }
      if (position + target.remaining() > bytes.length * 2 / 3) {
        throw new EOFException("the body ended early");
      }
      target.put(bytes, (int) position, target.remaining());
    }

    @Override
    public void close() {}
  }
}

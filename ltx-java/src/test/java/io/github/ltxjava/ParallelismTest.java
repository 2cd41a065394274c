package io.github.ltxjava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ltxjava.LtxVerifier.Depth;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.io.ByteSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParallelismTest {

  private static final ExecutorService POOL = Executors.newFixedThreadPool(3);
  private static final Executor REJECTING =
      task -> {
        throw new RejectedExecutionException("full");
      };
  private static final Executor FORGETTING = task -> {};

  @AfterAll
  static void stop() {
    POOL.shutdownNow();
  }

  @ParameterizedTest
  @CsvSource({
    "v3-block,512",
    "v3-block,65536",
    "v3-frame,4096",
    "v2,4096",
    "v1-raw,4096",
    "v1-lz4,4096"
  })
  void theFileDoesNotDependOnTheNumberOfThreads(String layout, int pageSize) throws IOException {
    byte[] database = database(pageSize, 700);
    WriteOptions options = WriteOptions.DEFAULT.withLayout(Layout.ofLabel(layout));
    byte[] alone = encode(database, pageSize, options);

    for (int threads = 2; threads <= 4; threads++) {
      assertThat(
              encode(database, pageSize, options.withParallelism(new Parallelism(POOL, threads))))
          .isEqualTo(alone);
    }
  }

  @Test
  void anExecutorThatDoesNothingCostsNothingButItsHelp() throws IOException {
    byte[] database = database(4096, 300);
    byte[] alone = encode(database, 4096, WriteOptions.DEFAULT);

    for (Executor executor : new Executor[] {REJECTING, FORGETTING}) {
      Parallelism parallelism = new Parallelism(executor, 3);
      assertThat(encode(database, 4096, WriteOptions.DEFAULT.withParallelism(parallelism)))
          .isEqualTo(alone);
      assertThat(read(alone, parallelism)).isEqualTo(database);
      assertThat(verify(alone, parallelism).isSound()).isTrue();
      assertThat(DatabaseChecksum.of(source(database), 4096, parallelism))
          .isEqualTo(DatabaseChecksum.of(source(database), 4096));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"v3-block", "v3-frame", "v2", "v1-raw"})
  void everyPageIsReadOnce(String layout) throws IOException {
    byte[] database = database(4096, 900);
    byte[] file = encode(database, 4096, WriteOptions.DEFAULT.withLayout(Layout.ofLabel(layout)));

    assertThat(read(file, new Parallelism(POOL, 3))).isEqualTo(database);
    assertThat(read(file, Parallelism.SEQUENTIAL)).isEqualTo(database);
  }

  @Test
  void damageIsFoundWhereverItIsAndNamedAsByOneThread() throws IOException {
    byte[] file = encode(database(512, 40), 512, WriteOptions.DEFAULT);
    Parallelism parallelism = new Parallelism(POOL, 3);

    for (int i = 0; i < file.length; i++) {
      byte[] damaged = file.clone();
      damaged[i] ^= 0x10;
      Verification alone = verify(damaged, Parallelism.SEQUENTIAL);
      Verification together = verify(damaged, parallelism);
      assertThat(together).as("byte %d", i).isEqualTo(alone);
      if (!alone.isSound()) {
        assertThatThrownBy(() -> read(damaged, parallelism))
            .as("byte %d", i)
            .isInstanceOf(LtxFormatException.class);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aReaderGivesTheSameOnSeveralThreads(Layout layout) throws IOException {
    byte[] file = encode(database(512, 1500), 512, WriteOptions.DEFAULT.withLayout(layout));
    List<String> alone = readForward(file, Parallelism.SEQUENTIAL);

    assertThat(alone).hasSize(1501);
    for (int threads = 2; threads <= 4; threads++) {
      assertThat(readForward(file, new Parallelism(POOL, threads))).isEqualTo(alone);
    }
    Random random = new Random(9);
    for (int i = 0; i < 60; i++) {
      byte[] damaged = file.clone();
      damaged[random.nextInt(file.length)] ^= (byte) (1 << random.nextInt(8));
      assertThat(readForward(damaged, new Parallelism(POOL, 2 + i % 3)))
          .isEqualTo(readForward(damaged, Parallelism.SEQUENTIAL));
    }
  }

  /** Returns a line for each page, and the trailer or what went wrong instead of it. */
  private static List<String> readForward(byte[] file, Parallelism parallelism) {
    List<String> lines = new ArrayList<>();
    ReadOptions options = ReadOptions.DEFAULT.withParallelism(parallelism);
    try (LtxReader reader = LtxReader.open(source(file), options)) {
      while (reader.next()) {
        int hash = reader.page().hashCode();
        lines.add(reader.pageNumber() + " " + hash + reader.pageChecksum() + reader.pageCount());
      }
      lines.add(reader.trailer().toString());
    } catch (IOException e) {
      lines.add(e.toString());
    }
    return lines;
  }

  @Test
  void aVisitorsFailureEndsTheReading() throws IOException {
    byte[] file = encode(database(4096, 900), 4096, WriteOptions.DEFAULT);
    ReadOptions options = ReadOptions.DEFAULT.withParallelism(new Parallelism(POOL, 3));
    IOException full = new IOException("disk full");

    try (LtxFile opened = LtxFile.open(source(file), options)) {
      assertThatThrownBy(
              () ->
                  opened.readAll(
                      (pageNumber, page) -> {
                        if (pageNumber == 500) {
                          throw full;
                        }
                      }))
          .isSameAs(full);
    }
  }

  @Test
  void aFailingSinkIsReportedAndTheWriterEnds() throws IOException {
    byte[] database = database(4096, 900);
    LtxHeader header = LtxHeader.snapshot(4096, 900, Txid.FIRST).build();
    AtomicLong room = new AtomicLong(100_000);
    ByteSink sink =
        ByteSink.to(
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                throw new IOException("not used");
              }

              @Override
              public void write(byte[] bytes, int offset, int length) throws IOException {
                if (room.addAndGet(-length) < 0) {
                  throw new IOException("disk full");
                }
              }
            });

    try (LtxWriter writer =
        LtxWriter.create(
            sink, header, WriteOptions.DEFAULT.withParallelism(new Parallelism(POOL, 3)))) {
      assertThatThrownBy(() -> writer.writeDatabase(source(database)).finish())
          .isInstanceOf(IOException.class)
          .hasMessage("disk full");
      assertThatThrownBy(writer::finish).isInstanceOf(IllegalStateException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void progressIsToldInOrderAndByTheCallingThread(int threads) throws IOException {
    byte[] database = database(4096, 900);
    LtxHeader header = LtxHeader.snapshot(4096, 900, Txid.FIRST).build();
    WriteOptions options = WriteOptions.DEFAULT.withParallelism(new Parallelism(POOL, threads));
    Thread caller = Thread.currentThread();
    List<Long> told = new ArrayList<>();
    try (LtxWriter writer =
        LtxWriter.create(ByteSink.to(OutputStream.nullOutputStream()), header, options)) {
      writer.writeDatabase(
          source(database),
          pageNumber -> {
            assertThat(Thread.currentThread()).isSameAs(caller);
            told.add(pageNumber);
          });
    }
    assertThat(told).hasSizeGreaterThan(1).isSorted().doesNotHaveDuplicates().endsWith(900L);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void theRestOfADatabaseFollowsPagesWrittenOneByOne(int threads) throws IOException {
    byte[] database = database(512, 2000);
    WriteOptions options = WriteOptions.DEFAULT.withParallelism(new Parallelism(POOL, threads));
    LtxHeader header = LtxHeader.snapshot(512, 2000, Txid.FIRST).build();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (LtxWriter writer = LtxWriter.create(ByteSink.to(out), header, options)) {
      for (int page = 0; page < 700; page++) {
        writer.write(page + 1, ByteBuffer.wrap(database, page * 512, 512));
      }
      writer.writeDatabase(source(database)).finish();
    }

    assertThat(out.toByteArray()).isEqualTo(encode(database, 512, WriteOptions.DEFAULT));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void theLockPageOfADatabaseIsLeftOut(int threads) throws IOException {
    long lockPage = LtxHeader.lockPageNumber(65536);
    LtxHeader header = LtxHeader.snapshot(65536, lockPage + 2, Txid.FIRST).build();
    WriteOptions options = WriteOptions.DEFAULT.withParallelism(new Parallelism(POOL, threads));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (LtxWriter writer = LtxWriter.create(ByteSink.to(out), header, options)) {
      writer.writeDatabase(new Zeros((lockPage + 2) * 65536)).finish();
    }

    assertThat(verify(out.toByteArray(), options.parallelism()).isSound()).isTrue();
    try (LtxFile file = LtxFile.open(source(out.toByteArray()))) {
      assertThat(file.index().size()).isEqualTo((int) lockPage + 1);
      assertThat(file.index().find(lockPage)).isNegative();
    }
  }

  /** A database that nobody has to keep in memory. */
  private record Zeros(long size) implements ByteSource {

    @Override
    public void readFully(long position, ByteBuffer target) {
      while (target.hasRemaining()) {
        target.put((byte) 0);
      }
    }

    @Override
    public String name() {
      return "zeros";
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }

  @Test
  void aDatabaseOfAnotherSizeIsRefused() throws IOException {
    LtxHeader header = LtxHeader.snapshot(4096, 3, Txid.FIRST).build();
    try (LtxWriter writer = LtxWriter.create(ByteSink.to(new ByteArrayOutputStream()), header)) {
      assertThatThrownBy(() -> writer.writeDatabase(source(new byte[2 * 4096])))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("8192");
    }
  }

  @Test
  void noThreadIsTooFew() {
    assertThatThrownBy(() -> new Parallelism(POOL, 0)).isInstanceOf(IllegalArgumentException.class);
  }

  private static byte[] database(int pageSize, int pages) {
    byte[] database = new byte[pageSize * pages];
    Random random = new Random(pageSize);
    for (int i = 0; i < pages; i++) {
      int from = i * pageSize;
      if (i % 3 == 0) {
        byte[] page = new byte[pageSize];
        random.nextBytes(page);
        System.arraycopy(page, 0, database, from, pageSize);
      } else {
        Arrays.fill(database, from + i % 100, from + pageSize - i % 17, (byte) i);
      }
    }
    return database;
  }

  private static byte[] encode(byte[] database, int pageSize, WriteOptions options)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LtxHeader header = LtxHeader.snapshot(pageSize, database.length / pageSize, Txid.FIRST).build();
    try (LtxWriter writer = LtxWriter.create(ByteSink.to(out), header, options)) {
      writer.writeDatabase(source(database)).finish();
    }
    return out.toByteArray();
  }

  private static byte[] read(byte[] file, Parallelism parallelism) throws IOException {
    Map<Long, byte[]> pages = new ConcurrentHashMap<>();
    ReadOptions options = ReadOptions.DEFAULT.withParallelism(parallelism);
    try (LtxFile opened = LtxFile.open(source(file), options)) {
      opened.readAll(
          (pageNumber, page) -> {
            byte[] copy = new byte[page.remaining()];
            page.get(copy);
            assertThat(pages.put(pageNumber, copy)).isNull();
          });
      ByteArrayOutputStream database = new ByteArrayOutputStream();
      for (long n = 1; n <= opened.header().commit(); n++) {
        database.write(pages.get(n));
      }
      return database.toByteArray();
    }
  }

  private static Verification verify(byte[] file, Parallelism parallelism) throws IOException {
    return LtxVerifier.verify(
        source(file), Depth.FULL, ReadOptions.DEFAULT.withParallelism(parallelism));
  }

  private static ByteSource source(byte[] bytes) {
    return ByteSource.of("bytes", ByteBuffer.wrap(bytes));
  }

  @Test
  void theNumberOfThreadsIsBounded() {
    assertThatThrownBy(() -> new Parallelism(POOL, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Parallelism(POOL, Integer.MAX_VALUE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("from 1 to 1024");
  }
}

package io.github.ltxjava.compaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.DatabaseChecksum;
import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxWriter;
import io.github.ltxjava.Parallelism;
import io.github.ltxjava.ReadOptions;
import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.WriteOptions;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.io.ByteSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Merging on several threads beside merging on one, which is the twin. */
class ParallelMergeTest {

  private static final int PAGE_SIZE = 512;

  /** Several times what one batch holds. */
  private static final int PAGES = 2_000;

  private static final int DELTAS = 6;
  private static final int PAGES_PER_DELTA = 400;
  private static final ExecutorService POOL = Executors.newFixedThreadPool(3);

  @AfterAll
  static void stop() {
    POOL.shutdownNow();
  }

  @ParameterizedTest
  @EnumSource
  void theOutputDoesNotDependOnTheNumberOfThreads(Layout layout) throws IOException {
    List<byte[]> files = files(layout);

    for (Layout output : Layout.values()) {
      byte[] alone = merge(files, output, Parallelism.SEQUENTIAL);
      for (int threads = 2; threads <= 4; threads++) {
        assertThat(merge(files, output, new Parallelism(POOL, threads)))
            .as("%s to %s on %d threads", layout, output, threads)
            .isEqualTo(alone);
      }
    }
  }

  @Test
  void anExecutorThatDoesNothingCostsNothingButItsHelp() throws IOException {
    List<byte[]> files = files(Layout.V3_BLOCK);
    byte[] alone = merge(files, Layout.V3_BLOCK, Parallelism.SEQUENTIAL);
    Executor rejecting =
        task -> {
          throw new RejectedExecutionException("full");
        };
    Executor forgetting = task -> {};

    for (Executor executor : List.of(rejecting, forgetting)) {
      assertThat(merge(files, Layout.V3_BLOCK, new Parallelism(executor, 3))).isEqualTo(alone);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theFirstDamageIsNamedAsByOneThread(Layout layout) throws IOException {
    List<byte[]> files = files(layout);
    Random random = new Random(3);

    for (int i = 0; i < 120; i++) {
      List<byte[]> damaged = new ArrayList<>(files);
      for (int n = 0; n < 2; n++) {
        int which = random.nextInt(files.size());
        byte[] file = damaged.get(which).clone();
        file[random.nextInt(file.length)] ^= (byte) (1 << random.nextInt(8));
        damaged.set(which, file);
      }
      assertThat(outcome(damaged, new Parallelism(POOL, 2 + i % 3)))
          .isEqualTo(outcome(damaged, Parallelism.SEQUENTIAL));
    }
  }

  @Test
  void aFailingSinkIsReported() throws IOException {
    List<byte[]> files = files(Layout.V3_BLOCK);
    IOException full = new IOException("disk full");
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw full;
          }
        };

    assertThatThrownBy(
            () ->
                Merger.of(sources(files))
                    .reading(ReadOptions.DEFAULT.withParallelism(new Parallelism(POOL, 3)))
                    .writeTo(ByteSink.to(broken)))
        .isSameAs(full);
  }

  @Test
  void itCanBeGivenUp() throws IOException {
    List<byte[]> files = files(Layout.V3_BLOCK);
    int[] asked = new int[1];

    assertThatThrownBy(
            () ->
                Merger.of(sources(files))
                    .reading(ReadOptions.DEFAULT.withParallelism(new Parallelism(POOL, 2)))
                    .cancelWhen(() -> ++asked[0] == 5)
                    .writeTo(ByteSink.to(new ByteArrayOutputStream())))
        .isInstanceOf(CancellationException.class);
  }

  private static String outcome(List<byte[]> files, Parallelism parallelism) {
    try {
      return "merged " + ByteBuffer.wrap(merge(files, Layout.V3_BLOCK, parallelism)).hashCode();
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static byte[] merge(List<byte[]> files, Layout layout, Parallelism parallelism)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Merger.of(sources(files))
        .layout(layout)
        .reading(ReadOptions.DEFAULT.withParallelism(parallelism))
        .writeTo(ByteSink.to(out));
    return out.toByteArray();
  }

  private static List<ByteSource> sources(List<byte[]> files) {
    List<ByteSource> sources = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      sources.add(ByteSource.of("file " + i, ByteBuffer.wrap(files.get(i))));
    }
    return sources;
  }

  /** A snapshot, and deltas each of which changes a part of it. */
  private static List<byte[]> files(Layout layout) throws IOException {
    Random random = new Random(7);
    DatabaseChecksum sum = DatabaseChecksum.ofEmpty(PAGE_SIZE);
    byte[][] pages = new byte[PAGES][];
    List<byte[]> files = new ArrayList<>();
    LtxHeader snapshot = LtxHeader.snapshot(PAGE_SIZE, PAGES, Txid.FIRST).build();
    files.add(file(snapshot, layout, pages, 1, sum, random));
    for (int i = 0; i < DELTAS; i++) {
      Checksum before = sum.value();
      TxidRange range = TxidRange.of(Txid.of(2 + i));
      LtxHeader delta = LtxHeader.delta(PAGE_SIZE, PAGES, range, before).build();
      files.add(file(delta, layout, pages, PAGES / PAGES_PER_DELTA, sum, random));
    }
    return files;
  }

  private static byte[] file(
      LtxHeader header,
      Layout layout,
      byte[][] pages,
      int step,
      DatabaseChecksum sum,
      Random random)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    WriteOptions options = WriteOptions.DEFAULT.withLayout(layout);
    try (LtxWriter writer = LtxWriter.create(ByteSink.to(out), header, options)) {
      for (int n = random.nextInt(step); n < PAGES; n += step) {
        if (pages[n] != null) {
          sum.toggle(n + 1, ByteBuffer.wrap(pages[n]));
        }
        pages[n] = page(random);
        sum.toggle(n + 1, ByteBuffer.wrap(pages[n]));
        writer.write(n + 1, ByteBuffer.wrap(pages[n]));
      }
      writer.finish(sum.value());
    }
    return out.toByteArray();
  }

  private static byte[] page(Random random) {
    byte[] page = new byte[PAGE_SIZE];
    if (random.nextInt(4) == 0) {
      random.nextBytes(page);
    } else {
      for (int i = 0; i < 60; i++) {
        page[random.nextInt(PAGE_SIZE)] = (byte) random.nextInt();
      }
    }
    return page;
  }
}

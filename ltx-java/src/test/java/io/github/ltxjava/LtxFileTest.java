package io.github.ltxjava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ltxjava.support.Forge;
import io.github.ltxjava.support.Ltx;
import io.github.ltxjava.support.Pages;
import io.github.ltxjava.support.ProbeSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Single pages by exact ranges: how many, how much memory, by how many threads. */
class LtxFileTest {

  static Stream<Layout> indexed() {
    return Stream.of(Layout.values()).filter(Layout::hasIndex);
  }

  /** A snapshot of this many pages that hardly compress. */
  private static byte[] snapshot(Layout layout, int pageSize, int pages) throws IOException {
    SortedMap<Long, byte[]> content = new TreeMap<>();
    for (long number = 1; number <= pages; number++) {
      content.put(number, Pages.random(pageSize, number));
    }
    LtxHeader header = LtxHeader.snapshot(pageSize, pages, Txid.of(1)).build();
    return Ltx.write(header, WriteOptions.DEFAULT.withLayout(layout), content);
  }

  @ParameterizedTest
  @MethodSource("indexed")
  void openingTakesTwoReadsAndAPageOne(Layout layout) throws IOException {
    ProbeSource source = new ProbeSource(snapshot(layout, 4096, 300));
    try (LtxFile file = LtxFile.open(source)) {
      assertThat(source.reads()).isLessThanOrEqualTo(2);
      ByteBuffer page = ByteBuffer.allocate(4096);
      long before = source.bytesRead();
      for (int i = 1; i <= 300; i++) {
        int reads = source.reads();
        assertThat(file.readPage(i, page.clear())).isTrue();
        assertThat(source.reads()).isEqualTo(reads + 1);
      }
      int position = file.index().size() - 1;
      assertThat(source.bytesRead() - before)
          .as("no byte more than the frames have")
          .isEqualTo(file.index().frameOffset(position) + file.index().frameSize(position) - 100);
      int reads = source.reads();
      assertThat(file.readPage(301, page.clear())).isFalse();
      assertThat(source.reads()).isEqualTo(reads);
    }
    assertThat(source.closes()).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("indexed")
  void aSmallFileIsOpenedWithOneRead(Layout layout) throws IOException {
    ProbeSource source = new ProbeSource(snapshot(layout, 512, 3));
    try (LtxFile file = LtxFile.open(source)) {
      assertThat(file.index().size()).isEqualTo(3);
      assertThat(source.reads()).isEqualTo(1);
    }
  }

  @Test
  void anIndexBeyondTheTailTakesTwoReadsMoreThanItsMebibytes() throws IOException {
    SortedMap<Long, byte[]> content = new TreeMap<>();
    byte[] zeros = new byte[512];
    for (long number = 1; number <= 300_000; number++) {
      content.put(number, zeros);
    }
    LtxHeader header = LtxHeader.snapshot(512, 300_000, Txid.of(1)).build();
    ProbeSource source = new ProbeSource(Ltx.write(header, WriteOptions.DEFAULT, content));
    try (LtxFile file = LtxFile.open(source)) {
      long mebibytes = (file.index().indexSize() >> 20) + 1;
      assertThat(mebibytes).isGreaterThan(2);
      assertThat(source.reads()).isLessThanOrEqualTo(3 + (int) mebibytes);
      assertThat(file.index().size()).isEqualTo(300_000);
      ByteBuffer page = ByteBuffer.allocate(512);
      assertThat(file.readPage(299_999, page)).isTrue();
    }
  }

  @Test
  void aRawFileIsScannedOnceAndThenReadByRange() throws IOException {
    byte[] bytes = snapshot(Layout.V1_RAW, 4096, 200);
    ProbeSource source = new ProbeSource(bytes);
    try (LtxFile file = LtxFile.open(source)) {
      assertThat(source.bytesRead()).isLessThan(bytes.length + 2L * LtxFile.TAIL_SIZE);
      assertThat(file.index().indexSize()).isZero();
      assertThat(file.index().indexOffset()).isEqualTo(100 + 200 * 4100L);
      int reads = source.reads();
      ByteBuffer page = ByteBuffer.allocate(4096);
      assertThat(file.readPage(77, page)).isTrue();
      assertThat(page.array()).isEqualTo(Pages.random(4096, 77));
      assertThat(source.reads()).isEqualTo(reads + 1);
    }
  }

  @ParameterizedTest
  @EnumSource(value = Layout.class, names = "V1_LZ4", mode = EnumSource.Mode.EXCLUDE)
  void manyThreadsReadTheRightPages(Layout layout) throws Exception {
    int pageSize = 1024;
    int pages = 400;
    ExecutorService threads = Executors.newFixedThreadPool(24);
    try (LtxFile file = LtxFile.open(new ProbeSource(snapshot(layout, pageSize, pages)))) {
      List<Future<Boolean>> results = new ArrayList<>();
      for (int thread = 0; thread < 24; thread++) {
        int step = 1 + 2 * thread;
        results.add(
            threads.submit(
                () -> {
                  ByteBuffer page = ByteBuffer.allocate(pageSize);
                  for (int i = 0; i < pages; i++) {
                    long number = 1 + (long) i * step % pages;
                    if (!file.readPage(number, page.clear())
                        || !Arrays.equals(page.array(), Pages.random(pageSize, number))) {
                      return false;
                    }
                  }
                  return true;
                }));
      }
      for (Future<Boolean> result : results) {
        assertThat(result.get()).isTrue();
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void theTargetMayBeDirectOrLargerOrInTheMiddle() throws IOException {
    try (LtxFile file = LtxFile.open(Ltx.source(snapshot(Layout.V3_BLOCK, 512, 2)))) {
      ByteBuffer target = ByteBuffer.allocateDirect(2000).position(7);
      assertThat(file.readPage(2, target)).isTrue();
      assertThat(target.position()).isEqualTo(7 + 512);
      byte[] page = new byte[512];
      target.get(7, page);
      assertThat(page).isEqualTo(Pages.random(512, 2));
      assertThat(file.readPage(3, target)).isFalse();
      assertThat(target.position()).isEqualTo(7 + 512);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> file.readPage(1, ByteBuffer.allocate(511)));
    }
  }

  @Test
  void aBadFrameDoesNotSpoilTheNextRead() throws IOException {
    Forge forge = Forge.snapshot(Layout.V3_BLOCK, 512, Pages.text(512, 1), Pages.text(512, 2));
    byte[] good = forge.frames.get(0).payload;
    forge.frames.get(0).payload = new byte[good.length];
    try (LtxFile file = LtxFile.open(Ltx.source(forge.build()))) {
      ByteBuffer page = ByteBuffer.allocate(512);
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> file.readPage(1, page.clear()))
            .isInstanceOf(LtxFormatException.class);
        assertThat(file.readPage(2, page.clear())).isTrue();
        assertThat(page.array()).isEqualTo(Pages.text(512, 2));
      }
    }
  }

  @Test
  void theIndexFindsPagesAsABinarySearchDoes() throws IOException {
    SortedMap<Long, byte[]> pages = new TreeMap<>();
    for (long number : new long[] {1, 2, 5, 9, 0x7FFF_FFFFL, 0x8000_0000L, 0xFFFF_FFFEL}) {
      pages.put(number, new byte[512]);
    }
    LtxHeader header =
        LtxHeader.delta(512, 0xFFFF_FFFEL, TxidRange.of(Txid.of(2)), Checksum.of(1)).build();
    byte[] bytes = Ltx.write(header, WriteOptions.DEFAULT, pages, Optional.of(Checksum.of(2)));
    try (LtxFile file = LtxFile.open(Ltx.source(bytes))) {
      PageIndex index = file.index();
      int position = 0;
      for (long number : pages.keySet()) {
        assertThat(index.find(number)).isEqualTo(position);
        assertThat(index.pageNumber(position)).isEqualTo(number);
        position++;
      }
      assertThat(index.find(0)).isEqualTo(-1);
      assertThat(index.find(-5)).isEqualTo(-1);
      assertThat(index.find(3)).isEqualTo(-3);
      assertThat(index.find(0x8000_0001L)).isEqualTo(-7);
      assertThat(index.find(1L << 32)).isEqualTo(-8);
      assertThat(index.find(Long.MAX_VALUE)).isEqualTo(-8);
      for (int outside : new int[] {-1, 7}) {
        assertThatThrownBy(() -> index.pageNumber(outside))
            .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> index.frameOffset(outside))
            .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> index.frameSize(outside))
            .isInstanceOf(IndexOutOfBoundsException.class);
      }
    }
  }

  @Test
  void framesFollowEachOtherUpToTheIndex() throws IOException {
    byte[] bytes = snapshot(Layout.V3_BLOCK, 512, 50);
    try (LtxFile file = LtxFile.open(Ltx.source(bytes))) {
      PageIndex index = file.index();
      long offset = LtxHeader.SIZE;
      for (int i = 0; i < index.size(); i++) {
        assertThat(index.frameOffset(i)).isEqualTo(offset);
        offset += index.frameSize(i);
      }
      assertThat(index.indexOffset()).isEqualTo(offset + 6);
      assertThat(index.indexOffset() + index.indexSize() + 8 + 16).isEqualTo(bytes.length);
    }
  }
}

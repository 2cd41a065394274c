package io.github.ltxjava.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxFile;
import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxWriter;
import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.io.ByteSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PageMapTest {

  private static final Path VECTORS = Path.of("../conformance-vectors");

  @ParameterizedTest
  @EnumSource(
      value = Layout.class,
      names = {"V1_LZ4"},
      mode = EnumSource.Mode.EXCLUDE)
  void aChainThatGoWroteReadsAsTheDatabaseThatGoMade(Layout layout) throws IOException {
    Path folder = VECTORS.resolve("apply/" + layout.label() + "/chain-30");
    List<LtxFile> files = new ArrayList<>();
    for (int i = 1; Files.exists(folder.resolve(i + ".ltx")); i++) {
      files.add(LtxFile.open(ByteSource.open(folder.resolve(i + ".ltx"))));
    }
    assertThat(files).hasSizeGreaterThan(20);
    PageMap map = PageMap.of(files);
    byte[] expected = Files.readAllBytes(folder.resolve("after.db"));
    ByteBuffer actual = ByteBuffer.allocate((int) (map.commit() * map.pageSize()));
    for (long page = 1; page <= map.commit(); page++) {
      assertThat(map.readPage(page, actual)).isTrue();
    }
    assertThat(actual.array()).isEqualTo(expected);
    for (LtxFile file : files) {
      file.close();
    }
  }

  @Test
  void aPageIsLocatedInTheNewestFileThatHoldsIt() throws IOException {
    LtxFile snapshot = Chains.snapshot(1, 300, 0);
    LtxFile delta = Chains.delta(2, 2, 300, List.of(7L, 200L), 1);
    PageMap map = PageMap.of(List.of(snapshot, delta));

    assertThat(map.locate(6).orElseThrow().file()).isSameAs(snapshot);
    assertThat(map.locate(7).orElseThrow().file()).isSameAs(delta);
    int position = delta.index().find(200);
    assertThat(map.locate(200))
        .contains(
            new PageLocation(
                delta, delta.index().frameOffset(position), delta.index().frameSize(position)));
    assertThat(map.locate(301)).isEmpty();
    assertThat(map.txid()).isEqualTo(Txid.of(2));
    assertThat(map.commit()).isEqualTo(300);
    assertThat(map.pageSize()).isEqualTo(Chains.PAGE_SIZE);
  }

  @Test
  void aPageThatWasCutOffDoesNotComeBack() throws IOException {
    PageMap before = PageMap.of(Chains.snapshot(1, 10, 0));
    PageMap cut = before.append(Chains.delta(2, 2, 4, List.of(2L), 1));
    PageMap grown = cut.append(Chains.delta(3, 3, 10, List.of(10L), 2));

    ByteBuffer page = ByteBuffer.allocate(Chains.PAGE_SIZE);
    assertThat(cut.readPage(5, page)).isFalse();
    assertThat(grown.locate(5)).isEmpty();
    assertThat(grown.readPage(5, page)).isTrue();
    assertThat(page.array()).containsOnly(0);
    assertThat(grown.readPage(10, page.clear())).isTrue();
    assertThat(page.array()).isEqualTo(Chains.page(10, 2));
    assertThat(before.readPage(5, page.clear())).isTrue();
    assertThat(page.array()).isEqualTo(Chains.page(5, 0));
  }

  @Test
  void theLockPageReadsAsZeros() throws IOException {
    int pageSize = 65_536;
    long lockPage = LtxHeader.lockPageNumber(pageSize);
    LtxFile around = aroundTheLockPage(pageSize, lockPage);
    PageMap map = PageMap.of(around);
    ByteBuffer page = ByteBuffer.allocate(pageSize);
    assertThat(map.readPage(lockPage, page)).isTrue();
    assertThat(page.array()).containsOnly(0);
    assertThat(map.locate(lockPage)).isEmpty();
    assertThat(map.locate(lockPage - 1)).isPresent();
    assertThat(map.locate(lockPage + 1)).isPresent();
  }

  private static LtxFile aroundTheLockPage(int pageSize, long lockPage) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LtxHeader header =
        LtxHeader.snapshot(pageSize, lockPage + 1, Txid.FIRST).withoutChecksums().build();
    try (LtxWriter writer = LtxWriter.create(ByteSink.to(out), header)) {
      byte[] content = new byte[pageSize];
      Arrays.fill(content, (byte) 1);
      for (long page = 1; page <= lockPage + 1; page++) {
        if (page != lockPage) {
          writer.write(page, ByteBuffer.wrap(content));
        }
      }
      writer.finish();
    }
    return Chains.open("1 GiB", out.toByteArray());
  }

  @Test
  void aChainStartsWithASnapshot() throws IOException {
    LtxFile delta = Chains.delta(2, 2, 4, List.of(2L), 1);
    assertThatThrownBy(() -> PageMap.of(delta))
        .isInstanceOf(ChainException.class)
        .hasMessageContaining("2-2.ltx")
        .hasMessageContaining("0000000000000002");
    assertThatThrownBy(() -> PageMap.of(List.of())).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aSnapshotThatLacksPagesIsRefused() throws IOException {
    Path file = VECTORS.resolve("invalid/v3-block/snapshot-last-page-missing.ltx");
    try (LtxFile incomplete = LtxFile.open(ByteSource.open(file))) {
      assertThatThrownBy(() -> PageMap.of(incomplete))
          .isInstanceOfSatisfying(
              LtxFormatException.class,
              e -> assertThat(e.reason()).isEqualTo(LtxFormatException.Reason.SNAPSHOT_INCOMPLETE));
    }
  }

  @Test
  void aGapNamesBothFiles() throws IOException {
    PageMap map = PageMap.of(Chains.snapshot(5, 4, 0));
    LtxFile next = Chains.delta(7, 7, 4, List.of(2L), 1);
    assertThatThrownBy(() -> map.append(next))
        .isInstanceOf(ChainException.class)
        .hasMessageContaining("[1-5.ltx]")
        .hasMessageContaining("[7-7.ltx]")
        .hasMessageContaining("missing");
  }

  @Test
  void aFileThatIsCoveredIsRefusedAndOneThatOverlapsIsNot() throws IOException {
    PageMap map = PageMap.of(Chains.snapshot(5, 4, 0));
    LtxFile covered = Chains.delta(4, 5, 4, List.of(2L), 1);
    assertThatThrownBy(() -> map.append(covered))
        .isInstanceOf(ChainException.class)
        .hasMessageContaining("covers");
    assertThat(map.append(Chains.delta(3, 6, 4, List.of(2L), 1)).txid()).isEqualTo(Txid.of(6));
  }

  @Test
  void anotherPageSizeIsRefused() throws IOException {
    LtxFile small = Chains.snapshot(5, 4, 0);
    Path other = VECTORS.resolve("apply/v3-block/chain-30/2.ltx");
    try (LtxFile large = LtxFile.open(ByteSource.open(other))) {
      assertThat(large.header().pageSize()).isNotEqualTo(Chains.PAGE_SIZE);
      PageMap map = PageMap.of(small);
      assertThatThrownBy(() -> map.append(large))
          .isInstanceOf(ChainException.class)
          .hasMessageContaining("pages of 512");
    }
  }

  @Test
  void aFileFromAnotherHistoryIsRefused() throws IOException {
    Path chain = VECTORS.resolve("apply/v3-block/chain-30");
    try (LtxFile first = LtxFile.open(ByteSource.open(chain.resolve("1.ltx")));
        LtxFile second = LtxFile.open(ByteSource.open(chain.resolve("2.ltx")))) {
      TxidRange txids = second.header().txids();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      LtxHeader forged =
          LtxHeader.delta(
                  first.header().pageSize(), first.header().commit(), txids, Checksum.of(12345))
              .build();
      try (LtxWriter writer = LtxWriter.create(ByteSink.to(out), forged)) {
        writer.finish(Checksum.of(1));
      }
      PageMap map = PageMap.of(first);
      LtxFile stranger = Chains.open("stranger", out.toByteArray());
      assertThat(first.header().txids().isContiguousWith(txids)).isTrue();
      assertThatThrownBy(() -> map.append(stranger))
          .isInstanceOf(ChainException.class)
          .hasMessageContaining("[stranger]")
          .hasMessageContaining("not of one history");
    }
  }

  @Test
  void misuseIsRefused() throws IOException {
    PageMap map = PageMap.of(Chains.snapshot(5, 4, 0));
    assertThatThrownBy(() -> map.locate(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> map.readPage(1, ByteBuffer.allocate(511)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void manyThreadsReadOneMap() throws Exception {
    PageMap map = PageMap.of(Chains.snapshot(1, 500, 0));
    for (int i = 2; i < 40; i++) {
      map = map.append(Chains.delta(i, i, 500, List.of((long) i * 7 % 500 + 1), i));
    }
    PageMap shared = map;
    ByteBuffer expected = ByteBuffer.allocate(500 * Chains.PAGE_SIZE);
    for (long page = 1; page <= 500; page++) {
      shared.readPage(page, expected);
    }
    ExecutorService executor = Executors.newFixedThreadPool(8);
    try {
      List<Future<byte[]>> results = new ArrayList<>();
      for (int thread = 0; thread < 8; thread++) {
        results.add(
            executor.submit(
                () -> {
                  ByteBuffer all = ByteBuffer.allocate(500 * Chains.PAGE_SIZE);
                  for (long page = 1; page <= 500; page++) {
                    shared.readPage(page, all);
                  }
                  return all.array();
                }));
      }
      for (Future<byte[]> result : results) {
        assertThat(result.get()).isEqualTo(expected.array());
      }
    } finally {
      executor.shutdownNow();
    }
  }
}

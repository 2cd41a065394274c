package io.github.ltxjava;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ltxjava.support.Ltx;
import io.github.ltxjava.support.Pages;
import io.github.ltxjava.support.SlowCrc;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is written comes back, in every layout, page size and kind of file. */
class RoundTripTest {

  private static final Checksum BEFORE = Checksum.of(0x1234);
  private static final Checksum AFTER = Checksum.of(0x5678);

  static Stream<Arguments> layoutsAndPageSizes() {
    return Stream.of(Layout.values())
        .flatMap(
            layout ->
                IntStream.rangeClosed(9, 16).mapToObj(bits -> Arguments.of(layout, 1 << bits)));
  }

  static Stream<Layout> layoutsWithoutChecksums() {
    return Stream.of(Layout.values()).filter(Layout::hasIndex);
  }

  @ParameterizedTest
  @MethodSource("layoutsAndPageSizes")
  void aSnapshotComesBack(Layout layout, int pageSize) throws IOException {
    SortedMap<Long, byte[]> pages = new TreeMap<>();
    long sum = 0;
    for (long number = 1; number <= 7; number++) {
      pages.put(number, Pages.mixed(pageSize, number));
      sum ^= SlowCrc.ofPage(number, pages.get(number));
    }
    LtxHeader header =
        LtxHeader.snapshot(pageSize, 7, Txid.of(9))
            .timestamp(Instant.ofEpochMilli(-123_456_789))
            .wal(new WalSegment(32, 4120, -1, 7))
            .nodeId(-2)
            .build();

    byte[] file = Ltx.write(header, WriteOptions.DEFAULT.withLayout(layout), pages);

    assertComesBack(file, layout, header, pages, Optional.of(Checksum.of(sum)));
  }

  @ParameterizedTest
  @MethodSource("layoutsAndPageSizes")
  void aDeltaComesBack(Layout layout, int pageSize) throws IOException {
    SortedMap<Long, byte[]> pages = new TreeMap<>();
    for (long number : new long[] {2, 3, 130, 70_000, 0x8000_0001L, LtxHeader.MAX_PAGE_NUMBER}) {
      if (number != LtxHeader.lockPageNumber(pageSize)) {
        pages.put(number, Pages.mixed(pageSize, number));
      }
    }
    LtxHeader header =
        LtxHeader.delta(
                pageSize, LtxHeader.MAX_PAGE_NUMBER, TxidRange.of(Txid.of(-2), Txid.of(-1)), BEFORE)
            .build();

    byte[] file =
        Ltx.write(header, WriteOptions.DEFAULT.withLayout(layout), pages, Optional.of(AFTER));

    assertComesBack(file, layout, header, pages, Optional.of(AFTER));
  }

  @ParameterizedTest
  @MethodSource("layoutsWithoutChecksums")
  void aFileWithoutChecksumsComesBack(Layout layout) throws IOException {
    SortedMap<Long, byte[]> pages = new TreeMap<>();
    pages.put(1L, Pages.text(1024, 1));
    pages.put(2L, Pages.random(1024, 2));
    LtxHeader snapshot = LtxHeader.snapshot(1024, 2, Txid.of(1)).withoutChecksums().build();
    LtxHeader delta = LtxHeader.delta(1024, 5, TxidRange.of(Txid.of(3), Txid.of(4))).build();

    for (LtxHeader header : new LtxHeader[] {snapshot, delta}) {
      byte[] file = Ltx.write(header, WriteOptions.DEFAULT.withLayout(layout), pages);
      assertComesBack(file, layout, header, pages, Optional.empty());
    }
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void anEmptyDatabaseComesBack(Layout layout) throws IOException {
    WriteOptions options = WriteOptions.DEFAULT.withLayout(layout);
    SortedMap<Long, byte[]> none = new TreeMap<>();
    LtxHeader snapshot = LtxHeader.snapshot(4096, 0, Txid.of(3)).build();
    LtxHeader delta = LtxHeader.delta(4096, 0, TxidRange.of(Txid.of(3)), BEFORE).build();
    Optional<Checksum> empty = Optional.of(Checksum.EMPTY_DATABASE);

    assertComesBack(Ltx.write(snapshot, options, none), layout, snapshot, none, empty);
    assertComesBack(Ltx.write(delta, options, none), layout, delta, none, empty);
    assertComesBack(Ltx.write(delta, options, none, empty), layout, delta, none, empty);
  }

  @ParameterizedTest
  @MethodSource("layoutsWithoutChecksums")
  void anEmptyDatabaseWithoutChecksumsComesBack(Layout layout) throws IOException {
    SortedMap<Long, byte[]> none = new TreeMap<>();
    LtxHeader snapshot = LtxHeader.snapshot(512, 0, Txid.of(1)).withoutChecksums().build();
    LtxHeader delta = LtxHeader.delta(512, 0, TxidRange.of(Txid.of(2))).build();

    for (LtxHeader header : new LtxHeader[] {snapshot, delta}) {
      byte[] file = Ltx.write(header, WriteOptions.DEFAULT.withLayout(layout), none);
      assertComesBack(file, layout, header, none, Optional.empty());
    }
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void aDeltaWithoutPagesComesBack(Layout layout) throws IOException {
    SortedMap<Long, byte[]> none = new TreeMap<>();
    LtxHeader header = LtxHeader.delta(4096, 3, TxidRange.of(Txid.of(2)), BEFORE).build();

    byte[] file =
        Ltx.write(header, WriteOptions.DEFAULT.withLayout(layout), none, Optional.of(AFTER));

    assertComesBack(file, layout, header, none, Optional.of(AFTER));
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void everyTimestampComesBack(Layout layout) throws IOException {
    for (long millis : new long[] {Long.MIN_VALUE, -1, 0, Long.MAX_VALUE}) {
      LtxHeader header =
          LtxHeader.snapshot(512, 0, Txid.of(1)).timestamp(Instant.ofEpochMilli(millis)).build();
      byte[] file = Ltx.write(header, WriteOptions.DEFAULT.withLayout(layout), new TreeMap<>());
      try (LtxReader reader = LtxReader.open(Ltx.source(file))) {
        assertThat(reader.header().timestamp().toEpochMilli()).isEqualTo(millis);
      }
    }
  }

  private static void assertComesBack(
      byte[] file,
      Layout written,
      LtxHeader header,
      SortedMap<Long, byte[]> pages,
      Optional<Checksum> postApply)
      throws IOException {
    // Without pages, the two forms of version 3 are the same bytes.
    Layout layout = written == Layout.V3_FRAME && pages.isEmpty() ? Layout.V3_BLOCK : written;
    assertReaderGives(LtxReader.open(Ltx.source(file)), layout, header, pages, postApply);
    assertReaderGives(
        LtxReader.open("stream", new ByteArrayInputStream(file), Ltx.as(layout)),
        layout,
        header,
        pages,
        postApply);
    for (LtxVerifier.Depth depth : LtxVerifier.Depth.values()) {
      Verification verdict = Ltx.verify(file, depth, ReadOptions.DEFAULT);
      assertThat(verdict.findings()).isEmpty();
      assertThat(verdict.detectedLayout()).contains(layout);
      assertThat(((Verification.Sound) verdict).pageCount()).isEqualTo(pages.size());
      assertThat(((Verification.Sound) verdict).trailer().postApply()).isEqualTo(postApply);
    }
    if (layout != Layout.V1_LZ4) {
      assertFileGives(file, layout, header, pages, postApply);
    }
  }

  private static void assertReaderGives(
      LtxReader opened,
      Layout layout,
      LtxHeader header,
      SortedMap<Long, byte[]> pages,
      Optional<Checksum> postApply)
      throws IOException {
    try (LtxReader reader = opened) {
      assertThat(reader.header()).isEqualTo(header);
      assertThat(reader.layout()).isEqualTo(layout);
      for (long number : pages.keySet()) {
        assertThat(reader.next()).isTrue();
        assertThat(reader.pageNumber()).isEqualTo(number);
        assertThat(reader.page()).isEqualTo(ByteBuffer.wrap(pages.get(number)));
        assertThat(reader.pageChecksum())
            .isEqualTo(Checksum.of(SlowCrc.ofPage(number, pages.get(number))));
      }
      assertThat(reader.next()).isFalse();
      assertThat(reader.next()).isFalse();
      assertThat(reader.pageCount()).isEqualTo(pages.size());
      assertThat(reader.trailer().postApply()).isEqualTo(postApply);
      assertThat(reader.position())
          .isEqualTo(postApply.map(sum -> new Position(header.txids().max(), sum)));
    }
  }

  private static void assertFileGives(
      byte[] bytes,
      Layout layout,
      LtxHeader header,
      SortedMap<Long, byte[]> pages,
      Optional<Checksum> postApply)
      throws IOException {
    try (LtxFile file = LtxFile.open(Ltx.source(bytes))) {
      assertThat(file.header()).isEqualTo(header);
      assertThat(file.layout()).isEqualTo(layout);
      assertThat(file.trailer().postApply()).isEqualTo(postApply);
      assertThat(file.index().size()).isEqualTo(pages.size());
      ByteBuffer target = ByteBuffer.allocate(header.pageSize());
      assertThat(file.readPage(0, target)).isFalse();
      assertThat(file.readPage(1L << 32, target)).isFalse();
      assertThat(file.readPage(4, target)).isEqualTo(pages.containsKey(4L));
      for (long number : pages.keySet()) {
        assertThat(file.readPage(number, target.clear())).isTrue();
        assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(pages.get(number)));
      }
    }
  }
}

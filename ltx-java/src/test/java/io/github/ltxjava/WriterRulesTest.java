package io.github.ltxjava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.ltxjava.support.Ltx;
import io.github.ltxjava.support.Pages;
import io.github.ltxjava.support.ProbeSink;
import io.github.ltxjava.support.SlowCrc;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a writer refuses, and that a refusal leaves it usable. */
class WriterRulesTest {

  private static final int PAGE = 512;

  @TempDir Path folder;

  private static ByteBuffer page() {
    return ByteBuffer.allocate(PAGE);
  }

  private static LtxWriter delta(ProbeSink sink, Layout layout, long commit) throws IOException {
    LtxHeader header =
        LtxHeader.delta(PAGE, commit, TxidRange.of(Txid.of(2)), Checksum.of(1)).build();
    return LtxWriter.create(sink, header, WriteOptions.DEFAULT.withLayout(layout));
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void aRefusedPageChangesNothing(Layout layout) throws IOException {
    ProbeSink sink = new ProbeSink();
    long lockPage = LtxHeader.lockPageNumber(PAGE);
    try (LtxWriter writer = delta(sink, layout, lockPage + 1)) {
      writer.write(5, page());
      for (long number : new long[] {0, -1, 4, 5, lockPage, lockPage + 2, 1L << 32}) {
        ByteBuffer content = page();
        assertThatIllegalArgumentException()
            .isThrownBy(() -> writer.write(number, content))
            .withMessageContaining(String.valueOf(number));
        assertThat(content.remaining()).isEqualTo(PAGE);
      }
      for (int length : new int[] {0, PAGE - 1, PAGE + 1}) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> writer.write(6, ByteBuffer.allocate(length)))
            .withMessageContaining("512");
      }
      writer.write(lockPage + 1, page()).finish(Checksum.of(2));
    }
    assertThat(Ltx.read(sink.bytes()).keySet()).containsExactly(5L, lockPage + 1);
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void aSnapshotHoldsEveryPage(Layout layout) throws IOException {
    ProbeSink sink = new ProbeSink();
    LtxHeader header = LtxHeader.snapshot(PAGE, 2, Txid.of(1)).build();
    try (LtxWriter writer =
        LtxWriter.create(sink, header, WriteOptions.DEFAULT.withLayout(layout))) {
      assertThatIllegalArgumentException().isThrownBy(() -> writer.write(2, page()));
      writer.write(1, page());
      assertThatIllegalStateException().isThrownBy(writer::finish).withMessageContaining("2 pages");
      writer.write(2, page()).finish();
    }
    assertThat(Ltx.read(sink.bytes())).hasSize(2);
    assertThat(sink.commits()).isEqualTo(1);
  }

  @Test
  void aWrongPostApplyChecksumIsRefusedAndTheRightOneTaken() throws IOException {
    ProbeSink sink = new ProbeSink();
    LtxHeader header = LtxHeader.snapshot(PAGE, 1, Txid.of(1)).build();
    Checksum right = Checksum.of(SlowCrc.ofPage(1, new byte[PAGE]));
    try (LtxWriter writer = LtxWriter.create(sink, header)) {
      writer.write(1, page());
      assertThatIllegalArgumentException().isThrownBy(() -> writer.finish(Checksum.of(5)));
      LtxTrailer trailer = writer.finish(right);
      assertThat(trailer.postApply()).contains(right);
      assertThatIllegalStateException().isThrownBy(() -> writer.finish(right));
      assertThatIllegalStateException().isThrownBy(() -> writer.write(2, page()));
    }
    assertThat(Ltx.read(sink.bytes())).hasSize(1);
  }

  @Test
  void aDeltaThatTracksChecksumsNeedsOne() throws IOException {
    try (LtxWriter writer = delta(new ProbeSink(), Layout.V3_BLOCK, 3)) {
      assertThatIllegalArgumentException().isThrownBy(writer::finish);
      assertThat(writer.finish(Checksum.of(4)).postApply()).contains(Checksum.of(4));
    }
  }

  @Test
  void aFileWithoutChecksumsTakesNone() throws IOException {
    LtxHeader header = LtxHeader.delta(PAGE, 3, TxidRange.of(Txid.of(2))).build();
    try (LtxWriter writer = LtxWriter.create(new ProbeSink(), header)) {
      assertThatIllegalArgumentException().isThrownBy(() -> writer.finish(Checksum.of(4)));
      assertThat(writer.finish().postApply()).isEmpty();
    }
  }

  @Test
  void anEmptyDatabaseHasOneChecksum() throws IOException {
    try (LtxWriter writer = delta(new ProbeSink(), Layout.V3_BLOCK, 0)) {
      assertThatIllegalArgumentException().isThrownBy(() -> writer.write(1, page()));
      assertThatIllegalArgumentException().isThrownBy(() -> writer.finish(Checksum.of(4)));
      assertThat(writer.finish(Checksum.EMPTY_DATABASE).postApply())
          .contains(Checksum.EMPTY_DATABASE);
    }
  }

  @Test
  void aClosedWriterTakesNothing() throws IOException {
    ProbeSink sink = new ProbeSink();
    LtxWriter writer = delta(sink, Layout.V3_BLOCK, 3);
    writer.close();
    assertThatIllegalStateException().isThrownBy(() -> writer.write(1, page()));
    assertThatIllegalStateException().isThrownBy(() -> writer.finish(Checksum.of(1)));
    assertThat(sink.commits()).isZero();
  }

  @Test
  void readersRefuseWhatIsNotThereYet() throws IOException {
    ProbeSink sink = new ProbeSink();
    try (LtxWriter writer = delta(sink, Layout.V3_BLOCK, 3)) {
      writer.write(1, page()).finish(Checksum.of(1));
    }
    LtxReader reader = LtxReader.open(Ltx.source(sink.bytes()));
    assertThatIllegalStateException().isThrownBy(reader::pageNumber);
    assertThatIllegalStateException().isThrownBy(reader::page);
    assertThatIllegalStateException().isThrownBy(reader::pageChecksum);
    assertThatIllegalStateException().isThrownBy(reader::trailer);
    assertThatIllegalStateException().isThrownBy(reader::position);
    assertThat(reader.next()).isTrue();
    assertThat(reader.page().isReadOnly()).isTrue();
    assertThatIllegalStateException().isThrownBy(reader::trailer);
    assertThat(reader.next()).isFalse();
    assertThatIllegalStateException().isThrownBy(reader::page);
    reader.close();
    assertThatIllegalStateException().isThrownBy(reader::next);
    reader.close();
  }

  /** The three worked examples of the format, whose LZ4 blocks the native compressor may vary. */
  @Test
  void thePublishedFilesAreRead() throws IOException {
    String head =
        "000002000000000100000000000000010000000000000001" + "00000000000003e8" + "00".repeat(60);
    String block = "0000000100010000000c1f310100ffe8503131313131";
    Map<String, Layout> files =
        Map.of(
            "4c54583100000002"
                + head
                + block
                + "000000000000016416000000000000000004"
                + "0000000000000000f10ef668184cb537",
            Layout.V3_BLOCK,
            "4c54583100000002"
                + head
                + "00000001000004224d186440a70c0000001f310100ffe8503131313131000000005e2d2198"
                + "000000000000016425000000000000000004"
                + "0000000000000000f6ca51273e539784",
            Layout.V3_FRAME,
            "4c54583100000000"
                + head
                + block
                + "000000000000016416000000000000000004"
                + "eb1a999231044dddbc8648327f8390c6",
            Layout.V3_BLOCK);
    for (Map.Entry<String, Layout> file : files.entrySet()) {
      byte[] bytes = HexFormat.of().parseHex(file.getKey());
      assertThat(Ltx.read(bytes).get(1L)).isEqualTo(Pages.filled(PAGE, 0x31));
      assertThat(Ltx.readAtRandom(bytes, ReadOptions.DEFAULT)).hasSize(1);
      try (LtxReader reader = LtxReader.open(Ltx.source(bytes))) {
        assertThat(reader.layout()).isEqualTo(file.getValue());
        assertThat(reader.header().timestamp().toEpochMilli()).isEqualTo(1000);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void aSpilledIndexGivesTheSameFileAndReadsTheSame(Layout layout) throws IOException {
    int count = 30_000;
    TreeMap<Long, byte[]> pages = new TreeMap<>();
    for (long number = 1; number <= count; number++) {
      pages.put(number * 3, Pages.filled(PAGE, (int) number));
    }
    LtxHeader header =
        LtxHeader.delta(PAGE, 3L * count, TxidRange.of(Txid.of(2)), Checksum.of(1)).build();
    WriteOptions options = WriteOptions.DEFAULT.withLayout(layout);
    byte[] inMemory = Ltx.write(header, options, pages, Optional.of(Checksum.of(2)));
    for (long limit : new long[] {0, 100_000}) {
      IndexMemory memory = IndexMemory.limited(limit, folder);
      byte[] spilled =
          Ltx.write(header, options.withIndexMemory(memory), pages, Optional.of(Checksum.of(2)));
      assertThat(Arrays.equals(spilled, inMemory)).isTrue();
      assertThat(Ltx.read(inMemory, ReadOptions.DEFAULT.withIndexMemory(memory))).hasSize(count);
      byte[] damaged = inMemory.clone();
      damaged[damaged.length - 40] ^= 1;
      assertThat(
              Ltx.verify(
                      damaged,
                      LtxVerifier.Depth.FULL,
                      ReadOptions.DEFAULT.withLayout(layout).withIndexMemory(memory))
                  .isSound())
          .isFalse();
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).as("temporary files left behind").isEmpty();
    }
  }

  @Test
  void aFolderThatCannotTakeTheIndexIsAnIoException() {
    TreeMap<Long, byte[]> pages = new TreeMap<>();
    for (long number = 1; number <= 20_000; number++) {
      pages.put(number, new byte[PAGE]);
    }
    LtxHeader header = LtxHeader.snapshot(PAGE, 20_000, Txid.of(1)).build();
    WriteOptions options =
        WriteOptions.DEFAULT.withIndexMemory(IndexMemory.limited(0, folder.resolve("none")));
    assertThatIOException().isThrownBy(() -> Ltx.write(header, options, pages));
  }
}

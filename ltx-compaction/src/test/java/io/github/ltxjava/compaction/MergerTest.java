package io.github.ltxjava.compaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.LtxFormatException.Reason;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxReader;
import io.github.ltxjava.LtxWriter;
import io.github.ltxjava.ReadOptions;
import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.WriteOptions;
import io.github.ltxjava.codec.PageCodec;
import io.github.ltxjava.index.ChainException;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.io.ByteSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergerTest {

  @TempDir Path folder;

  private final History history = new History(11, 6, 9, true, true);

  @Test
  void theHeaderTakesItsEndsFromTheFirstAndTheLastInput() throws IOException {
    List<ByteSource> inputs = deltas(1, 5);

    MergeResult result = Merger.of(inputs).writeTo(ByteSink.to(new ByteArrayOutputStream()));

    LtxHeader first = header(inputs.get(0));
    LtxHeader last = header(inputs.get(inputs.size() - 1));
    assertThat(result.header().txids())
        .isEqualTo(TxidRange.of(first.txids().min(), last.txids().max()));
    assertThat(result.header().commit()).isEqualTo(last.commit());
    assertThat(result.header().timestamp()).isEqualTo(last.timestamp());
    assertThat(result.header().preApply()).isEqualTo(first.preApply());
    assertThat(result.header().nodeId()).isZero();
    assertThat(result.trailer().postApply()).contains(History.checksum(history.after()));
  }

  @Test
  void aSingleInputIsCopied() throws IOException {
    byte[] file = history.file(0, 5, WriteOptions.DEFAULT);
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    Merger.of(List.of(source("only", file))).writeTo(ByteSink.to(out));

    assertThat(out.toByteArray()).isEqualTo(file);
  }

  @Test
  void aGapIsRefusedAndBothFilesAreNamed() throws IOException {
    List<ByteSource> inputs = deltas(0, 5);
    inputs.remove(3);

    assertThatThrownBy(() -> merge(inputs))
        .isInstanceOf(ChainException.class)
        .hasMessageContaining("[delta 2]")
        .hasMessageContaining("[delta 4]")
        .hasMessageContaining("missing");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aGapIsAcceptedWhenAllowed() throws IOException {
    History untracked = new History(5, 4, 8, true, false);
    List<ByteSource> inputs =
        List.of(
            source("a", untracked.file(0, 1, WriteOptions.DEFAULT)),
            source("b", untracked.file(3, 3, WriteOptions.DEFAULT)));

    try (ByteSink sink = sink()) {
      assertThat(Merger.of(inputs).allowGaps().writeTo(sink).header().txids())
          .isEqualTo(TxidRange.of(Txid.of(1), Txid.of(4)));
    }
    assertThat(folder).isNotEmptyDirectory();
  }

  @Test
  void aCoveredInputIsRefusedAndBothFilesAreNamed() throws IOException {
    List<ByteSource> inputs =
        List.of(
            source("long", history.file(0, 5, WriteOptions.DEFAULT)),
            source("short", history.file(2, 3, WriteOptions.DEFAULT)));

    assertThatThrownBy(() -> merge(inputs))
        .isInstanceOf(ChainException.class)
        .hasMessageContaining("[long]")
        .hasMessageContaining("[short]");
  }

  @Test
  void anInputOfAnotherHistoryIsRefusedAndBothFilesAreNamed() throws IOException {
    TxidRange range = TxidRange.of(Txid.of(7));
    byte[] stranger =
        file(
            LtxHeader.delta(History.PAGE_SIZE, 1, range, Checksum.of(42)).build(), Checksum.of(43));
    List<ByteSource> inputs = deltas(0, 5);
    inputs.add(source("stranger", stranger));

    assertThatThrownBy(() -> merge(inputs))
        .isInstanceOf(ChainException.class)
        .hasMessageContaining("[delta 5]")
        .hasMessageContaining("[stranger]")
        .hasMessageContaining(Checksum.of(42).toString());
  }

  @Test
  void inputsWithOtherPageSizesAreRefused() throws IOException {
    byte[] other =
        file(
            LtxHeader.delta(1024, 1, TxidRange.of(Txid.of(7)), Checksum.of(1)).build(),
            Checksum.of(2));
    List<ByteSource> inputs = deltas(0, 5);
    inputs.add(source("other", other));

    assertThatThrownBy(() -> merge(inputs))
        .isInstanceOf(ChainException.class)
        .hasMessageContaining("512")
        .hasMessageContaining("1024");
  }

  @Test
  void damageInAnyInputLeavesNoOutput() throws IOException {
    for (int damaged = 0; damaged <= 5; damaged++) {
      List<ByteSource> inputs = new ArrayList<>();
      for (int i = 0; i <= 5; i++) {
        byte[] file = history.file(i, i, WriteOptions.DEFAULT);
        if (i == damaged) {
          file[file.length - 1] ^= 1;
        }
        inputs.add(source("delta " + i, file));
      }
      String name = "[delta " + damaged + "]";
      assertThatThrownBy(() -> merge(inputs))
          .isInstanceOf(LtxFormatException.class)
          .hasMessageContaining(name)
          .extracting(e -> ((LtxFormatException) e).reason())
          .isEqualTo(Reason.FILE_CHECKSUM);
      assertThat(folder).isEmptyDirectory();
    }
  }

  @Test
  void damageInAPageThatIsNotTakenIsFoundToo() throws IOException {
    byte[] old = history.file(0, 2, WriteOptions.DEFAULT.withLayout(Layout.V1_RAW));
    old[100 + 4 + 17] ^= 1;
    byte[] all = history.file(0, 5, WriteOptions.DEFAULT);

    assertThatThrownBy(() -> merge(List.of(source("old", old), source("all", all))))
        .isInstanceOf(LtxFormatException.class)
        .hasMessageContaining("[old]");
  }

  @Test
  void leavingChecksumsOutIsPossible() throws IOException {
    MergeResult result =
        Merger.of(deltas(0, 5))
            .withoutChecksums()
            .writeTo(ByteSink.to(new ByteArrayOutputStream()));

    assertThat(result.header().tracksChecksums()).isFalse();
    assertThat(result.trailer().postApply()).isEmpty();
  }

  @Test
  void cancellingLeavesNoOutput() throws IOException {
    List<ByteSource> inputs = List.of(source("large", largeSnapshot()));

    assertThatThrownBy(
            () -> {
              try (ByteSink sink = sink()) {
                Merger.of(inputs).cancelWhen(() -> true).writeTo(sink);
              }
            })
        .isInstanceOf(CancellationException.class);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void progressGrowsToTheCommit() throws IOException {
    List<MergeProgress> reports = new ArrayList<>();

    Merger.of(List.of(source("large", largeSnapshot())))
        .onProgress(reports::add)
        .writeTo(ByteSink.to(new ByteArrayOutputStream()));

    assertThat(reports).hasSizeGreaterThan(1);
    assertThat(reports).isSortedAccordingTo((a, b) -> Long.compare(a.pageNumber(), b.pageNumber()));
    assertThat(reports.get(reports.size() - 1).pageNumber()).isEqualTo(3000);
  }

  @Test
  void progressCountsOnlyPagesThatWereRead() throws IOException {
    List<MergeProgress> reports = new ArrayList<>();
    List<ByteSource> inputs =
        List.of(source("cut", untracked(Txid.of(5), 1)), source("grown", untracked(Txid.of(6), 9)));

    MergeResult result =
        Merger.of(inputs)
            .onProgress(reports::add)
            .writeTo(ByteSink.to(new ByteArrayOutputStream()));

    assertThat(result.pagesRead()).isZero();
    assertThat(reports.get(reports.size() - 1)).isEqualTo(new MergeProgress(9, 9, 0));
  }

  @Test
  void lessThanNoMemoryIsAMisuse() {
    Merger merger = Merger.of(List.of(source("a", new byte[0])));
    assertThatThrownBy(() -> merger.memory(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void framesOfAnExtensionAreCopiedWhenTheOutputUsesIt() throws IOException {
    PageCodec zstd = PageCodec.zstd(3);
    WriteOptions writing = WriteOptions.DEFAULT.withCodec(zstd);
    byte[] file = history.file(0, 5, writing);
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    Merger.of(List.of(source("zstd", file)))
        .reading(ReadOptions.DEFAULT.accepting(zstd))
        .writing(writing)
        .writeTo(ByteSink.to(out));

    assertThat(out.toByteArray()).isEqualTo(file);
  }

  @Test
  void framesOfAnExtensionBecomeLz4OtherwiseAndEveryReaderReadsThem() throws IOException {
    PageCodec zstd = PageCodec.zstd(3);
    byte[] file = history.file(0, 5, WriteOptions.DEFAULT.withCodec(zstd));
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    Merger.of(List.of(source("zstd", file)))
        .reading(ReadOptions.DEFAULT.accepting(zstd))
        .writeTo(ByteSink.to(out));

    assertThat(History.apply(new byte[0][], out.toByteArray())).isDeepEqualTo(history.after());
  }

  @Test
  void growthWithoutPagesIsRefusedBeyondAnyReason() throws IOException {
    List<ByteSource> inputs =
        List.of(
            source("cut", untracked(Txid.of(5), 1)),
            source("grown", untracked(Txid.of(6), LtxHeader.MAX_PAGE_NUMBER)));

    assertThatThrownBy(() -> merge(inputs))
        .isInstanceOf(ChainException.class)
        .hasMessageContaining("[grown]");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void nothingToMergeIsAMisuse() {
    assertThatThrownBy(() -> Merger.of(List.of())).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void inputsStayOpen() throws IOException {
    Path file = folder.resolve("in.ltx");
    Files.write(file, history.file(0, 5, WriteOptions.DEFAULT));
    try (ByteSource input = ByteSource.open(file)) {
      Merger.of(List.of(input)).writeTo(ByteSink.to(new ByteArrayOutputStream()));

      input.readFully(0, ByteBuffer.allocate(100));
    }
  }

  private void merge(List<ByteSource> inputs) throws IOException {
    try (ByteSink sink = sink()) {
      Merger.of(inputs).writeTo(sink);
    }
  }

  private List<ByteSource> deltas(int from, int to) throws IOException {
    List<ByteSource> sources = new ArrayList<>();
    for (int i = from; i <= to; i++) {
      sources.add(source("delta " + i, history.file(i, i, WriteOptions.DEFAULT)));
    }
    return sources;
  }

  private ByteSink sink() throws IOException {
    return ByteSink.atomic(folder.resolve("out.ltx"));
  }

  private static ByteSource source(String name, byte[] file) {
    return ByteSource.of(name, ByteBuffer.wrap(file));
  }

  private static LtxHeader header(ByteSource source) throws IOException {
    try (LtxReader reader = LtxReader.open(source)) {
      return reader.header();
    }
  }

  private static byte[] file(LtxHeader header, Checksum postApply) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (LtxWriter writer = LtxWriter.create(ByteSink.to(out), header)) {
      writer.finish(postApply);
    }
    return out.toByteArray();
  }

  private static byte[] untracked(Txid txid, long commit) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LtxHeader header = LtxHeader.delta(65536, commit, TxidRange.of(txid)).build();
    try (LtxWriter writer = LtxWriter.create(ByteSink.to(out), header)) {
      writer.finish();
    }
    return out.toByteArray();
  }

  private static byte[] largeSnapshot() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LtxHeader header = LtxHeader.snapshot(512, 3000, Txid.of(1)).timestamp(Instant.EPOCH).build();
    byte[] page = new byte[512];
    Random random = new Random(1);
    try (LtxWriter writer = LtxWriter.create(ByteSink.to(out), header)) {
      for (int n = 1; n <= 3000; n++) {
        random.nextBytes(page);
        writer.write(n, ByteBuffer.wrap(page));
      }
      writer.finish();
    }
    return out.toByteArray();
  }
}

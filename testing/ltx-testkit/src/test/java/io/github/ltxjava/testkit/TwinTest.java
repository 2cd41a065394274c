package io.github.ltxjava.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ltxjava.Checksum;
import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxFile;
import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.LtxReader;
import io.github.ltxjava.LtxVerifier;
import io.github.ltxjava.LtxWriter;
import io.github.ltxjava.ReadOptions;
import io.github.ltxjava.WriteOptions;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.io.ByteSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

/** The library against its slow twin, both ways, and the twin against the laws. */
class TwinTest {

  @Provide
  Arbitrary<Tuple.Tuple2<Layout, FileSpec>> files() {
    return LtxArbitraries.layouts()
        .flatMap(layout -> LtxArbitraries.files(layout).map(file -> Tuple.of(layout, file)));
  }

  @Provide
  Arbitrary<List<FileSpec>> histories() {
    return LtxArbitraries.histories(512);
  }

  @Provide
  Arbitrary<Tuple.Tuple2<List<FileSpec>, List<FileSpec>>> historiesAndChains() {
    return LtxArbitraries.histories(512)
        .flatMap(history -> LtxArbitraries.chains(history).map(chain -> Tuple.of(history, chain)));
  }

  @Property
  void theTwinReadsWhatTheLibraryWrites(@ForAll("files") Tuple.Tuple2<Layout, FileSpec> file)
      throws IOException {
    byte[] written = write(file.get2(), file.get1());
    assertThat(FileSpec.decode(written, file.get1())).isEqualTo(file.get2());
  }

  @Property
  void theLibraryReadsWhatTheTwinWrites(@ForAll("files") Tuple.Tuple2<Layout, FileSpec> file)
      throws IOException {
    byte[] written = file.get2().encode(file.get1());
    assertThat(read(written, file.get1())).isEqualTo(file.get2());
    for (LtxVerifier.Depth depth : LtxVerifier.Depth.values()) {
      assertThat(LtxVerifier.verify(source(written), depth).findings()).isEmpty();
    }
  }

  @Property
  void readingAtRandomIsReadingInOrder(@ForAll("files") Tuple.Tuple2<Layout, FileSpec> file)
      throws IOException {
    if (file.get1() == Layout.V1_LZ4) {
      return;
    }
    FileSpec spec = file.get2();
    try (LtxFile opened = LtxFile.open(source(spec.encode(file.get1())))) {
      assertThat(opened.header()).isEqualTo(spec.header());
      assertThat(opened.trailer().postApply()).isEqualTo(spec.postApply());
      ByteBuffer page = ByteBuffer.allocate(spec.header().pageSize());
      for (long number = 0; number <= spec.header().commit() + 1; number++) {
        byte[] expected = spec.pages().get(number);
        assertThat(opened.readPage(number, page.clear())).isEqualTo(expected != null);
        if (expected != null) {
          assertThat(page.array()).isEqualTo(expected);
        }
      }
    }
  }

  @Property
  void libraryAndTwinAgreeAboutDamage(
      @ForAll("files") Tuple.Tuple2<Layout, FileSpec> file, @ForAll int where, @ForAll byte flip)
      throws IOException {
    byte[] damaged = file.get2().encode(file.get1());
    damaged[Math.floorMod(where, damaged.length)] ^= flip;
    Optional<FileSpec> byTwin = Optional.empty();
    try {
      byTwin = Optional.of(FileSpec.decode(damaged, file.get1()));
    } catch (IllegalArgumentException e) {
      assertThatThrownBy(() -> read(damaged, file.get1()))
          .as(e.getMessage())
          .isInstanceOf(LtxFormatException.class);
    }
    if (byTwin.isPresent()) {
      assertThat(read(damaged, file.get1())).isEqualTo(byTwin.get());
    }
  }

  @Property
  void aSnapshotIsItsDatabase(@ForAll("histories") List<FileSpec> history) {
    DatabaseSpec database = new DatabaseSpec(512);
    for (FileSpec file : history) {
      if (file.header().tracksChecksums() && !file.header().isSnapshot()) {
        assertThat(file.header().preApply()).contains(database.checksum());
      }
      database.apply(file);
      assertThat(database.commit()).isEqualTo(file.header().commit());
      if (file.header().tracksChecksums()) {
        assertThat(file.postApply()).contains(database.checksum());
      }
    }
    FileSpec snapshot = FileSpec.merge(history);
    assertThat(new DatabaseSpec(512).apply(snapshot).image()).isEqualTo(database.image());
    assertThat(FileSpec.decode(snapshot.encode(Layout.V3_BLOCK), Layout.V3_BLOCK))
        .isEqualTo(snapshot);
  }

  @Property
  void applyingTheMergedFileIsApplyingOneByOne(
      @ForAll("historiesAndChains") Tuple.Tuple2<List<FileSpec>, List<FileSpec>> both) {
    List<FileSpec> history = both.get1();
    List<FileSpec> chain = both.get2();
    DatabaseSpec expected = new DatabaseSpec(512);
    history.forEach(expected::apply);
    DatabaseSpec byChain = new DatabaseSpec(512);
    chain.forEach(byChain::apply);
    assertThat(byChain.image()).isEqualTo(expected.image());
    for (int split = 0; split < chain.size(); split++) {
      DatabaseSpec base = new DatabaseSpec(512);
      chain.subList(0, split).forEach(base::apply);
      base.apply(FileSpec.merge(chain.subList(split, chain.size())));
      assertThat(base.image()).isEqualTo(expected.image());
    }
  }

  @Property
  void mergingRefusesWhatDoesNotFollow(@ForAll("histories") List<FileSpec> history) {
    Assume.that(history.size() > 2);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FileSpec.merge(List.of(history.get(0), history.get(2))));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FileSpec.merge(List.of(history.get(1), history.get(0))));
    assertThatIllegalArgumentException().isThrownBy(() -> FileSpec.merge(List.of()));
  }

  @Test
  void thePublishedValuesComeOut() {
    assertThat(SlowCrc64.of("123456789".getBytes(StandardCharsets.US_ASCII)))
        .isEqualTo(0xb909_56c7_75a4_1001L);
    byte[] page = new byte[512];
    Arrays.fill(page, (byte) 0x31);
    assertThat(SlowLz4.block(page)).isEqualTo(HexFormat.of().parseHex("1f310100ffe8503131313131"));
    byte[] frame = SlowLz4.frame(page);
    assertThat(Arrays.copyOfRange(frame, frame.length - 4, frame.length))
        .isEqualTo(HexFormat.of().parseHex("5e2d2198"));
    assertThat(Checksum.of(FileSpec.pageChecksum(1, page))).hasToString("eb1a999231044ddd");
  }

  private static byte[] write(FileSpec file, Layout layout) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    WriteOptions options = WriteOptions.DEFAULT.withLayout(layout);
    try (LtxWriter writer = LtxWriter.create(ByteSink.to(out), file.header(), options)) {
      for (Map.Entry<Long, byte[]> page : file.pages().entrySet()) {
        writer.write(page.getKey(), ByteBuffer.wrap(page.getValue()));
      }
      if (file.postApply().isPresent()) {
        writer.finish(file.postApply().get());
      } else {
        writer.finish();
      }
    }
    return out.toByteArray();
  }

  private static FileSpec read(byte[] file, Layout layout) throws IOException {
    try (LtxReader reader = LtxReader.open(source(file), ReadOptions.DEFAULT.withLayout(layout))) {
      SortedMap<Long, byte[]> pages = new TreeMap<>();
      while (reader.next()) {
        byte[] page = new byte[reader.header().pageSize()];
        reader.page().get(page);
        pages.put(reader.pageNumber(), page);
      }
      return new FileSpec(reader.header(), pages, reader.trailer().postApply());
    }
  }

  private static ByteSource source(byte[] file) {
    return ByteSource.of("file", ByteBuffer.wrap(file));
  }
}

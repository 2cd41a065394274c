package io.github.ltxjava.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxFile;
import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.LtxReader;
import io.github.ltxjava.LtxVerifier;
import io.github.ltxjava.LtxVerifier.Depth;
import io.github.ltxjava.ReadOptions;
import io.github.ltxjava.Verification;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.testkit.FileSpec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A whole file in every layout: reader, stream, verifier, random access and twin agree. */
class FileFuzzTest {

  @FuzzTest
  void file(byte[] data) throws IOException {
    asItIsDetected(data);
    for (Layout layout : Layout.values()) {
      asTold(data, layout);
    }
  }

  private static void asItIsDetected(byte[] data) throws IOException {
    Optional<FileSpec> read = read(data, ReadOptions.DEFAULT);
    Verification full = LtxVerifier.verify(source(data), Depth.FULL);
    Verification structure = LtxVerifier.verify(source(data), Depth.STRUCTURE);
    assertThat(full.isSound()).isEqualTo(read.isPresent());
    assertThat(structure.isSound() || !full.isSound()).isTrue();
    atRandom(data, ReadOptions.DEFAULT, read);
  }

  private static void asTold(byte[] data, Layout layout) throws IOException {
    ReadOptions told = ReadOptions.DEFAULT.withLayout(layout);
    Optional<FileSpec> read = read(data, told);
    assertThat(LtxVerifier.verify(source(data), Depth.FULL, told).isSound())
        .isEqualTo(read.isPresent());
    boolean streamed;
    try (LtxReader reader = LtxReader.open("stream", new ByteArrayInputStream(data), told)) {
      while (reader.next()) {
        assertThat(reader.pageNumber()).isPositive();
      }
      streamed = true;
    } catch (LtxFormatException e) {
      streamed = false;
    }
    assertThat(streamed).isEqualTo(read.isPresent());
    atRandom(data, told, read);
    if (read.isPresent() && layout != Layout.V3_BLOCK && layout != Layout.V3_FRAME) {
      assertThat(FileSpec.decode(data, layout)).isEqualTo(read.get());
    }
  }

  private static Optional<FileSpec> read(byte[] data, ReadOptions options) throws IOException {
    try (LtxReader reader = LtxReader.open(source(data), options)) {
      SortedMap<Long, byte[]> pages = new TreeMap<>();
      while (reader.next()) {
        byte[] page = new byte[reader.header().pageSize()];
        reader.page().get(page);
        pages.put(reader.pageNumber(), page);
      }
      return Optional.of(new FileSpec(reader.header(), pages, reader.trailer().postApply()));
    } catch (LtxFormatException e) {
      assertThat(e.offset()).isBetween(0L, (long) data.length);
      return Optional.empty();
    }
  }

  /** Every page that can be read is the right one if the file is sound. */
  private static void atRandom(byte[] data, ReadOptions options, Optional<FileSpec> sound)
      throws IOException {
    try (LtxFile file = LtxFile.open(source(data), options)) {
      ByteBuffer page = ByteBuffer.allocate(file.header().pageSize());
      for (int i = 0; i < file.index().size(); i++) {
        try {
          assertThat(file.readPage(file.index().pageNumber(i), page.clear())).isTrue();
        } catch (LtxFormatException e) {
          assertThat(sound).isEmpty();
        }
      }
      if (sound.isPresent()) {
        assertThat(file.index().size()).isEqualTo(sound.get().pages().size());
        for (Map.Entry<Long, byte[]> expected : sound.get().pages().entrySet()) {
          assertThat(file.readPage(expected.getKey(), page.clear())).isTrue();
          assertThat(page.array()).isEqualTo(expected.getValue());
        }
      }
    } catch (LtxFormatException e) {
      assertThat(sound.isPresent() && e.reason() != LtxFormatException.Reason.UNSUPPORTED)
          .isFalse();
    }
  }

  private static ByteSource source(byte[] data) {
    return ByteSource.of("input", ByteBuffer.wrap(data));
  }
}

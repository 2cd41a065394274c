package io.github.ltxjava.internal.lz4;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.ltxjava.internal.io.SequentialInput;
import io.github.ltxjava.io.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/** LZ4 blocks and frames: refused, or decompressed in the same way by all who can. */
class Lz4FuzzTest {

  private static final int PAGE = 512;
  private static final LZ4SafeDecompressor LIBRARY = LZ4Factory.nativeInstance().safeDecompressor();

  @FuzzTest
  void lz4(byte[] data) throws IOException {
    block(data);
    frame(data);
  }

  private static void block(byte[] data) {
    byte[] page = new byte[PAGE];
    int given = Lz4.decompress(data, 0, data.length, page, 0, PAGE);
    assertThat(given).isBetween(-1, PAGE);
    byte[] linked = new byte[PAGE];
    int linkedGiven = LinkedBlocks.decompress(data, 0, data.length, linked, 0, 0, PAGE);
    assertThat(linkedGiven).isBetween(-1, PAGE);
    // The library insists on how a compressor has to end a block, linked blocks on the rest.
    int libraryGiven = library(data);
    assertThat(given).isEqualTo(linkedGiven < 0 ? -1 : libraryGiven);
    if (given > 0) {
      assertThat(Arrays.copyOf(linked, given)).isEqualTo(Arrays.copyOf(page, given));
    }
  }

  private static int library(byte[] data) {
    try {
      return LIBRARY.decompress(data, 0, data.length, new byte[PAGE], 0, PAGE);
    } catch (LZ4Exception e) {
      return -1;
    }
  }

  private static void frame(byte[] data) throws IOException {
    byte[] page = new byte[PAGE];
    int measured = -1;
    try {
      SequentialInput in = SequentialInput.of(ByteSource.of("input", ByteBuffer.wrap(data)), 64);
      measured = Lz4Frame.measure(in, 0, Lz4Frame.maxSize(PAGE));
      assertThat(measured).isBetween(-1, data.length);
      Lz4Frame.decode(data, 0, data.length, page, PAGE);
    } catch (MalformedLz4Exception e) {
      assertThat(e.offset()).isBetween(0L, (long) data.length);
      stream(data);
      return;
    }
    assertThat(measured).isEqualTo(data.length);
    assertThat(stream(data)).isEqualTo(page);
  }

  /** Decompresses as version 1 does, and returns at most a page and a byte. */
  private static byte[] stream(byte[] data) throws IOException {
    byte[] content = new byte[PAGE + 1];
    try {
      Lz4FrameInput input =
          Lz4FrameInput.open(SequentialInput.of(ByteSource.of("input", ByteBuffer.wrap(data)), 64));
      return Arrays.copyOf(content, input.read(content, 0, content.length));
    } catch (MalformedLz4Exception e) {
      assertThat(e.offset()).isBetween(0L, (long) data.length);
      return new byte[0];
    }
  }
}

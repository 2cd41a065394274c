package io.github.ltxjava.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.ltxjava.Layout;
import io.github.ltxjava.LtxFile;
import io.github.ltxjava.LtxFormatException;
import io.github.ltxjava.LtxFormatException.Reason;
import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxVerifier.Depth;
import io.github.ltxjava.ReadOptions;
import io.github.ltxjava.Txid;
import io.github.ltxjava.WriteOptions;
import io.github.ltxjava.support.Forge;
import io.github.ltxjava.support.ForkedJvm;
import io.github.ltxjava.support.Ltx;
import io.github.ltxjava.support.Pages;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Extensions of the page codec: off unless asked for, refused unless accepted. */
class PageCodecTest {

  private static SortedMap<Long, byte[]> pages(int pageSize) {
    SortedMap<Long, byte[]> pages = new TreeMap<>();
    for (long number = 1; number <= 6; number++) {
      pages.put(number, Pages.mixed(pageSize, number));
    }
    return pages;
  }

  private static byte[] write(int pageSize, PageCodec codec) throws IOException {
    return Ltx.write(
        LtxHeader.snapshot(pageSize, 6, Txid.of(1)).build(),
        WriteOptions.DEFAULT.withCodec(codec),
        pages(pageSize));
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 4096, 65_536})
  void zstdPagesComeBackWhereTheyAreAccepted(int pageSize) throws IOException {
    for (int level : new int[] {1, 3, 19}) {
      byte[] file = write(pageSize, PageCodec.zstd(level));
      ReadOptions accepting = ReadOptions.DEFAULT.accepting(PageCodec.zstd(3));
      byte[][] expected = pages(pageSize).values().toArray(new byte[0][]);
      assertThat(Ltx.read(file, accepting).values()).containsExactly(expected);
      assertThat(Ltx.readStream(file, accepting).values()).containsExactly(expected);
      assertThat(Ltx.readAtRandom(file, accepting).values()).containsExactly(expected);
      for (Depth depth : Depth.values()) {
        assertThat(Ltx.verify(file, depth, accepting).findings()).isEmpty();
        assertThat(Ltx.verify(file, depth, accepting).detectedLayout()).contains(Layout.V3_BLOCK);
      }
    }
  }

  @Test
  void zstdPagesAreUnsupportedWhereTheyAreNotAccepted() throws IOException {
    byte[] file = write(4096, PageCodec.zstd(3));
    for (LtxFormatException refusal :
        new LtxFormatException[] {
          catchThrowableOfType(LtxFormatException.class, () -> Ltx.read(file)),
          catchThrowableOfType(
              LtxFormatException.class, () -> Ltx.readStream(file, ReadOptions.DEFAULT)),
          catchThrowableOfType(LtxFormatException.class, () -> readFirstPage(file)),
          Ltx.verify(file, Depth.FULL, ReadOptions.DEFAULT).findings().get(0).toException(),
          Ltx.verify(file, Depth.STRUCTURE, ReadOptions.DEFAULT).findings().get(0).toException()
        }) {
      assertThat(refusal.reason()).isEqualTo(Reason.UNSUPPORTED);
      assertThat(refusal.offset()).isEqualTo(104);
      assertThat(refusal).hasMessageContaining("zstd-pages");
    }
  }

  private static boolean readFirstPage(byte[] file) throws IOException {
    try (LtxFile open = LtxFile.open(Ltx.source(file))) {
      return open.readPage(1, ByteBuffer.allocate(4096));
    }
  }

  @Test
  void damagedZstdPagesAreRefusedForTheirCompression() throws IOException {
    ReadOptions accepting = ReadOptions.DEFAULT.accepting(PageCodec.zstd(3));
    byte[] longer = new byte[600];
    PageCodec codec = PageCodec.zstd(3);
    for (byte[] payload :
        new byte[][] {
          {1, 2, 3}, Arrays.copyOf(compressed(codec, longer), 100), compressed(codec, longer)
        }) {
      Forge forge = Forge.delta(Layout.V3_BLOCK, 512, 9, 2, 3);
      forge.frames.get(1).flags = codec.pageFlags();
      forge.frames.get(1).payload = payload;
      LtxFormatException refusal =
          catchThrowableOfType(LtxFormatException.class, () -> Ltx.read(forge.build(), accepting));
      assertThat(refusal.reason()).isEqualTo(Reason.BAD_COMPRESSION);
      assertThat(refusal.offset()).isEqualTo(forge.frameOffset(1) + 10);
    }
  }

  private static byte[] compressed(PageCodec codec, byte[] page) {
    byte[] target = new byte[codec.maxCompressedSize(page.length)];
    return Arrays.copyOf(target, codec.compress(page, page.length, target, 0));
  }

  @Test
  void aZstdLevelOutOfRangeIsMisuse() {
    assertThatIllegalArgumentException().isThrownBy(() -> PageCodec.zstd(1000));
  }

  @Test
  void withoutZstdJniTheExtensionSaysWhatItNeeds() throws Exception {
    ForkedJvm.Result result = new ForkedJvm().without("zstd-jni").run(WithoutZstd.class);
    assertThat(result.output()).contains("zstd-pages").contains("com.github.luben:zstd-jni");
    assertThat(result.output()).contains("IllegalStateException").doesNotContain("reading failed");
    assertThat(result.exitCode()).isZero();
  }

  /** All else works without zstd-jni; asking for the extension gives a clear error. */
  public static final class WithoutZstd {
    public static void main(String[] args) throws IOException {
      byte[] file = write(512, PageCodec.lz4());
      if (Ltx.read(file).size() != 6) {
        System.out.println("reading failed");
      }
      try {
        System.out.println("made " + PageCodec.zstd(3).name());
      } catch (IllegalStateException e) {
        System.out.println(e);
      }
    }
  }

  /** Pages as they are, with flags of the caller's choice. */
  private record Plain(int pageFlags, int produced) implements PageCodec {
    Plain(int pageFlags) {
      this(pageFlags, 0);
    }

    @Override
    public String name() {
      return "plain";
    }

    @Override
    public int maxCompressedSize(int pageSize) {
      return pageSize;
    }

    @Override
    public int compress(byte[] page, int pageSize, byte[] target, int targetOffset) {
      System.arraycopy(page, 0, target, targetOffset, pageSize);
      return produced == 0 ? pageSize : produced;
    }

    @Override
    public int decompress(byte[] source, int sourceOffset, int length, byte[] page, int pageSize) {
      if (length != pageSize) {
        return -1;
      }
      System.arraycopy(source, sourceOffset, page, 0, length);
      return length;
    }
  }

  @Test
  void aCodecOfOnesOwnWorksWhereItIsAccepted() throws IOException {
    PageCodec plain = new Plain(0x7F00);
    byte[] file = write(1024, plain);
    ReadOptions accepting = ReadOptions.DEFAULT.accepting(plain);
    byte[][] expected = pages(1024).values().toArray(new byte[0][]);
    assertThat(Ltx.read(file, accepting).values()).containsExactly(expected);
    assertThat(Ltx.readAtRandom(file, accepting).values()).containsExactly(expected);
    assertThat(Ltx.readStream(file, accepting.withLayout(Layout.V3_BLOCK)).values())
        .containsExactly(expected);
    assertThatThrownBy(() -> Ltx.read(file)).isInstanceOf(LtxFormatException.class);
  }

  @Test
  void aCodecWithoutFlagsOfItsOwnIsMisuse() {
    for (int flags : new int[] {0, -1, 0x10000}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> WriteOptions.DEFAULT.withCodec(new Plain(flags)))
          .withMessageContaining("flags");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> ReadOptions.DEFAULT.accepting(new Plain(flags)))
          .withMessageContaining("flags");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ReadOptions.DEFAULT.accepting(new Plain(1)))
        .withMessageContaining("lz4");
    assertThat(ReadOptions.DEFAULT.accepting(PageCodec.lz4()).codecs()).contains(PageCodec.lz4());
  }

  @Test
  void aCodecThatBreaksItsOwnBoundWritesNoFile() {
    for (int produced : new int[] {-1, 1025}) {
      assertThatThrownBy(() -> write(1024, new Plain(0x7F00, produced)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("plain");
    }
  }
}

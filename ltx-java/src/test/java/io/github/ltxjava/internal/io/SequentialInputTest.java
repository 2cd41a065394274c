package io.github.ltxjava.internal.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.github.ltxjava.Layout;
import io.github.ltxjava.ReadOptions;
import io.github.ltxjava.support.Forge;
import io.github.ltxjava.support.Ltx;
import io.github.ltxjava.support.Pages;
import io.github.ltxjava.support.ProbeSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The window over a source or a stream, however small it is and however few bytes come. */
class SequentialInputTest {

  private static final byte[] BYTES = Pages.random(5000, 1);

  /** Gives at most so many bytes at once, and now and then none although there are more. */
  private static final class Trickle extends InputStream {
    private final InputStream in;
    private final int atOnce;
    private final boolean stutters;
    private boolean silent;

    Trickle(byte[] bytes, int atOnce, boolean stutters) {
      this.in = new ByteArrayInputStream(bytes);
      this.atOnce = atOnce;
      this.stutters = stutters;
    }

    @Override
    public int read() throws IOException {
      return in.read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      silent = stutters && !silent;
      return silent ? 0 : in.read(target, offset, Math.min(length, atOnce));
    }
  }

  @Property
  void anyWalkOverAnySourceSeesTheSameBytes(
      @ForAll @IntRange(min = 1, max = 300) int window,
      @ForAll @IntRange(min = 1, max = 400) int atOnce,
      @ForAll boolean stutters,
      @ForAll long seed)
      throws IOException {
    walk(SequentialInput.of(new ProbeSource(BYTES), window), seed, BYTES.length);
    walk(SequentialInput.of("stream", new Trickle(BYTES, atOnce, stutters), window), seed, -1);
  }

  private static void walk(SequentialInput in, long seed, long size) throws IOException {
    Random random = new Random(seed);
    assertThat(in.size()).isEqualTo(size);
    int position = 0;
    while (position < BYTES.length) {
      assertThat(in.position()).isEqualTo(position);
      int want = random.nextInt(700);
      boolean there = in.require(want);
      assertThat(there).isEqualTo(want <= BYTES.length - position);
      int available = in.available();
      assertThat(available)
          .isBetween(there ? want : BYTES.length - position, BYTES.length - position);
      assertThat(Arrays.copyOfRange(in.array(), in.offset(), in.offset() + available))
          .isEqualTo(Arrays.copyOfRange(BYTES, position, position + available));
      if (random.nextInt(4) == 0) {
        int target = position + random.nextInt(BYTES.length - position + 1);
        assertThat(in.skipTo(target)).isTrue();
        position = target;
      } else {
        int skip = random.nextInt(available + 1);
        in.skip(skip);
        position += skip;
      }
    }
    assertThat(in.require(1)).isFalse();
    assertThat(in.require(0)).isTrue();
    assertThat(in.skipTo(BYTES.length + 1L)).isFalse();
    assertThat(in.position()).isEqualTo(BYTES.length);
  }

  @Test
  void theWindowGrowsWithTheBytesThatAreThereNotWithWhatIsAskedFor() throws IOException {
    SequentialInput source = SequentialInput.of(new ProbeSource(BYTES), 16);
    assertThat(source.require(1 << 30)).isFalse();
    assertThat(source.array().length).isLessThan(2 * BYTES.length + 16);
    SequentialInput stream = SequentialInput.of("stream", new ByteArrayInputStream(BYTES), 16);
    assertThat(stream.require(Integer.MAX_VALUE)).isFalse();
    assertThat(stream.array().length).isLessThan(4 * BYTES.length);
    assertThat(stream.available()).isEqualTo(BYTES.length);
  }

  @Test
  void anEmptySourceHasNothing() throws IOException {
    assertThat(SequentialInput.of(new ProbeSource(new byte[0]), 10).require(1)).isFalse();
    assertThat(SequentialInput.of("stream", InputStream.nullInputStream(), 10).require(1))
        .isFalse();
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void aStreamThatTricklesIsReadLikeAnyOther(Layout layout) throws IOException {
    byte[][] pages = new byte[20][];
    for (int i = 0; i < pages.length; i++) {
      pages[i] = Pages.mixed(4096, i);
    }
    byte[] file = Forge.snapshot(layout, 4096, pages).build();
    ReadOptions told = Ltx.as(layout);
    for (int atOnce : new int[] {1, 7, 1000}) {
      assertTimeoutPreemptively(
          Duration.ofSeconds(30),
          () -> {
            assertThat(Ltx.readStream(new Trickle(file, atOnce, false), told).values())
                .containsExactly(pages);
            assertThat(Ltx.readStream(new Trickle(file, atOnce, true), told).values())
                .containsExactly(pages);
          });
    }
  }

  @Test
  void aStreamThatNeverGivesAByteOrAnEndIsNotReadForever() {
    InputStream silent =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("the medium has nothing to say");
          }

          @Override
          public int read(byte[] target, int offset, int length) {
            return 0;
          }
        };
    assertTimeoutPreemptively(
        Duration.ofSeconds(30),
        () ->
            assertThat(catchThrowable(() -> Ltx.readStream(silent, ReadOptions.DEFAULT)))
                .hasMessage("the medium has nothing to say"));
  }

  @Test
  void closingClosesTheSource() throws IOException {
    ProbeSource source = new ProbeSource(BYTES);
    SequentialInput.of(source, 10).close();
    assertThat(source.closes()).isEqualTo(1);
  }
}

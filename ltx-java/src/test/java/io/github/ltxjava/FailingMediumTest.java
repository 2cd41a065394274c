package io.github.ltxjava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.ltxjava.LtxVerifier.Depth;
import io.github.ltxjava.support.Forge;
import io.github.ltxjava.support.Ltx;
import io.github.ltxjava.support.Pages;
import io.github.ltxjava.support.ProbeSink;
import io.github.ltxjava.support.ProbeSource;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A medium that fails at its n-th call, for all n: its exception comes through, nothing leaks. */
class FailingMediumTest {

  private static final int PAGE = 4096;
  private static final int MAX_CALLS = 2000;

  private interface Use {
    void of(ProbeSource source) throws IOException;
  }

  private static byte[] file(Layout layout) {
    // Larger than two windows of a reader.
    byte[][] pages = new byte[130][];
    for (int i = 0; i < pages.length; i++) {
      pages[i] = Pages.random(PAGE, i);
    }
    return Forge.snapshot(layout, PAGE, pages).build();
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void aFailingSourceComesThroughTheReader(Layout layout) throws IOException {
    everyCallFails(
        file(layout),
        true,
        source -> {
          try (LtxReader reader = LtxReader.open(source)) {
            while (reader.next()) {
              assertThat(reader.page().hasRemaining()).isTrue();
            }
          }
        });
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void aFailingSourceComesThroughTheVerifier(Layout layout) throws IOException {
    byte[] file = file(layout);
    for (Depth depth : Depth.values()) {
      everyCallFails(
          file,
          false,
          source -> assertThat(LtxVerifier.verify(source, depth).findings()).isEmpty());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Layout.class,
      names = {"V1_LZ4"},
      mode = EnumSource.Mode.EXCLUDE)
  void aFailingSourceComesThroughTheFile(Layout layout) throws IOException {
    everyCallFails(
        file(layout),
        true,
        source -> {
          try (LtxFile file = LtxFile.open(source)) {
            ByteBuffer page = ByteBuffer.allocate(PAGE);
            for (long number = 1; number <= 130; number++) {
              assertThat(file.readPage(number, page.clear())).isTrue();
            }
          }
        });
  }

  private static void everyCallFails(byte[] file, boolean closes, Use use) throws IOException {
    for (int call = 0; call < MAX_CALLS; call++) {
      ProbeSource source = new ProbeSource(file).failingAt(call);
      Throwable thrown = catchThrowable(() -> use.of(source));
      assertThat(source.closes()).as("closes when call %d fails", call).isEqualTo(closes ? 1 : 0);
      if (source.failure() == null) {
        assertThat(thrown).isNull();
        assertThat(call).as("calls tried").isGreaterThan(2);
        return;
      }
      assertThat(thrown).as("what comes out when call %d fails", call).isSameAs(source.failure());
    }
    throw new AssertionError("more than " + MAX_CALLS + " calls");
  }

  @Test
  void anEndOfTheMediumIsNotTakenForAnEndOfTheFile() {
    for (Layout layout : Layout.values()) {
      byte[] file = file(layout);
      // The source promised more bytes than it has: a failing medium, not a damaged file.
      ProbeSource source =
          new ProbeSource(Arrays.copyOf(file, file.length / 2)).claiming(file.length);
      assertThatThrownBy(
              () -> {
                try (LtxReader reader = LtxReader.open(source, Ltx.as(layout))) {
                  while (reader.next()) {
                    assertThat(reader.page().hasRemaining()).isTrue();
                  }
                }
              })
          .as(layout.label())
          .isInstanceOf(java.io.EOFException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void aFailingStreamComesThrough(Layout layout) throws IOException {
    byte[] file = file(layout);
    IOException failure = new IOException("the medium fails");
    int[] closes = new int[1];
    InputStream in =
        new FilterInputStream(new ByteArrayInputStream(file)) {
          private int left = file.length - 5;

          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            if (left == 0) {
              throw failure;
            }
            int count = super.read(target, offset, Math.min(length, left));
            left -= count;
            return count;
          }

          @Override
          public void close() {
            closes[0]++;
          }
        };
    assertThat(catchThrowable(() -> Ltx.readStream(in, Ltx.as(layout)))).isSameAs(failure);
    assertThat(closes[0]).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void aFailingSinkComesThroughTheWriter(Layout layout) throws IOException {
    for (int call = 0; call < MAX_CALLS; call++) {
      ProbeSink sink = new ProbeSink().failingAt(call);
      Throwable thrown = catchThrowable(() -> write(sink, layout));
      assertThat(sink.closes()).isEqualTo(1);
      if (sink.failure() == null) {
        assertThat(thrown).isNull();
        assertThat(sink.commits()).isEqualTo(1);
        assertThat(call).isGreaterThan(2);
        assertThat(Ltx.read(sink.bytes())).hasSize(130);
        return;
      }
      assertThat(thrown).isSameAs(sink.failure());
      assertThat(sink.commits()).isZero();
    }
  }

  @Test
  void aWriterWhoseSinkHasFailedTakesNothingMore() throws IOException {
    for (int call = 0; call < 3; call++) {
      ProbeSink sink = new ProbeSink().failingAt(call);
      LtxHeader header = LtxHeader.snapshot(PAGE, 130, Txid.of(1)).build();
      try (LtxWriter writer = LtxWriter.create(sink, header)) {
        Throwable thrown = null;
        long number = 1;
        while (thrown == null && number <= 130) {
          long next = number++;
          thrown =
              catchThrowable(() -> writer.write(next, ByteBuffer.wrap(Pages.random(PAGE, next))));
        }
        if (thrown == null) {
          thrown = catchThrowable(writer::finish);
        }
        assertThat(thrown).isSameAs(sink.failure());
        long next = number;
        assertThatThrownBy(() -> writer.write(next, ByteBuffer.allocate(PAGE)))
            .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(writer::finish).isInstanceOf(IllegalStateException.class);
      }
      assertThat(sink.commits()).isZero();
    }
  }

  @Test
  void aReaderThatHasFailedDoesNotGoOn() throws IOException {
    Forge forge = Forge.delta(Layout.V3_BLOCK, PAGE, 9, 2, 2, 3);
    try (LtxReader reader = LtxReader.open(Ltx.source(forge.build()))) {
      assertThat(reader.next()).isTrue();
      assertThatThrownBy(reader::next).isInstanceOf(LtxFormatException.class);
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(reader::next).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(reader::page).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(reader::trailer).isInstanceOf(IllegalStateException.class);
      }
    }
  }

  @Test
  void aHeaderThatTheLayoutCannotCarryClosesTheSink() {
    ProbeSink sink = new ProbeSink();
    LtxHeader header = LtxHeader.snapshot(PAGE, 1, Txid.of(1)).withoutChecksums().build();
    for (Layout layout : List.of(Layout.V1_RAW, Layout.V1_LZ4)) {
      assertThatThrownBy(
              () -> LtxWriter.create(sink, header, WriteOptions.DEFAULT.withLayout(layout)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("flags");
    }
    assertThat(sink.closes()).isEqualTo(2);
    assertThat(sink.bytes()).isEmpty();
  }

  private static void write(ProbeSink sink, Layout layout) throws IOException {
    LtxHeader header = LtxHeader.snapshot(PAGE, 130, Txid.of(1)).build();
    try (LtxWriter writer =
        LtxWriter.create(sink, header, WriteOptions.DEFAULT.withLayout(layout))) {
      for (long number = 1; number <= 130; number++) {
        writer.write(number, ByteBuffer.wrap(Pages.random(PAGE, number)));
      }
      writer.finish();
    }
  }
}

package io.github.ltxjava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import io.github.ltxjava.LtxVerifier.Depth;
import io.github.ltxjava.support.Forge;
import io.github.ltxjava.support.Ltx;
import io.github.ltxjava.support.Lz4Maker;
import io.github.ltxjava.support.Pages;
import io.github.ltxjava.support.ProbeSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every byte of small files changed, every prefix, every field forged: only {@link
 * LtxFormatException}, the same verdict from everyone, little memory, few reads.
 */
class DamagedFileTest {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Windows, scratch space and tables, whatever the file says. */
  private static final long FIXED_BYTES = 3 << 20;

  private static final int MAX_READS = 200;
  private static final int PAGE = 512;

  record Specimen(String name, Layout layout, byte[] file) {
    List<ByteBuffer> pages() throws IOException {
      return DamagedFileTest.pages(LtxReader.open(Ltx.source(file), Ltx.as(layout)));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Specimen> specimens() {
    List<Specimen> all = new ArrayList<>();
    for (Layout layout : Layout.values()) {
      Forge snapshot =
          Forge.snapshot(
              layout, PAGE, Pages.text(PAGE, 1), Pages.filled(PAGE, 0), Pages.text(PAGE, 2));
      all.add(new Specimen(layout + " snapshot", layout, snapshot.build()));
      all.add(
          new Specimen(layout + " delta", layout, Forge.delta(layout, PAGE, 300, 2, 200).build()));
      all.add(
          new Specimen(layout + " without pages", layout, Forge.delta(layout, PAGE, 3).build()));
    }
    Forge linked = Forge.snapshot(Layout.V3_FRAME, PAGE, Pages.text(PAGE, 1), Pages.text(PAGE, 2));
    linked.frames.get(0).payload =
        Lz4Maker.frame()
            .linked()
            .blockChecksums()
            .contentSize()
            .pieces(150)
            .skippable(1)
            .of(linked.frames.get(0).page);
    all.add(new Specimen("v3-frame, unusual frame", Layout.V3_FRAME, linked.build()));
    Forge compressed =
        Forge.snapshot(Layout.V1_LZ4, PAGE, Pages.text(PAGE, 1), Pages.text(PAGE, 2));
    compressed.pageBlockFrame =
        Lz4Maker.frame().linked().pieces(300).blockSizeCode(7).contentSize();
    all.add(new Specimen("v1-lz4, unusual frame", Layout.V1_LZ4, compressed.build()));
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("specimens")
  void everyFlippedByteIsNoticed(Specimen specimen) throws IOException {
    byte[] file = specimen.file();
    for (int at = 0; at < file.length; at++) {
      for (int flip : new int[] {0x01, 0x80, 0xFF}) {
        byte[] damaged = file.clone();
        damaged[at] ^= (byte) flip;
        assertNoticed(specimen, damaged, "byte " + at + " xor " + flip);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("specimens")
  void everyCutIsNoticed(Specimen specimen) throws IOException {
    byte[] file = specimen.file();
    for (int length = 0; length < file.length; length++) {
      assertNoticed(specimen, Arrays.copyOf(file, length), "cut to " + length);
    }
  }

  @ParameterizedTest
  @MethodSource("specimens")
  void everyForgedNumberIsNoticed(Specimen specimen) throws IOException {
    byte[] file = specimen.file();
    long[] extremes = {0, -1, 0x7FFF_FFFF_7FFF_FFFFL};
    for (int at = 0; at + 8 <= file.length; at += isPageData(file, at) ? 7 : 1) {
      for (long value : extremes) {
        byte[] damaged = file.clone();
        ByteBuffer.wrap(damaged).putLong(at, value);
        if (!Arrays.equals(damaged, file)) {
          assertNoticed(specimen, damaged, "eight bytes at " + at + " are " + value);
        }
      }
      if (at + 4 <= file.length) {
        byte[] damaged = file.clone();
        ByteBuffer.wrap(damaged).putInt(at, 0xFFFF_FFFE);
        assertNoticed(specimen, damaged, "four bytes at " + at + " are 2^32-2");
      }
    }
  }

  /** Between the first frame's header and the index, numbers are seldom. */
  private static boolean isPageData(byte[] file, int at) {
    return at > 120 && at < file.length - 60;
  }

  /**
   * Reader, stream reader and full verification have to agree. A change that they let pass can only
   * be one of the compressed form, which the file checksum does not cover: the pages are the same.
   */
  private static void assertNoticed(Specimen specimen, byte[] damaged, String how)
      throws IOException {
    ReadOptions told = Ltx.as(specimen.layout());
    Outcome outcome = outcome(damaged, how, source -> pages(LtxReader.open(source, told)));
    assertThat(outcome.same(specimen.pages())).as(how).isTrue();
    assertThat(outcome(damaged, how, source -> pages(LtxReader.open(source))).refused())
        .as(how)
        .isEqualTo(outcome.refused());
    Outcome streamed =
        outcome(
            damaged,
            how,
            source -> pages(LtxReader.open("stream", new ByteArrayInputStream(damaged), told)));
    assertThat(streamed.refused()).as(how).isEqualTo(outcome.refused());
    outcome(damaged, how, source -> pagesAtRandom(source, told));
    outcome(damaged, how, source -> pagesAtRandom(source, ReadOptions.DEFAULT));
    assertThat(isSound(damaged, how, Depth.FULL, told)).as(how).isEqualTo(!outcome.refused());
    assertThat(isSound(damaged, how, Depth.FULL, ReadOptions.DEFAULT))
        .as(how)
        .isEqualTo(!outcome.refused());
    isSound(damaged, how, Depth.STRUCTURE, ReadOptions.DEFAULT);
  }

  private static boolean isSound(byte[] file, String how, Depth depth, ReadOptions options)
      throws IOException {
    boolean[] sound = new boolean[1];
    Outcome outcome =
        outcome(
            file,
            how,
            source -> {
              Verification verdict = LtxVerifier.verify(source, depth, options);
              sound[0] = verdict.isSound();
              assertThat(verdict.isSound()).isEqualTo(verdict.findings().isEmpty());
              return List.of();
            });
    assertThat(outcome.refused()).as("a verdict is no exception").isFalse();
    return sound[0];
  }

  /** The pages of an accepted file; null if it was refused. */
  private record Outcome(@Nullable List<ByteBuffer> pages) {
    boolean refused() {
      return pages == null;
    }

    boolean same(List<ByteBuffer> others) {
      return pages == null || pages.equals(others);
    }
  }

  private interface Use {
    List<ByteBuffer> of(ProbeSource source) throws IOException;
  }

  /** Uses a file within bounds of memory and reads. */
  private static Outcome outcome(byte[] file, String how, Use use) {
    Measured measured = measure(file, how, use);
    if (measured.allocated() >= FIXED_BYTES) {
      // The first time, the JVM loads classes and links lambdas on this thread's account.
      measured = measure(file, how, use);
    }
    if (measured.allocated() >= FIXED_BYTES || measured.reads() >= MAX_READS) {
      fail(how + ": " + measured.allocated() + " bytes allocated, " + measured.reads() + " reads");
    }
    return measured.outcome();
  }

  private record Measured(Outcome outcome, long allocated, int reads) {}

  private static Measured measure(byte[] file, String how, Use use) {
    ProbeSource source = new ProbeSource(file);
    List<ByteBuffer> pages = null;
    LtxFormatException refusal = null;
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      pages = use.of(source);
    } catch (LtxFormatException e) {
      refusal = e;
    } catch (Throwable e) {
      fail(how + " ends in another exception", e);
    }
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    if (refusal != null) {
      assertThat(refusal.offset()).as("offset, %s", how).isBetween(0L, (long) file.length);
    }
    return new Measured(new Outcome(pages), allocated, source.reads());
  }

  private static List<ByteBuffer> pages(LtxReader opened) throws IOException {
    List<ByteBuffer> pages = new ArrayList<>();
    try (LtxReader reader = opened) {
      while (reader.next()) {
        ByteBuffer copy = ByteBuffer.allocate(reader.header().pageSize());
        pages.add(copy.put(reader.page()).flip());
      }
      assertThat(reader.trailer()).isNotNull();
    }
    return pages;
  }

  private static List<ByteBuffer> pagesAtRandom(ProbeSource source, ReadOptions options)
      throws IOException {
    try (LtxFile file = LtxFile.open(source, options)) {
      ByteBuffer page = ByteBuffer.allocate(file.header().pageSize());
      for (int i = 0; i < file.index().size(); i++) {
        try {
          file.readPage(file.index().pageNumber(i), page.clear());
        } catch (LtxFormatException e) {
          assertThat(e.offset()).isBetween(0L, source.size());
        }
      }
    }
    return List.of();
  }
}

package io.github.ltxjava;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ltxjava.internal.codec.FileAssembler;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.support.Forge;
import io.github.ltxjava.support.Lz4Maker;
import io.github.ltxjava.support.Pages;
import io.github.ltxjava.support.ProbeSink;
import io.github.ltxjava.support.SlowCrc;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Offsets beyond 2^32, page numbers beyond 2^31, the lock page of every page size. */
class HugeFilesTest {

  private static final int PAGE = 65_536;

  /** A file of which only the ends exist; the frames between are all the same bytes. */
  private record Sparse(byte[] head, byte[] frame, long frames, byte[] tail) implements ByteSource {
    @Override
    public long size() {
      return head.length + frames * frame.length + tail.length;
    }

    @Override
    public void readFully(long position, ByteBuffer target) throws IOException {
      if (position + target.remaining() > size()) {
        throw new EOFException();
      }
      long at = position;
      while (target.hasRemaining()) {
        long inFrames = at - head.length;
        byte[] from = frame;
        long offset;
        if (inFrames < 0) {
          from = head;
          offset = at;
        } else if (inFrames < frames * frame.length) {
          offset = inFrames % frame.length;
        } else {
          from = tail;
          offset = inFrames - frames * frame.length;
        }
        int count = (int) Math.min(target.remaining(), from.length - offset);
        target.put(from, (int) offset, count);
        at += count;
      }
    }

    @Override
    public String name() {
      return "sparse";
    }

    @Override
    public void close() {
      // There is nothing to release.
    }
  }

  @Test
  void aFileBeyondEightGibibytesIsReadAtRandom() throws IOException {
    int pages = 140_000;
    byte[] page = Pages.random(PAGE, 1);
    long lockPage = LtxHeader.lockPageNumber(PAGE);
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    // Every frame says the same page number: the last one's, so that one is right.
    frame.writeBytes(ByteBuffer.allocate(10).putInt(pages).putShort((short) 1).array());
    byte[] payload = Lz4Maker.literals(page);
    frame.writeBytes(payload);
    byte[] frameBytes = frame.toByteArray();
    ByteBuffer.wrap(frameBytes).putInt(6, payload.length);
    Forge forge = Forge.delta(Layout.V3_BLOCK, PAGE, pages);
    byte[] header = Arrays.copyOf(forge.build(), 100);
    ByteArrayOutputStream index = new ByteArrayOutputStream();
    long offset = 100;
    for (long number = 1; number <= pages; number++) {
      if (number != lockPage) {
        Forge.varint(index, number);
        Forge.varint(index, offset);
        Forge.varint(index, frameBytes.length);
        offset += frameBytes.length;
      }
    }
    index.write(0);
    ByteArrayOutputStream tail = new ByteArrayOutputStream();
    tail.writeBytes(new byte[6]);
    tail.writeBytes(index.toByteArray());
    tail.writeBytes(
        ByteBuffer.allocate(24)
            .putLong(index.size())
            .putLong(0x8000_0000_0000_0002L)
            .putLong(0x8000_0000_0000_0003L)
            .array());
    Sparse source = new Sparse(header, frameBytes, pages - 1, tail.toByteArray());
    assertThat(source.size()).isGreaterThan(1L << 33);
    try (LtxFile file = LtxFile.open(source)) {
      assertThat(file.layout()).isEqualTo(Layout.V3_BLOCK);
      ByteBuffer target = ByteBuffer.allocate(PAGE);
      assertThat(file.readPage(pages, target)).isTrue();
      assertThat(target.array()).isEqualTo(page);
      assertThat(file.index().frameOffset(pages - 2)).isGreaterThan(1L << 33);
      assertThat(file.readPage(lockPage, target.clear())).isFalse();
    }
  }

  /** Keeps the last bytes written and forgets the rest. */
  private static final class Forgetful implements ByteSink {
    private static final int KEPT = 1 << 22;
    private final byte[] ring = new byte[KEPT];
    private long written;

    @Override
    public void write(ByteBuffer bytes) {
      while (bytes.hasRemaining()) {
        int at = (int) (written % KEPT);
        int count = Math.min(bytes.remaining(), KEPT - at);
        bytes.get(ring, at, count);
        written += count;
      }
    }

    byte[] last(int count) {
      byte[] result = new byte[count];
      for (int i = 0; i < count; i++) {
        result[i] = ring[(int) ((written - count + i) % KEPT)];
      }
      return result;
    }

    @Override
    public void commit() {
      // Nobody will read it.
    }

    @Override
    public void close() {
      // There is nothing to release.
    }

    @Override
    public String name() {
      return "forgetful";
    }
  }

  @Test
  void offsetsBeyondFourGibibytesStandInTheIndex() throws IOException {
    Forgetful sink = new Forgetful();
    int pages = 70_000;
    LtxHeader header =
        LtxHeader.delta(PAGE, LtxHeader.MAX_PAGE_NUMBER, TxidRange.of(Txid.of(2))).build();
    byte[] page = Pages.random(PAGE, 1);
    byte[] frame = new byte[PAGE + 300];
    long first = LtxHeader.MAX_PAGE_NUMBER - pages + 1;
    try (FileAssembler assembler = FileAssembler.create(sink, header, WriteOptions.DEFAULT)) {
      // Frames that are ready, so that the test hashes and compresses nothing.
      long remainder = assembler.hash().remainder(page, 0);
      for (long i = 0; i < pages; i++) {
        ByteBuffer.wrap(frame).putInt((int) (first + i)).putShort((short) 1).putInt(PAGE + 290);
        assembler.addFrame(first + i, frame, 0, frame.length, remainder);
      }
      assembler.finish(Optional.empty());
    }
    long lastOffset = 100 + (pages - 1L) * frame.length;
    assertThat(lastOffset).isGreaterThan(1L << 32);
    ByteArrayOutputStream end = new ByteArrayOutputStream();
    Forge.varint(end, LtxHeader.MAX_PAGE_NUMBER);
    Forge.varint(end, lastOffset);
    Forge.varint(end, frame.length);
    end.write(0);
    byte[] tail = sink.last(end.size() + 24);
    assertThat(Arrays.copyOf(tail, end.size())).isEqualTo(end.toByteArray());
  }

  @ParameterizedTest
  @ValueSource(ints = {16_384, 32_768, 65_536})
  void aSnapshotLeavesOutTheLockPage(int pageSize) throws IOException {
    long lockPage = LtxHeader.lockPageNumber(pageSize);
    long commit = lockPage + 3;
    ByteBuffer zeros = ByteBuffer.allocate(pageSize);
    ProbeSink sink = new ProbeSink();
    LtxHeader header = LtxHeader.snapshot(pageSize, commit, Txid.of(1)).build();
    LtxTrailer trailer;
    DatabaseChecksum sum = DatabaseChecksum.ofEmpty(pageSize);
    try (LtxWriter writer = LtxWriter.create(sink, header)) {
      for (long number = 1; number <= commit; number++) {
        if (number != lockPage) {
          writer.write(number, zeros.clear());
          sum.toggle(number, zeros.clear());
        }
      }
      trailer = writer.finish();
    }
    assertThat(trailer.postApply()).contains(sum.value());
    try (LtxReader reader = LtxReader.open(ByteSource.of("b", ByteBuffer.wrap(sink.bytes())))) {
      long count = 0;
      while (reader.next()) {
        count++;
        assertThat(reader.pageNumber()).isEqualTo(count < lockPage ? count : count + 1);
      }
      assertThat(count).isEqualTo(commit - 1);
    }
    assertThat(
            LtxVerifier.verify(
                    ByteSource.of("b", ByteBuffer.wrap(sink.bytes())), LtxVerifier.Depth.STRUCTURE)
                .findings())
        .isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void theLargestPageNumberCounts(Layout layout) throws IOException {
    long last = LtxHeader.MAX_PAGE_NUMBER;
    byte[] file = Forge.delta(layout, 512, last, 1, 0x7FFF_FFFF, 0x8000_0000L, last).build();
    try (LtxReader reader = LtxReader.open(ByteSource.of("b", ByteBuffer.wrap(file)))) {
      for (long number : new long[] {1, 0x7FFF_FFFF, 0x8000_0000L, last}) {
        assertThat(reader.next()).isTrue();
        assertThat(reader.pageNumber()).isEqualTo(number);
        assertThat(reader.pageChecksum().bits())
            .isEqualTo(SlowCrc.ofPage(number, Pages.text(512, number)));
      }
      assertThat(reader.next()).isFalse();
    }
  }
}

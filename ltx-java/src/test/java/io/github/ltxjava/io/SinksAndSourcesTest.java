package io.github.ltxjava.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ltxjava.LtxHeader;
import io.github.ltxjava.LtxReader;
import io.github.ltxjava.LtxWriter;
import io.github.ltxjava.Txid;
import io.github.ltxjava.support.ForkedJvm;
import io.github.ltxjava.support.Pages;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files appear complete or not at all; sources give what is there. */
class SinksAndSourcesTest {

  @TempDir Path folder;

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aFileAppearsWhenItIsCommitted() throws IOException {
    Path file = folder.resolve("a.ltx");
    try (ByteSink sink = ByteSink.atomic(file)) {
      assertThat(sink.name()).isEqualTo(file.toString());
      ByteBuffer some = bytes("some ");
      sink.write(some);
      assertThat(some.hasRemaining()).isFalse();
      sink.write(bytes("bytes"));
      assertThat(file).doesNotExist();
      sink.commit();
      assertThat(file).hasContent("some bytes");
    }
    assertThat(names()).containsExactly("a.ltx");
    assertThat(file).hasContent("some bytes");
  }

  @Test
  void whatIsNotCommittedLeavesNothing() throws IOException {
    Path file = Files.writeString(folder.resolve("a.ltx"), "before");
    ByteSink sink = ByteSink.atomic(file);
    sink.write(bytes("after"));
    sink.close();
    sink.close();
    assertThat(names()).containsExactly("a.ltx");
    assertThat(file).hasContent("before");
  }

  @Test
  void anAtomicFileReplacesWhatIsThere() throws IOException {
    Path file = Files.writeString(folder.resolve("a.ltx"), "before");
    try (ByteSink sink = ByteSink.atomic(file)) {
      sink.write(bytes("after"));
      sink.commit();
    }
    assertThat(file).hasContent("after");
  }

  @Test
  void aNewFileIsRefusedWhereOneIs() throws IOException {
    Path file = Files.writeString(folder.resolve("a.ltx"), "before");
    assertThatThrownBy(() -> ByteSink.atomicNew(file))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(names()).containsExactly("a.ltx");
  }

  @Test
  void aNewFileIsRefusedWhereOneAppearsInTheMeantime() throws IOException {
    Path file = folder.resolve("a.ltx");
    try (ByteSink first = ByteSink.atomicNew(file);
        ByteSink second = ByteSink.atomicNew(file)) {
      first.write(bytes("first"));
      second.write(bytes("second"));
      first.commit();
      assertThatThrownBy(second::commit).isInstanceOf(FileAlreadyExistsException.class);
    }
    assertThat(file).hasContent("first");
    assertThat(names()).containsExactly("a.ltx");
  }

  @Test
  void committingTwiceIsMisuse() throws IOException {
    try (ByteSink sink = ByteSink.atomic(folder.resolve("a.ltx"))) {
      sink.commit();
      assertThatThrownBy(sink::commit).isInstanceOf(IllegalStateException.class);
    }
    assertThat(folder.resolve("a.ltx")).exists();
  }

  @Test
  void aFolderThatIsNotThereIsAnIoException() {
    assertThatThrownBy(() -> ByteSink.atomic(folder.resolve("no/a.ltx")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void theFileOfAWriterThatWasLeftEarlyIsNotThere() throws IOException {
    Path file = folder.resolve("a.ltx");
    LtxHeader header = LtxHeader.snapshot(512, 2, Txid.of(1)).build();
    try (LtxWriter writer = LtxWriter.create(ByteSink.atomic(file), header)) {
      writer.write(1, ByteBuffer.wrap(Pages.text(512, 1)));
      assertThatThrownBy(writer::finish).isInstanceOf(IllegalStateException.class);
    }
    assertThat(names()).isEmpty();
  }

  @Test
  void aCrashLeavesNoFileUnderTheFinalName() throws Exception {
    ForkedJvm.Result result = new ForkedJvm().run(Crash.class, folder.toString());
    assertThat(result.exitCode()).as(result.output()).isEqualTo(Crash.EXIT_CODE);
    assertThat(names()).noneMatch(name -> name.endsWith(".ltx"));
    // What the crash left behind is in nobody's way.
    LtxHeader header = LtxHeader.snapshot(512, 1, Txid.of(1)).build();
    Path file = folder.resolve("a.ltx");
    try (LtxWriter writer = LtxWriter.create(ByteSink.atomicNew(file), header)) {
      writer.write(1, ByteBuffer.allocate(512)).finish();
    }
    try (LtxReader reader = LtxReader.open(ByteSource.open(file))) {
      assertThat(reader.next()).isTrue();
      assertThat(reader.next()).isFalse();
    }
  }

  /** Dies in the middle of writing. */
  public static final class Crash {
    static final int EXIT_CODE = 42;

    public static void main(String[] args) throws IOException {
      LtxHeader header = LtxHeader.snapshot(65_536, 40, Txid.of(1)).build();
      LtxWriter writer = LtxWriter.create(ByteSink.atomic(Path.of(args[0], "a.ltx")), header);
      for (long number = 1; number <= 20; number++) {
        writer.write(number, ByteBuffer.wrap(Pages.random(65_536, number)));
      }
      Runtime.getRuntime().halt(EXIT_CODE);
    }
  }

  @Test
  void aStreamSinkPassesBytesOnAndLeavesTheStreamOpen() throws IOException {
    boolean[] closed = new boolean[1];
    int[] flushes = new int[1];
    ByteArrayOutputStream out =
        new ByteArrayOutputStream() {
          @Override
          public void flush() {
            flushes[0]++;
          }

          @Override
          public void close() {
            closed[0] = true;
          }
        };
    try (ByteSink sink = ByteSink.to(out)) {
      ByteBuffer heap = ByteBuffer.wrap(new byte[] {0, 1, 2, 3, 4}).position(1).slice().limit(3);
      sink.write(heap);
      assertThat(heap.hasRemaining()).isFalse();
      ByteBuffer direct = ByteBuffer.allocateDirect(2).put(new byte[] {8, 9}).flip();
      sink.write(direct);
      assertThat(direct.hasRemaining()).isFalse();
      sink.write(ByteBuffer.wrap(new byte[] {7}).asReadOnlyBuffer());
      sink.commit();
      assertThat(flushes[0]).isEqualTo(1);
      assertThat(sink.name()).isNotEmpty();
    }
    assertThat(out.toByteArray()).containsExactly(1, 2, 3, 8, 9, 7);
    assertThat(closed[0]).isFalse();
  }

  @Test
  void sourcesGiveTheBytesAtAPositionOrSayThatTheyEnd() throws IOException {
    Path file = Files.write(folder.resolve("bytes"), new byte[] {0, 1, 2, 3, 4, 5, 6, 7});
    ByteBuffer buffer = ByteBuffer.wrap(new byte[] {9, 0, 1, 2, 3, 4, 5, 6, 7}).position(1);
    for (ByteSource opened : List.of(ByteSource.open(file), ByteSource.of("buffer", buffer))) {
      try (ByteSource source = opened) {
        assertThat(source.size()).isEqualTo(8);
        ByteBuffer target = ByteBuffer.allocate(10).position(2).limit(5);
        source.readFully(4, target);
        assertThat(target.position()).isEqualTo(5);
        assertThat(target.array()).containsExactly(0, 0, 4, 5, 6, 0, 0, 0, 0, 0);
        source.readFully(8, ByteBuffer.allocate(0));
        for (long position : new long[] {6, 8, 100, 1L << 40}) {
          assertThatThrownBy(() -> source.readFully(position, ByteBuffer.allocate(3)))
              .isInstanceOf(EOFException.class)
              .hasMessageContaining(source.name());
        }
      }
    }
    assertThat(buffer.position()).isEqualTo(1);
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> ByteSource.open(folder.resolve("none")))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("none");
  }
}

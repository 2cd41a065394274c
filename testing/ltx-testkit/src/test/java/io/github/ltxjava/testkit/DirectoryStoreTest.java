package io.github.ltxjava.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.store.DirectoryStore;
import io.github.ltxjava.store.LtxFileInfo;
import io.github.ltxjava.store.LtxStore;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryStoreTest extends LtxStoreContract {

  private static final TxidRange FIRST = TxidRange.of(Txid.FIRST);
  private static final String TEMPORARY =
      ".0000000000000001-0000000000000001.ltx.00112233445566ff.tmp";

  @TempDir Path folder;

  @Override
  protected LtxStore openEmptyStore() throws IOException {
    return DirectoryStore.open(folder.resolve("replica"));
  }

  @Override
  protected Optional<LtxStore> openAgain() throws IOException {
    return Optional.of(DirectoryStore.open(folder.resolve("replica")));
  }

  @Test
  void filesLieWhereLitestreamPutsThem() throws IOException {
    try (LtxStore store = openEmptyStore();
        ByteSink sink =
            store.create(1, range(2, 0x2a), Instant.parse("2026-01-02T03:04:05.678Z"))) {
      sink.write(ByteBuffer.wrap(new byte[7]));
      sink.commit();
    }
    Path file = folder.resolve("replica/ltx/1/0000000000000002-000000000000002a.ltx");
    assertThat(file).hasSize(7);
    assertThat(Files.getLastModifiedTime(file))
        .isEqualTo(FileTime.from(Instant.parse("2026-01-02T03:04:05.678Z")));
    assertThat(everythingBelow(folder.resolve("replica/ltx/1"))).hasSize(1);
  }

  @Test
  void namesThatAreNotOfLtxFilesAreSkipped() throws IOException {
    Path level = Files.createDirectories(folder.resolve("replica/ltx/0"));
    Files.createFile(level.resolve("0000000000000001-0000000000000001.ltx"));
    Files.createFile(level.resolve("0000000000000001-0000000000000001.ltx.tmp"));
    Files.createFile(level.resolve("0000000000000003-0000000000000002.ltx"));
    Files.createFile(level.resolve("0000000000000000-0000000000000002.ltx"));
    Files.createFile(level.resolve("000000000000000A-000000000000000B.ltx"));
    Files.createFile(level.resolve("README"));
    Files.createDirectory(level.resolve("0000000000000005-0000000000000005.ltx"));
    Files.createDirectory(folder.resolve("replica/ltx/generations"));
    try (LtxStore store = openEmptyStore()) {
      assertThat(store.listAll()).extracting(LtxFileInfo::txids).containsExactly(FIRST);
    }
  }

  @Test
  void temporaryFilesOfADeadWriterAreRemoved() throws IOException {
    Path level = Files.createDirectories(folder.resolve("replica/ltx/0"));
    Path abandoned = Files.createFile(level.resolve(TEMPORARY));
    Path notOurs = Files.createFile(level.resolve("0000000000000001-0000000000000001.ltx.tmp"));
    try (LtxStore store = openEmptyStore()) {
      assertThat(store.listAll()).isEmpty();
    }
    assertThat(abandoned).doesNotExist();
    assertThat(notOurs).exists();
  }

  @Test
  void temporaryFilesOfAWriterInThisProcessAreKept() throws IOException {
    try (LtxStore store = openEmptyStore();
        ByteSink sink = store.create(0, FIRST, Instant.EPOCH)) {
      openAgain();
      assertThat(everythingBelow(folder.resolve("replica/ltx/0"))).hasSize(1);
      sink.commit();
    }
    assertThat(everythingBelow(folder.resolve("replica/ltx/0")))
        .extracting(Path::getFileName)
        .containsExactly(Path.of(FIRST.fileName()));
  }

  @Test
  void temporaryFilesOfAWriterInAnotherProcessAreKeptUntilItDies() throws Exception {
    Path replica = folder.resolve("replica");
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                SlowWriter.class.getName(),
                replica.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertThat(writer.inputReader().readLine()).isEqualTo("writing");
      DirectoryStore.open(replica);
      assertThat(everythingBelow(replica.resolve("ltx/0"))).hasSize(1);
      writer.destroyForcibly().waitFor();
      try (LtxStore store = DirectoryStore.open(replica)) {
        assertThat(store.listAll()).isEmpty();
      }
      assertThat(everythingBelow(replica.resolve("ltx/0"))).isEmpty();
    } finally {
      writer.destroyForcibly();
    }
  }

  /** Starts a file and waits to be killed. */
  static final class SlowWriter {
    public static void main(String[] args) throws IOException {
      try (LtxStore store = DirectoryStore.open(Path.of(args[0]));
          ByteSink sink = store.create(0, FIRST, Instant.EPOCH)) {
        sink.write(ByteBuffer.wrap(new byte[100]));
        System.out.println("writing");
        System.out.flush();
        if (System.in.read() >= 0) {
          sink.commit();
        }
      }
    }
  }

  @Test
  void somethingThatIsNotADirectoryIsRefused() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> DirectoryStore.open(file))
        .isInstanceOf(NotDirectoryException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void aStoreThatHasToExistIsNotMade() throws IOException {
    Path missing = folder.resolve("missing");
    assertThatThrownBy(() -> DirectoryStore.openExisting(missing))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("missing");
    assertThatThrownBy(() -> DirectoryStore.openExisting(folder))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("ltx");
    assertThat(missing).doesNotExist();
    Files.createDirectories(missing.resolve("ltx"));
    try (LtxStore store = DirectoryStore.openExisting(missing)) {
      assertThat(store.listAll()).isEmpty();
    }
  }

  @Test
  void aReadOnlyDirectoryWithATemporaryFileCanBeRead() throws IOException {
    Path level = Files.createDirectories(folder.resolve("replica/ltx/0"));
    Path abandoned = Files.createFile(level.resolve(TEMPORARY));
    File readOnly = level.toFile();
    assumeTrue(abandoned.toFile().setWritable(false) && readOnly.setWritable(false));
    try (LtxStore store = openEmptyStore()) {
      assertThat(store.listAll()).isEmpty();
    } finally {
      assumeTrue(readOnly.setWritable(true));
    }
  }

  private static TxidRange range(long min, long max) {
    return TxidRange.of(Txid.of(min), Txid.of(max));
  }

  private static List<Path> everythingBelow(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.toList();
    }
  }
}

package io.github.ltxjava.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ltxjava.Txid;
import io.github.ltxjava.TxidRange;
import io.github.ltxjava.io.ByteSink;
import io.github.ltxjava.store.DirectoryStore;
import io.github.ltxjava.store.Lease;
import io.github.ltxjava.store.LtxFileInfo;
import io.github.ltxjava.store.LtxStore;
import io.github.ltxjava.testkit.FaultyFileSystem.Mode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever call fails, a file is complete or not to be seen. */
class DirectoryStoreFaultTest {

  private static final TxidRange TXIDS = TxidRange.of(Txid.FIRST, Txid.of(9));
  private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678Z");
  private static final byte[] CONTENT = new byte[300_000];

  static {
    new Random(1).nextBytes(CONTENT);
  }

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Mode.class)
  void aFileIsCompleteOrNotVisibleWhicheverCallFails(Mode mode) throws IOException {
    FaultyFileSystem files = new FaultyFileSystem(folder.getFileSystem());
    int faults = 0;
    for (int n = 1; ; n++) {
      Path root = folder.resolve(mode + "-" + n);
      files.failAt(n, mode);
      boolean committed = create(files.wrap(root));
      boolean failed = files.hasFailed();
      files.heal();
      check(root, committed);
      if (!failed) {
        assertThat(committed).isTrue();
        break;
      }
      faults++;
    }
    assertThat(faults).isGreaterThan(20);
  }

  private static boolean create(Path root) {
    try (LtxStore store = DirectoryStore.open(root);
        ByteSink sink = store.create(3, TXIDS, TIME)) {
      sink.write(ByteBuffer.wrap(CONTENT));
      sink.commit();
      return true;
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("injected");
      return false;
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void aLeaseIsTheOldOrTheNewOneWhicheverCallFails(Mode mode) throws IOException {
    FaultyFileSystem files = new FaultyFileSystem(folder.getFileSystem());
    int faults = 0;
    for (int n = 1; ; n++) {
      Path root = folder.resolve("lease-" + mode + "-" + n);
      boolean taken = false;
      try (LtxStore store = DirectoryStore.open(files.wrap(root))) {
        assertThat(takeAndRelease(store)).isEqualTo(1);
        files.failAt(n, mode);
        taken = takeAndRelease(store) == 2;
      } catch (IOException e) {
        assertThat(files.hasFailed()).as("why %s", e).isTrue();
      }
      boolean failed = files.hasFailed();
      files.heal();
      try (LtxStore store = DirectoryStore.open(root)) {
        long generation = Lease.read(store).orElseThrow().generation();
        assertThat(generation).isBetween(taken ? 2L : 1L, 2L);
        Clock later = Clock.offset(Clock.systemUTC(), Duration.ofHours(1));
        Lease next = Lease.acquire(store, "third", Duration.ofSeconds(30), later);
        assertThat(next.info().generation()).isEqualTo(generation + 1);
      }
      if (!failed) {
        assertThat(taken).isTrue();
        break;
      }
      faults++;
    }
    assertThat(faults).isGreaterThan(10);
  }

  private static long takeAndRelease(LtxStore store) throws IOException {
    try (Lease lease = Lease.acquire(store, "a:1", Duration.ofSeconds(30), Clock.systemUTC())) {
      return lease.info().generation();
    }
  }

  private static void check(Path root, boolean committed) throws IOException {
    try (LtxStore store = DirectoryStore.open(root)) {
      List<LtxFileInfo> listed = store.listAll();
      if (committed) {
        assertThat(listed).hasSize(1);
      }
      for (LtxFileInfo file : listed) {
        assertThat(file).isEqualTo(new LtxFileInfo(3, TXIDS, CONTENT.length, TIME));
        Path path = root.resolve("ltx/3").resolve(TXIDS.fileName());
        assertThat(Files.readAllBytes(path)).isEqualTo(CONTENT);
      }
      assertThat(temporaryFiles(root)).as("after opening the store again").isEmpty();
      if (listed.isEmpty()) {
        assertThat(create(root)).as("the store can be used again").isTrue();
      }
    }
  }

  private static List<Path> temporaryFiles(Path root) throws IOException {
    if (Files.notExists(root)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(path -> path.toString().endsWith(".tmp")).toList();
    }
  }
}

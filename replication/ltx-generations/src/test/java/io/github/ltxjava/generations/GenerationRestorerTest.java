package io.github.ltxjava.generations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ltxjava.compaction.restore.RestoreException;
import io.github.ltxjava.compaction.restore.RestoreTarget;
import io.github.ltxjava.io.ByteSource;
import io.github.ltxjava.store.generations.DirectoryGenerations;
import io.github.ltxjava.store.generations.GenerationFile;
import io.github.ltxjava.store.generations.GenerationStore;
import io.github.ltxjava.testkit.FaultInjectingSource;
import io.github.ltxjava.testkit.FaultPlan;
import io.github.ltxjava.testkit.FaultyFileSystem;
import io.github.ltxjava.testkit.FaultyFileSystem.Mode;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GenerationRestorerTest {

  @TempDir Path folder;

  private Path restored() throws IOException {
    return Files.createDirectories(folder.resolve("restored")).resolve("db");
  }

  private GenerationResult restore(WrittenGeneration generation, RestoreTarget target)
      throws IOException {
    return GenerationRestorer.from(DirectoryGenerations.open(generation.root))
        .target(target)
        .overwrite()
        .restoreTo(restored());
  }

  private void assertNothingIsLeft() throws IOException {
    assertThat(restored().getParent()).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 4096, 65536})
  void everyStateIsTheOneThatSqliteCheckpoints(int pageSize) throws IOException, SQLException {
    try (WrittenGeneration generation = WrittenGeneration.of(folder, pageSize)) {
      GenerationResult latest = restore(generation, RestoreTarget.latest());
      assertThat(restored()).hasBinaryContent(generation.latest());
      assertThat(latest.pageSize()).isEqualTo(pageSize);
      assertThat(latest.pageCount() * pageSize).isEqualTo(generation.latest().length);
      assertThat(latest.plan().files()).hasSize(6);
      for (int i = 0; i < generation.states.size(); i++) {
        if (generation.states.get(i).length > 0) {
          Instant time = WrittenGeneration.START.plusSeconds(i);
          restore(generation, RestoreTarget.at(time));
          assertThat(restored()).as("state %d", i).hasBinaryContent(generation.states.get(i));
          restore(generation, RestoreTarget.before(time.plusMillis(999)));
          assertThat(restored()).as("state %d", i).hasBinaryContent(generation.states.get(i));
        }
      }
    }
  }

  @Test
  void whatFollowsTheLastCommitDoesNotCount() throws IOException, SQLException {
    try (WrittenGeneration generation = new WrittenGeneration(folder, 512)) {
      generation.wal(1, WrittenGeneration.insert(1));
      byte[] before = generation.latest();
      generation.wal(1, WrittenGeneration.insert(100));
      Path last = generation.files.get(2);
      byte[] start = Arrays.copyOf(decompressed(last), 32 + 5 * (24 + 512));
      Files.write(last, WrittenGeneration.compress(start));
      restore(generation, RestoreTarget.latest());
      assertThat(restored()).hasBinaryContent(before);
    }
  }

  @Test
  void aWalOfWhichAnyFrameIsNotSoundIsRefused() throws IOException, SQLException {
    try (WrittenGeneration generation = WrittenGeneration.of(folder, 512)) {
      Path last = generation.files.get(generation.files.size() - 1);
      byte[] content = decompressed(last);
      Random random = new Random(3);
      for (int i = 0; i < 100; i++) {
        byte[] damaged = content.clone();
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
        Files.write(last, WrittenGeneration.compress(damaged));
        assertThatThrownBy(() -> restore(generation, RestoreTarget.latest()))
            .isInstanceOf(GenerationFormatException.class)
            .hasMessageContaining("wal/00000003_");
        assertNothingIsLeft();
      }
      for (int cut : new int[] {1, 300, 535, 536 + 1}) {
        byte[] damaged = Arrays.copyOf(content, content.length - cut);
        Files.write(last, WrittenGeneration.compress(damaged));
        assertThatThrownBy(() -> restore(generation, RestoreTarget.latest()))
            .isInstanceOf(GenerationFormatException.class)
            .hasMessageContaining("into a frame");
      }
    }
  }

  @Test
  void aDamagedOrCutFileIsNamedOrReplacedAndNeverGivesAnotherDatabase()
      throws IOException, SQLException {
    try (WrittenGeneration generation = WrittenGeneration.of(folder, 512)) {
      Random random = new Random(9);
      int replaced = 0;
      for (Path file : generation.files) {
        byte[] sound = Files.readAllBytes(file);
        FileTime time = Files.getLastModifiedTime(file);
        for (int i = 0; i < 30; i++) {
          byte[] damaged =
              i % 3 == 0 ? Arrays.copyOf(sound, random.nextInt(sound.length)) : sound.clone();
          if (i % 3 != 0) {
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
          }
          Files.write(file, damaged);
          Files.setLastModifiedTime(file, time);
          try {
            replaced += restore(generation, RestoreTarget.latest()).skipped().size();
            assertThat(restored()).hasBinaryContent(generation.latest());
            Files.delete(restored());
          } catch (GenerationFormatException e) {
            assertThat(e).hasMessageContaining(file.getFileName().toString());
          }
          assertNothingIsLeft();
        }
        Files.write(file, sound);
        Files.setLastModifiedTime(file, time);
      }
      assertThat(replaced).as("the newer snapshot has a substitute").isEqualTo(30);
    }
  }

  @Test
  void aMissingPieceIsMissed() throws IOException, SQLException {
    try (WrittenGeneration generation = WrittenGeneration.of(folder, 512)) {
      for (int i = 5; i < generation.files.size(); i++) {
        Path file = generation.files.get(i);
        if (i == 5 || i == generation.files.size() - 1) {
          continue; // the older snapshot's WALs would do; without the last piece it is an older
          // state
        }
        byte[] sound = Files.readAllBytes(file);
        FileTime time = Files.getLastModifiedTime(file);
        Files.delete(file);
        assertThatThrownBy(() -> restore(generation, RestoreTarget.latest()))
            .isInstanceOfAny(RestoreException.class, GenerationFormatException.class)
            .hasMessageContaining("missing");
        assertNothingIsLeft();
        Files.write(file, sound);
        Files.setLastModifiedTime(file, time);
      }
    }
  }

  @Test
  void aSnapshotThatVanishesIsReplacedByAnOlderOne() throws IOException, SQLException {
    try (WrittenGeneration generation = WrittenGeneration.of(folder, 512)) {
      Path newest = generation.files.get(5);
      assertThat(newest).hasFileName("00000002.snapshot.lz4");
      GenerationStore store =
          new WrappedStore(generation) {
            @Override
            public ByteSource open(GenerationFile file) throws IOException {
              if (newest.endsWith(file.key())) {
                Files.deleteIfExists(newest);
              }
              return super.open(file);
            }
          };
      GenerationResult result = GenerationRestorer.from(store).restoreTo(restored());
      assertThat(restored()).hasBinaryContent(generation.latest());
      assertThat(result.plan().snapshot().index()).isZero();
      assertThat(result.skipped()).extracting(GenerationFile::index).containsExactly(2);
    }
  }

  @Test
  void aPieceThatVanishesIsNamed() throws IOException, SQLException {
    try (WrittenGeneration generation = WrittenGeneration.of(folder, 512)) {
      GenerationStore store =
          new WrappedStore(generation) {
            @Override
            public ByteSource open(GenerationFile file) throws IOException {
              if (file.index() == 3) {
                throw new NoSuchFileException(file.key());
              }
              return super.open(file);
            }
          };
      assertThatThrownBy(() -> GenerationRestorer.from(store).restoreTo(restored()))
          .isInstanceOf(NoSuchFileException.class)
          .hasMessageContaining("wal/00000003_00000000");
      assertNothingIsLeft();
    }
  }

  @Test
  void theDatabaseIsCompleteOrNotThereWhicheverReadFails() throws IOException, SQLException {
    try (WrittenGeneration generation = WrittenGeneration.of(folder, 512)) {
      for (int n = 0; ; n++) {
        FaultPlan plan = FaultPlan.failingAt(n);
        GenerationStore store =
            new WrappedStore(generation) {
              @Override
              public ByteSource open(GenerationFile file) throws IOException {
                return new FaultInjectingSource(super.open(file), plan);
              }
            };
        try {
          GenerationRestorer.from(store).restoreTo(restored());
          assertThat(plan.failure()).isEmpty();
        } catch (IOException e) {
          assertThat(e).hasMessageContaining("injected");
          assertNothingIsLeft();
        }
        assertThat(plan.allClosed()).isTrue();
        if (plan.failure().isEmpty()) {
          assertThat(n).isGreaterThan(6);
          assertThat(restored()).hasBinaryContent(generation.latest());
          break;
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void theDatabaseIsCompleteOrNotThereWhicheverWriteFails(Mode mode)
      throws IOException, SQLException {
    try (WrittenGeneration generation = WrittenGeneration.of(folder, 512)) {
      GenerationStore store = DirectoryGenerations.open(generation.root);
      FaultyFileSystem files = new FaultyFileSystem(folder.getFileSystem());
      int faults = 0;
      for (boolean failed = true; failed; faults++) {
        Path target = Files.createDirectory(folder.resolve("out-" + faults)).resolve("db");
        files.failAt(faults + 1, mode);
        try {
          GenerationRestorer.from(store).restoreTo(files.wrap(target));
        } catch (IOException e) {
          assertThat(e).hasMessageContaining("injected");
        }
        failed = files.hasFailed();
        files.heal();
        if (Files.exists(target)) {
          assertThat(target).hasBinaryContent(generation.latest());
        }
      }
      assertThat(faults).isGreaterThan(10);
    }
  }

  @Test
  void anExistingDatabaseIsNotReplacedAndACancelledRestoreLeavesNothing()
      throws IOException, SQLException {
    try (WrittenGeneration generation = WrittenGeneration.of(folder, 512)) {
      GenerationStore store = DirectoryGenerations.open(generation.root);
      assertThatThrownBy(
              () -> GenerationRestorer.from(store).cancelWhen(() -> true).restoreTo(restored()))
          .isInstanceOf(CancellationException.class);
      assertNothingIsLeft();
      Files.writeString(restored(), "precious");
      assertThatThrownBy(() -> GenerationRestorer.from(store).restoreTo(restored()))
          .isInstanceOf(FileAlreadyExistsException.class);
      assertThat(restored()).hasContent("precious");
    }
  }

  @Test
  void progressEndsWithAllBytes() throws IOException, SQLException {
    try (WrittenGeneration generation = WrittenGeneration.of(folder, 512)) {
      List<GenerationProgress> reports = new ArrayList<>();
      GenerationResult result =
          GenerationRestorer.from(DirectoryGenerations.open(generation.root))
              .onProgress(reports::add)
              .restoreTo(restored());
      assertThat(reports).extracting(GenerationProgress::bytesRead).isSorted();
      GenerationProgress last = reports.get(reports.size() - 1);
      assertThat(last.bytesRead()).isEqualTo(last.size()).isEqualTo(result.plan().size());
    }
  }

  private static byte[] decompressed(Path file) throws IOException {
    try (var in = new net.jpountz.lz4.LZ4FrameInputStream(Files.newInputStream(file))) {
      return in.readAllBytes();
    }
  }

  private static class WrappedStore implements GenerationStore {
    private final GenerationStore store;

    WrappedStore(WrittenGeneration generation) {
      store = DirectoryGenerations.open(generation.root);
    }

    @Override
    public List<GenerationFile> list() throws IOException {
      return store.list();
    }

    @Override
    public ByteSource open(GenerationFile file) throws IOException {
      return store.open(file);
    }

    @Override
    public void close() throws IOException {
      store.close();
    }
  }
}

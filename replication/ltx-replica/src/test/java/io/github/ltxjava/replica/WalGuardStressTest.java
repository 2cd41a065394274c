package io.github.ltxjava.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ltxjava.Txid;
import io.github.ltxjava.WriteOptions;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writers in other processes and in this one, and checkpoints by everybody. */
class WalGuardStressTest {

  private static final long SECONDS = Long.getLong("ltx.stress.seconds", 3);

  @TempDir Path temporary;

  @Test
  void nothingIsLostWhateverWritersAndCheckpointersDo() throws Exception {
    Path folder = temporary.toRealPath();
    Path database = folder.resolve("app.db");
    Databases.create(database, 1024).close();
    List<String> losses = new ArrayList<>();
    CaptureOptions options =
        new CaptureOptions(
            WriteOptions.DEFAULT,
            WriteOptions.DEFAULT,
            60,
            1 << 20,
            64 << 10,
            InstantSource.system());
    try (LocalFolder local = LocalFolder.open(LocalFolder.of(database));
        Capture capture =
            Capture.open(
                database,
                local,
                LocalFolder.of(database),
                options,
                (txid, reason) -> losses.add(reason));
        ChildJvm first = ChildJvm.start(BusyWriter.class, database.toString(), "1");
        ChildJvm second = ChildJvm.start(BusyWriter.class, database.toString(), "2");
        Connection here = Databases.connect(database)) {
      assertThat(capture.begin(Optional.empty())).isTrue();
      Image image;
      Txid applied;
      try (Capture.Pin pin = capture.pin()) {
        image = new Image(pin.state());
        applied = pin.txid();
      }
      Random random = new Random(3);
      int done = 0;
      int checkpoints = 0;
      for (long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
          System.nanoTime() < until; ) {
        BusyWriter.step(here, random);
        if (random.nextInt(10) == 0) {
          capture.captureAll();
        }
        if (capture.isCheckpointDue() || random.nextInt(100) == 0) {
          checkpoints++;
          done += capture.checkpoint(random.nextBoolean()) == Capture.Checkpoint.DONE ? 1 : 0;
        }
        if (random.nextInt(300) == 0) {
          // A snapshot in the middle is the same as the transactions up to it.
          try (Capture.Pin pin = capture.pin()) {
            image.apply(local, applied, pin.txid());
            applied = pin.txid();
            Image snapshot = new Image(pin.state());
            assertThat(Databases.contentOf(image.writeTo(folder.resolve("copy.db"))))
                .isEqualTo(Databases.contentOf(snapshot.writeTo(folder.resolve("snapshot.db"))));
          }
        }
      }
      assertThat(Integer.parseInt(first.stop())).isPositive();
      assertThat(Integer.parseInt(second.stop())).isPositive();
      capture.captureAll();
      image.apply(local, applied, capture.txid().orElseThrow());
      assertThat(Databases.contentOf(image.writeTo(folder.resolve("copy.db"))))
          .isEqualTo(Databases.content(here));
      assertThat(losses).isEmpty();
      assertThat(checkpoints).isPositive();
      assertThat(done).isPositive();
    }
  }
}

package io.github.ltxjava.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ltxjava.Txid;
import io.github.ltxjava.testkit.FaultyFileSystem;
import io.github.ltxjava.testkit.FaultyFileSystem.Mode;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A local disk that fails, as a full one does. */
class LocalFaultTest {

  @TempDir Path temporary;

  @Test
  void everyCallToTheLocalDiskMayFail() throws IOException, SQLException {
    Path folder = temporary.toRealPath();
    for (int n = 1; ; n++) {
      Path database = folder.resolve("app-" + n + ".db");
      List<String> losses = new ArrayList<>();
      FaultyFileSystem files = new FaultyFileSystem(folder.getFileSystem());
      Path captured = files.wrap(LocalFolder.of(database));
      try (Connection writer = Databases.create(database, 4096);
          LocalFolder local = LocalFolder.open(captured);
          Capture capture =
              Capture.open(
                  database,
                  local,
                  captured,
                  CaptureOptions.DEFAULT,
                  (txid, reason) -> losses.add(reason))) {
        assertThat(capture.begin(Optional.empty())).isTrue();
        Image image;
        try (Capture.Pin pin = capture.pin()) {
          image = new Image(pin.state());
        }
        files.failAt(n, Mode.ONCE);
        Databases.run(writer, "INSERT INTO t(k, v) VALUES (1, randomblob(20000))");
        again(() -> capture.captureAll());
        Databases.run(writer, "INSERT INTO t(k, v) VALUES (2, randomblob(20000))");
        again(() -> capture.checkpoint(true));
        Databases.run(writer, "INSERT INTO t(k, v) VALUES (3, randomblob(20000))");
        again(() -> capture.captureAll());
        boolean hasFailed = files.hasFailed();
        files.heal();
        image.apply(local, Txid.of(2), capture.txid().orElseThrow());
        assertThat(Databases.contentOf(image.writeTo(folder.resolve("copy.db"))))
            .isEqualTo(Databases.content(writer));
        assertThat(losses).isEmpty();
        if (!hasFailed) {
          assertThat(n).isGreaterThan(15);
          return;
        }
      }
    }
  }

  private interface Step {
    void run() throws IOException;
  }

  private static void again(Step step) throws IOException {
    try {
      step.run();
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("injected fault");
      step.run();
    }
  }
}

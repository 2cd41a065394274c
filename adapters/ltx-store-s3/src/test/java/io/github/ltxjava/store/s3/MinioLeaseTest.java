package io.github.ltxjava.store.s3;

import io.github.ltxjava.store.LtxStore;
import io.github.ltxjava.testkit.LeaseContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Leases on MinIO, races included. */
class MinioLeaseTest extends LeaseContract {

  private static final AtomicInteger PATHS = new AtomicInteger();
  private static ServerProcess server;

  private String path = "";

  @BeforeAll
  static void startServer(@TempDir Path folder) throws IOException {
    server = Minio.start(folder);
  }

  @AfterAll
  static void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  @Override
  protected LtxStore openEmptyStore() {
    path = "lease/" + PATHS.incrementAndGet();
    return server.open(path);
  }

  @Override
  protected LtxStore openAgain() {
    return server.open(path);
  }
}

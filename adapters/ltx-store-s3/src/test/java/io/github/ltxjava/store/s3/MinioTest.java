package io.github.ltxjava.store.s3;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The store on MinIO. */
class MinioTest extends RealServerContract {

  private static ServerProcess server;

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
  ServerProcess server() {
    return server;
  }
}

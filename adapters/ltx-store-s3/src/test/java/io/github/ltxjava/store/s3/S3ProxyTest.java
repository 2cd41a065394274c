package io.github.ltxjava.store.s3;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/**
 * The store on s3proxy, whose creates are atomic. Its {@code If-Match} is not: of many who replace
 * an object at once several succeed, so there is no race for the lease here.
 */
class S3ProxyTest extends RealServerContract {

  private static final Path CLASS_PATH = Path.of("../../testing/s3proxy/target/class-path.txt");

  private static ServerProcess server;

  @BeforeAll
  static void startServer(@TempDir Path folder) throws IOException {
    assumeTrue(Files.exists(CLASS_PATH), "no s3proxy: build testing/s3proxy before, or use -am");
    Path logging =
        Files.writeString(
            folder.resolve("logback.xml"), "<configuration><root level=\"WARN\"/></configuration>");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    server =
        ServerProcess.start(
            port ->
                List.of(
                    java,
                    "-Xmx256m",
                    "-XX:TieredStopAtLevel=1",
                    "-Dlogback.configurationFile=" + logging,
                    "-cp",
                    classPath(),
                    "org.gaul.s3proxy.Main",
                    "--properties",
                    configuration(folder, port).toString()),
            Map.of(),
            folder.resolve("log"));
  }

  private static String classPath() {
    try {
      return Files.readString(CLASS_PATH);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path configuration(Path folder, int port) {
    try {
      return Files.writeString(
          folder.resolve("s3proxy.conf"),
          """
          s3proxy.endpoint=http://127.0.0.1:%d
          s3proxy.authorization=aws-v4
          s3proxy.identity=%s
          s3proxy.credential=%s
          jclouds.provider=transient-nio2
          jclouds.identity=none
          jclouds.credential=none
          """
              .formatted(port, ServerProcess.ACCESS_KEY, ServerProcess.SECRET_KEY));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
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

package io.github.ltxjava.store.s3;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** A real server of S3 on 127.0.0.1, which ends with the test. */
final class ServerProcess implements AutoCloseable {

  static final String ACCESS_KEY = "AKIATESTKIT";
  static final String SECRET_KEY = "secret-of-the-testkit";
  private static final String BUCKET = "bucket";

  private static final int MAX_WAITS = 600;

  private final Process process;
  private final Path log;
  private final int port;

  private ServerProcess(Process process, Path log, int port) {
    this.process = process;
    this.log = log;
    this.port = port;
  }

  /**
   * Starts a server, waits until it listens, and makes a bucket.
   *
   * @param command for the port that it is to listen on
   * @param log gets what it prints
   */
  static ServerProcess start(
      IntFunction<List<String>> command, Map<String, String> variables, Path log)
      throws IOException {
    int port = freePort();
    ProcessBuilder builder = new ProcessBuilder(command.apply(port));
    builder.environment().putAll(variables);
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    ServerProcess server = new ServerProcess(process, log, port);
    try {
      server.awaitListening();
      server.makeBucket();
      return server;
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, loopback())) {
      return socket.getLocalPort();
    }
  }

  private static InetAddress loopback() throws IOException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
  }

  private void awaitListening() throws IOException {
    for (int i = 0; i < MAX_WAITS; i++) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(loopback(), port));
        return;
      } catch (IOException e) {
        awaitDeath();
      }
    }
    throw new IOException("the server does not listen:\n" + Files.readString(log));
  }

  /** A moment, or the end of the process. */
  private void awaitDeath() throws IOException {
    try {
      if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("the server has ended:\n" + Files.readString(log));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** A server that listens may still say that it is not ready, which is retried. */
  private void makeBucket() throws IOException {
    S3Client client = new S3Client(S3Url.parse(URI.create("s3://" + BUCKET)), options().build());
    client.execute(S3Request.of("CreateBucket", "PUT", ""));
  }

  S3Options.Builder options() {
    return S3Options.builder()
        .environment(Map.of("HOME", "/nonexistent"))
        .endpoint(URI.create("http://127.0.0.1:" + port))
        .credentials(S3CredentialsProvider.of(S3Credentials.of(ACCESS_KEY, SECRET_KEY)));
  }

  /** Returns a URL with the endpoint as its only parameter. */
  String url(String path) {
    return "s3://" + BUCKET + "/" + path + "?endpoint=http://127.0.0.1:" + port;
  }

  S3Store open(String path) {
    return open(path, options());
  }

  S3Store open(String path, S3Options.Builder options) {
    return S3Store.open(URI.create("s3://" + BUCKET + "/" + path), options.build());
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}

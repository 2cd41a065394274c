package io.github.ltxjava.store.s3;

import io.github.ltxjava.store.internal.FlatJson;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Credentials that a service beside this process hands out, for a while each. */
final class MetadataCredentials {

  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final int MAX_ANSWER = 64 << 10;
  private static final String CONTAINER_HOST = "http://169.254.170.2";
  private static final String INSTANCE_HOST = "http://169.254.169.254";
  private static final String ROLES = "/latest/meta-data/iam/security-credentials/";

  private MetadataCredentials() {}

  static S3Credentials ofContainer(Map<String, String> environment) throws IOException {
    String relative = environment.getOrDefault("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "");
    String full = environment.getOrDefault("AWS_CONTAINER_CREDENTIALS_FULL_URI", "");
    if (relative.isEmpty() && full.isEmpty()) {
      throw new FileNotFoundException("AWS_CONTAINER_CREDENTIALS_FULL_URI is not set");
    }
    URI uri;
    try {
      uri = relative.isEmpty() ? URI.create(full) : URI.create(CONTAINER_HOST + relative);
    } catch (IllegalArgumentException e) {
      throw new IOException("the address of the container's credentials: " + e.getMessage(), e);
    }
    requireTrusted(uri);
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).GET();
    String token = environment.getOrDefault("AWS_CONTAINER_AUTHORIZATION_TOKEN", "");
    String file = environment.getOrDefault("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "");
    if (!file.isEmpty()) {
      token = Files.readString(Path.of(file), StandardCharsets.UTF_8).strip();
    }
    if (!token.isEmpty()) {
      request.header("Authorization", token);
    }
    return parse(uri, ask(newClient(), request));
  }

  /** A token must not be sent in the clear to anywhere but this machine. */
  private static void requireTrusted(URI uri) throws IOException {
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    String host = String.valueOf(uri.getHost());
    boolean local = host.equals("169.254.170.2") || host.equals("169.254.170.23");
    if (scheme.equals("http") && !local) {
      InetAddress address = InetAddress.getByName(host);
      local = address.isLoopbackAddress() || address.getHostAddress().startsWith("fd00:ec2:");
    }
    if (!scheme.equals("https") && !(scheme.equals("http") && local)) {
      throw new IOException(uri + ": credentials are fetched by https or from this machine only");
    }
  }

  static S3Credentials ofInstance(Map<String, String> environment) throws IOException {
    if (environment.getOrDefault("AWS_EC2_METADATA_DISABLED", "").equalsIgnoreCase("true")) {
      throw new FileNotFoundException("AWS_EC2_METADATA_DISABLED is set");
    }
    String host = environment.getOrDefault("AWS_EC2_METADATA_SERVICE_ENDPOINT", INSTANCE_HOST);
    if (host.endsWith("/")) {
      host = host.substring(0, host.length() - 1);
    }
    HttpClient client = newClient();
    String token;
    String role;
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(host + "/latest/api/token"))
              .PUT(HttpRequest.BodyPublishers.noBody())
              .header("X-aws-ec2-metadata-token-ttl-seconds", "21600");
      token = ask(client, request).strip();
      role = ask(client, instance(host + ROLES, token)).strip();
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      FileNotFoundException none =
          new FileNotFoundException("no metadata service at " + host + ": " + e.getMessage());
      none.initCause(e);
      throw none;
    }
    String first = role.lines().findFirst().orElse("");
    if (first.isEmpty()) {
      throw new FileNotFoundException("this machine has no role");
    }
    String address = host + ROLES + UriText.encode(first);
    return parse(URI.create(address), ask(client, instance(address, token)));
  }

  private static HttpRequest.Builder instance(String address, String token) {
    return HttpRequest.newBuilder(URI.create(address))
        .GET()
        .header("X-aws-ec2-metadata-token", token);
  }

  /** Never through a proxy, and never to where a redirect points. */
  private static HttpClient newClient() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .proxy(HttpClient.Builder.NO_PROXY)
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(TIMEOUT)
        .build();
  }

  private static String ask(HttpClient client, HttpRequest.Builder builder) throws IOException {
    HttpRequest request = builder.timeout(TIMEOUT).build();
    try {
      HttpResponse<InputStream> response =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        byte[] bytes = body.readNBytes(MAX_ANSWER + 1);
        if (response.statusCode() != 200) {
          throw new IOException(request.uri() + " answers " + response.statusCode());
        }
        if (bytes.length > MAX_ANSWER) {
          throw new IOException(request.uri() + " answers more than " + MAX_ANSWER + " bytes");
        }
        return new String(bytes, StandardCharsets.UTF_8);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while asking " + request.uri());
    }
  }

  private static S3Credentials parse(URI uri, String json) throws IOException {
    try {
      Map<String, String> fields = FlatJson.parse(json);
      String id = fields.getOrDefault("AccessKeyId", "");
      String secret = fields.getOrDefault("SecretAccessKey", "");
      if (id.isEmpty() || secret.isEmpty()) {
        throw new IOException(uri + " answers without a key: " + fields.getOrDefault("Code", ""));
      }
      return new S3Credentials(
          id,
          secret,
          Optional.ofNullable(fields.get("Token")),
          Optional.ofNullable(fields.get("Expiration")).map(Instant::parse));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new IOException(uri + " answers what is not credentials: " + e.getMessage(), e);
    }
  }
}

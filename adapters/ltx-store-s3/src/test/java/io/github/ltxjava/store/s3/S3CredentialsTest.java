package io.github.ltxjava.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ltxjava.testkit.s3.HttpAnswers;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class S3CredentialsTest {

  private static final String ANSWER =
      "{\"Code\":\"Success\",\"AccessKeyId\":\"ID\",\"SecretAccessKey\":\"SECRET\",\"Token\":\"TOKEN\","
          + "\"Expiration\":\"2026-11-25T12:00:00Z\",\"More\":{\"a\":[1,null]}}";
  private static final S3Credentials ANSWERED =
      new S3Credentials(
          "ID", "SECRET", Optional.of("TOKEN"), Optional.of(Instant.parse("2026-11-25T12:00:00Z")));
  private static final String NO_INSTANCE = "AWS_EC2_METADATA_DISABLED";

  @TempDir Path home;
  private HttpAnswers server;

  @BeforeEach
  void startServer() throws IOException {
    server = HttpAnswers.start("X-aws-ec2-metadata-token", "Authorization");
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  @Test
  void theEnvironmentComesFirst() throws IOException {
    Map<String, String> environment =
        Map.of(
            "AWS_ACCESS_KEY_ID", "a",
            "AWS_SECRET_ACCESS_KEY", "b",
            "AWS_SESSION_TOKEN", "c",
            "HOME", home.toString());
    assertThat(CredentialSources.standard(environment).get())
        .isEqualTo(new S3Credentials("a", "b", Optional.of("c"), Optional.empty()));
    assertThat(
            CredentialSources.environment(
                    Map.of("LITESTREAM_ACCESS_KEY_ID", "x", "LITESTREAM_SECRET_ACCESS_KEY", "y"))
                .get())
        .isEqualTo(S3Credentials.of("x", "y"));
  }

  @Test
  void halfAKeyIsAnError() {
    Map<String, String> environment = Map.of("AWS_ACCESS_KEY_ID", "a", "HOME", home.toString());
    assertThatThrownBy(CredentialSources.standard(environment)::get)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("AWS_SECRET_ACCESS_KEY");
  }

  @Test
  void profilesAreRead() throws IOException {
    Files.createDirectory(home.resolve(".aws"));
    Files.writeString(
        home.resolve(".aws/credentials"),
        """
        # a comment
        [default]
        aws_access_key_id = d
        aws_secret_access_key=s=with=equals

        [work]
        aws_access_key_id = w
        aws_secret_access_key = t
        aws_session_token = u
        """);
    Files.writeString(
        home.resolve(".aws/config"),
        """
        [default]
        region = eu-west-1
        s3 =
          addressing_style = path
        [profile work]
        region = eu-west-2
        [profile role]
        role_arn = arn:aws:iam::1:role/x
        source_profile = default
        [sso-session work]
        aws_access_key_id = not this
        """);
    Map<String, String> environment = Map.of("HOME", home.toString());
    AwsProfiles profiles = AwsProfiles.read(environment);
    assertThat(profiles.credentials("default")).isEqualTo(S3Credentials.of("d", "s=with=equals"));
    assertThat(profiles.credentials("work"))
        .isEqualTo(new S3Credentials("w", "t", Optional.of("u"), Optional.empty()));
    assertThat(profiles.region("work")).contains("eu-west-2");
    assertThat(profiles.region("nobody")).isEmpty();
    assertThatThrownBy(() -> profiles.credentials("nobody"))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessageContaining("nobody");
    assertThatThrownBy(() -> profiles.credentials("role")).hasMessageContaining("role_arn");
    assertThat(CredentialSources.standard(environment).get().accessKeyId()).isEqualTo("d");
    Map<String, String> work = Map.of("HOME", home.toString(), "AWS_PROFILE", "work");
    assertThat(CredentialSources.standard(work).get().accessKeyId()).isEqualTo("w");
  }

  @Test
  void aFileThatIsNotOfProfilesIsNamedWithItsLine() throws IOException {
    Path file = Files.writeString(home.resolve("keys"), "[default]\nnonsense\n");
    assertThatThrownBy(
            () -> AwsProfiles.read(Map.of("AWS_SHARED_CREDENTIALS_FILE", file.toString())))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file + ":2");
  }

  @Test
  void aContainerAsksItsEndpoint() throws IOException {
    Path token = Files.writeString(home.resolve("token"), "Bearer x\n");
    server.answer("GET /credentials/1", ANSWER);
    server.answer("GET /credentials/2 Bearer x", ANSWER);
    Map<String, String> environment = new HashMap<>(Map.of("HOME", home.toString()));
    environment.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", server.address() + "/credentials/1");
    assertThat(CredentialSources.standard(environment).get()).isEqualTo(ANSWERED);
    environment.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", server.address() + "/credentials/2");
    environment.put("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", token.toString());
    assertThat(CredentialSources.standard(environment).get()).isEqualTo(ANSWERED);
    environment.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", server.address() + "/credentials/3");
    assertThatThrownBy(CredentialSources.standard(environment)::get)
        .hasMessageContaining("answers 404");
  }

  @Test
  void aTokenIsNotSentInTheClearToSomewhereElse() {
    for (String uri : List.of("http://8.8.8.8/x", "ftp://127.0.0.1/x", "http:x")) {
      assertThatThrownBy(
              () ->
                  MetadataCredentials.ofContainer(
                      Map.of("AWS_CONTAINER_CREDENTIALS_FULL_URI", uri)))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void aMachineAsksItsMetadataServiceWithAToken() throws IOException {
    server.answer("PUT /latest/api/token", "T0K");
    server.answer("GET /latest/meta-data/iam/security-credentials/ T0K", "my role\n");
    server.answer("GET /latest/meta-data/iam/security-credentials/my%20role T0K", ANSWER);
    Map<String, String> environment =
        Map.of(
            "HOME", home.toString(), "AWS_EC2_METADATA_SERVICE_ENDPOINT", server.address() + "/");
    assertThat(CredentialSources.standard(environment).get()).isEqualTo(ANSWERED);
    server.answer(
        "GET /latest/meta-data/iam/security-credentials/my%20role T0K",
        "{\"Code\":\"AssumeRoleUnauthorizedAccess\"}");
    assertThatThrownBy(() -> MetadataCredentials.ofInstance(environment))
        .hasMessageContaining("AssumeRoleUnauthorizedAccess");
  }

  @Test
  void withoutAnythingTheErrorNamesEveryPlace() {
    Map<String, String> environment = Map.of("HOME", home.toString(), NO_INSTANCE, "true");
    assertThatThrownBy(CredentialSources.standard(environment)::get)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("AWS_ACCESS_KEY_ID")
        .hasMessageContaining("profile \"default\"")
        .hasMessageContaining("AWS_CONTAINER_CREDENTIALS_FULL_URI")
        .hasMessageContaining(NO_INSTANCE);
  }

  @Test
  void credentialsAreReplacedBeforeTheyExpire() throws IOException {
    Instant end = Instant.parse("2026-11-25T12:00:00Z");
    Instant[] now = {end.minusSeconds(3600)};
    Clock clock = clockOf(now);
    AtomicInteger fetched = new AtomicInteger();
    boolean[] broken = {false};
    CachedCredentials cached =
        new CachedCredentials(
            () -> {
              if (broken[0]) {
                throw new IOException("broken");
              }
              Instant until = now[0].plusSeconds(3600);
              String id = "id" + fetched.incrementAndGet();
              return new S3Credentials(id, "s", Optional.empty(), Optional.of(until));
            },
            clock);
    assertThat(cached.get().accessKeyId()).isEqualTo("id1");
    now[0] = end.minusSeconds(301);
    assertThat(cached.get().accessKeyId()).isEqualTo("id1");
    now[0] = end.minusSeconds(300);
    broken[0] = true;
    assertThat(cached.get().accessKeyId()).as("still valid").isEqualTo("id1");
    now[0] = end.minusSeconds(269);
    broken[0] = false;
    assertThat(cached.get().accessKeyId()).isEqualTo("id2");
    cached.invalidate();
    assertThat(cached.get().accessKeyId()).isEqualTo("id3");
    broken[0] = true;
    now[0] = now[0].plusSeconds(3600);
    assertThatThrownBy(cached::get).hasMessage("broken");
  }

  private static Clock clockOf(Instant[] now) {
    return new Clock() {
      @Override
      public Instant instant() {
        return now[0];
      }

      @Override
      public ZoneOffset getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(java.time.ZoneId zone) {
        throw new UnsupportedOperationException();
      }
    };
  }
}

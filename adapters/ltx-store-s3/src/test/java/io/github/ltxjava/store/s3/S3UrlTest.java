package io.github.ltxjava.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class S3UrlTest {

  private static final Map<String, String> NOTHING = Map.of("HOME", "/nonexistent");
  private static final String KEY = "0000/x.ltx";

  @TempDir Path home;

  @ParameterizedTest
  @CsvSource({
    "s3://bucket, bucket, ''",
    "s3://bucket/, bucket, ''",
    "s3://bucket/a/b, bucket, a/b/",
    "s3://my.bucket_x/a//b/, my.bucket_x, a/b/",
    "S3://bucket/a%20b/%C3%BC, bucket, a b/ü/",
    "s3://bucket/ignored?raw-prefix=., bucket, ./",
    "s3://bucket?raw-prefix=, bucket, /",
    "s3://bucket?raw-prefix=/a//b, bucket, /a//b/",
    "s3://arn:aws:s3:eu-west-1:123456789012:accesspoint/point, point-123456789012, ''",
    "s3://arn:aws:s3:eu-west-1:123456789012:accesspoint/point/a/b, point-123456789012, a/b/"
  })
  void aUrlNamesABucketAndAPrefix(String url, String bucket, String prefix) {
    S3Url parsed = S3Url.parse(URI.create(url));
    assertThat(parsed.bucket()).isEqualTo(bucket);
    assertThat(parsed.prefix()).isEqualTo(prefix);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://bucket/path",
        "s3:bucket",
        "s3:///path",
        "s3://user@bucket/path",
        "s3://bucket:9000/path",
        "s3://-bucket/path",
        "s3://bucket/a/../b",
        "s3://bucket/path#part",
        "s3://bucket/path?region=a&region=b",
        "s3://bucket/path?regoin=a",
        "s3://bucket/path?region=A_B",
        "s3://bucket/path?force-path-style=maybe",
        "s3://bucket/path?part-size=4MB",
        "s3://bucket/path?part-size=-1",
        "s3://bucket/path?part-size=99999999999999",
        "s3://bucket/path?concurrency=0",
        "s3://bucket/path?concurrency=many",
        "s3://bucket/path?conditions=some",
        "s3://bucket/path?sse-customer-key=c2hvcnQ=",
        "s3://bucket/path?sse-customer-algorithm=DES",
        "s3://bucket/path?endpoint=ftp://host",
        "s3://bucket/path?endpoint=http://host/path",
        "s3://bucket/path?endpoint=http://user:pw@host",
        "s3://arn:aws:s3:eu-west-1:123456789012:accesspoint/point?endpoint=localhost:1",
        "s3://arn:aws:s3::123456789012:accesspoint/multi.mrap",
        "s3://arn:aws:sqs:eu-west-1:123456789012:accesspoint/point"
      })
  void aUrlThatIsNotUnderstoodIsRefused(String url) {
    assertThatThrownBy(() -> S3Store.open(URI.create(url), S3Options.defaults()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("URL");
  }

  @Test
  void aKeyInAUrlIsNotShown() {
    assertThatThrownBy(() -> S3Url.parse(URI.create("s3://-/x?sse-customer-key=hush")))
        .hasMessageNotContaining("hush");
  }

  @ParameterizedTest
  @CsvSource({
    // AWS
    "s3://bucket/a, us-east-1, https://bucket.s3.us-east-1.amazonaws.com/0000/x.ltx",
    "s3://bucket/a?region=eu-west-2, eu-west-2, https://bucket.s3.eu-west-2.amazonaws.com/0000/x.ltx",
    "s3://bucket/a?region=cn-north-1, cn-north-1, https://bucket.s3.cn-north-1.amazonaws.com.cn/0000/x.ltx",
    "s3://my.bucket/a, us-east-1, https://s3.us-east-1.amazonaws.com/my.bucket/0000/x.ltx",
    "s3://bucket/a?force-path-style=true, us-east-1, https://s3.us-east-1.amazonaws.com/bucket/0000/x.ltx",
    "s3://arn:aws:s3:eu-west-1:123456789012:accesspoint/point/a?region=us-east-2, eu-west-1, https://point-123456789012.s3-accesspoint.eu-west-1.amazonaws.com/0000/x.ltx",
    // Elsewhere
    "s3://bucket/a?endpoint=localhost:9000, us-east-1, http://localhost:9000/bucket/0000/x.ltx",
    "s3://bucket/a?endpoint=10.1.2.3:9000, us-east-1, http://10.1.2.3:9000/bucket/0000/x.ltx",
    "s3://bucket/a?endpoint=minio.example.com, us-east-1, https://minio.example.com/bucket/0000/x.ltx",
    "s3://bucket/a?endpoint=http://[::1]:9000/, us-east-1, http://[::1]:9000/bucket/0000/x.ltx",
    "s3://bucket/a?endpoint=minio.example.com&force-path-style=false, us-east-1, https://bucket.minio.example.com/0000/x.ltx",
    "s3://bucket/a?endpoint=0123.r2.cloudflarestorage.com, auto, https://0123.r2.cloudflarestorage.com/bucket/0000/x.ltx",
    "s3://bucket/a?endpoint=s3.us-west-001.backblazeb2.com, us-west-001, https://s3.us-west-001.backblazeb2.com/bucket/0000/x.ltx",
    "s3://bucket/a?endpoint=fra1.digitaloceanspaces.com, fra1, https://bucket.fra1.digitaloceanspaces.com/0000/x.ltx",
    "s3://bucket/a?endpoint=nbg1.your-objectstorage.com, nbg1, https://nbg1.your-objectstorage.com/bucket/0000/x.ltx",
    "s3://bucket/a?endpoint=s3.nl-ams.scw.cloud, nl-ams, https://s3.nl-ams.scw.cloud/bucket/0000/x.ltx",
    "s3://bucket/a?endpoint=fly.storage.tigris.dev, auto, https://bucket.fly.storage.tigris.dev/0000/x.ltx",
    "s3://bucket/a?endpoint=storage.googleapis.com, auto, https://storage.googleapis.com/bucket/0000/x.ltx",
    "s3://bucket/a?endpoint=s3.ap-northeast-1.wasabisys.com, ap-northeast-1, https://bucket.s3.ap-northeast-1.wasabisys.com/0000/x.ltx"
  })
  void anEndpointIsWhereTheServiceHasIt(String url, String region, String address) {
    S3Endpoint endpoint = endpoint(url, NOTHING);
    assertThat(endpoint.region()).isEqualTo(region);
    assertThat(endpoint.uri(KEY, Map.of())).isEqualTo(URI.create(address));
  }

  @Test
  void aBucketIsAddressedWithoutAKey() {
    assertThat(
            endpoint("s3://bucket/a?endpoint=localhost:9", NOTHING).uri("", Map.of("delete", "")))
        .hasToString("http://localhost:9/bucket?delete=");
    assertThat(endpoint("s3://bucket/a", NOTHING).uri("", Map.of("a", "x y/z")))
        .hasToString("https://bucket.s3.us-east-1.amazonaws.com/?a=x%20y%2Fz");
  }

  @Test
  void keysAreEncoded() {
    assertThat(endpoint("s3://bucket/a", NOTHING).uri("ü b+c/%/?#", Map.of()))
        .hasToString("https://bucket.s3.us-east-1.amazonaws.com/%C3%BC%20b%2Bc/%25/%3F%23");
  }

  @Test
  void aRegionThatAServerNamesReplacesTheOther() {
    assertThat(endpoint("s3://bucket/a", NOTHING).in("sa-east-1").uri(KEY, Map.of()).getHost())
        .isEqualTo("bucket.s3.sa-east-1.amazonaws.com");
    assertThat(endpoint("s3://b/a?endpoint=localhost:9", NOTHING).in("x").uri(KEY, Map.of()))
        .hasToString("http://localhost:9/b/0000/x.ltx");
  }

  @Test
  void theRegionOfTheEnvironmentIsForAws() throws Exception {
    Map<String, String> variable = Map.of("HOME", home.toString(), "AWS_REGION", "eu-north-1");
    assertThat(endpoint("s3://bucket/a", variable).region()).isEqualTo("eu-north-1");
    assertThat(endpoint("s3://bucket/a?endpoint=x.r2.cloudflarestorage.com", variable).region())
        .isEqualTo("auto");

    Files.createDirectory(home.resolve(".aws"));
    Files.writeString(home.resolve(".aws/config"), "[profile p]\nregion = af-south-1\n");
    Map<String, String> profile = Map.of("HOME", home.toString(), "AWS_PROFILE", "p");
    assertThat(endpoint("s3://bucket/a", profile).region()).isEqualTo("af-south-1");
  }

  @Test
  void theEnvironmentNamesAnEndpointThatTheUrlOverrules() {
    Map<String, String> environment =
        Map.of("HOME", "/nonexistent", "AWS_ENDPOINT_URL_S3", "http://localhost:9000");
    assertThat(endpoint("s3://bucket/a", environment).base())
        .isEqualTo("http://localhost:9000/bucket/");
    assertThat(endpoint("s3://bucket/a?endpoint=localhost:1", environment).base())
        .isEqualTo("http://localhost:1/bucket/");
    String point = "s3://arn:aws:s3:eu-west-1:123456789012:accesspoint/point";
    assertThat(endpoint(point, environment).base())
        .isEqualTo("https://point-123456789012.s3-accesspoint.eu-west-1.amazonaws.com/");
    Map<String, String> wrong = Map.of("HOME", "/nonexistent", "AWS_ENDPOINT_URL", "http://x/y");
    assertThatThrownBy(() -> endpoint("s3://bucket/a", wrong))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("AWS_ENDPOINT_URL");
  }

  @Test
  void aCustomerKeyIsNotSentInTheClear() {
    S3Options.Builder options = S3Options.builder().environment(NOTHING).customerKey(new byte[32]);
    S3Url url = S3Url.parse(URI.create("s3://bucket/a"));
    options.endpoint(URI.create("http://example.com"));
    assertThatThrownBy(() -> S3Endpoint.of(url, options.build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("https");
    options.endpoint(URI.create("http://192.168.1.2:9000"));
    assertThat(S3Endpoint.of(url, options.build()).base()).startsWith("http://192.168.1.2:9000/");
  }

  @ParameterizedTest
  @CsvSource({
    "5242880, 5242880",
    "8MiB, 8388608",
    "8Mi, 8388608",
    "8MB, 8000000",
    "1G, 1000000000"
  })
  void aPartSizeHasAUnit(String text, int bytes) {
    assertThat(S3Options.builder().parameter("partSize", text).build().partSize).contains(bytes);
  }

  @Test
  void parametersOfLitestreamAreKnown() {
    S3Options options =
        S3Options.builder()
            .parameter("forcePathStyle", "true")
            .parameter("signPayload", "false")
            .parameter("requireContentMD5", "true")
            .parameter("putObjectContentMD5", "true")
            .parameter("sseCustomerKeyMD5", "x")
            .parameter("signAcceptEncoding", "false")
            .parameter("skipVerify", "true")
            .parameter("storageClass", "GLACIER_IR")
            .build();
    assertThat(options.pathStyle).contains(true);
    assertThat(options.signPayload).isFalse();
    assertThat(options.contentMd5).isTrue();
    assertThat(options.verifyCertificates).isFalse();
    assertThat(options.storageClass).contains("GLACIER_IR");
  }

  private static S3Endpoint endpoint(String text, Map<String, String> environment) {
    S3Url url = S3Url.parse(URI.create(text));
    S3Options.Builder options = S3Options.builder().environment(environment);
    url.parameters().forEach(options::parameter);
    return S3Endpoint.of(url, options.build());
  }
}
